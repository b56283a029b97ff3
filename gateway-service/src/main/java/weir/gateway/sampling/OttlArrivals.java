package weir.gateway.sampling;

import weir.gateway.sampling.match.OttlMatcher;
import weir.otlp.TraceIndex;

/**
 * Asks in OTTL about spans that come, or lie in the log: each span of a trace in its turn, until the trace's questions are
 * answered. Belongs to who holds the shard's lock.
 */
final class OttlArrivals {
    private static final int NONE = -1;

    private final OttlMatcher matcher;
    private final long[] met;

    /** The resource and scope of the request that is taken in, where the matcher stands; {@link #NONE}: it stands elsewhere. */
    private int resource = NONE;

    private int scope = NONE;

    /** @param words of bits that summaries of traces have */
    OttlArrivals(OttlMatcher matcher, int words) {
        this.matcher = matcher;
        this.met = new long[words];
    }

    /** To be called before the spans of a request arrive. */
    void begin() {
        resource = NONE;
        scope = NONE;
    }

    /** Looks at a span of the request. */
    void arrived(TraceIndex request, int span, TraceSummary trace) {
        if (isOpen(trace)) {
            moveTo(request, request.scopeOf(span));
            matcher.span(request.bytes(), request.spanFrom(span), request.spanEnd(span), met);
            meet(trace);
        }
    }

    private void moveTo(TraceIndex request, int wanted) {
        if (wanted != scope) {
            scope = wanted;
            matcher.scope(request.bytes(), request.scopeFrom(scope), request.scopeEnd(scope));
            int of = request.resourceOf(scope);
            if (of != resource) {
                resource = of;
                matcher.resource(request.bytes(), request.resourceFrom(of), request.resourceEnd(of));
            }
        }
    }

    /** Looks at a span of the log; may be called while a request is taken in. */
    void again(byte[] segment, int record, TraceSummary trace) {
        if (isOpen(trace)) {
            begin();
            int scopeHeader = SpanLog.scope(segment, record);
            int from = SpanLog.headerFrom(scopeHeader);
            matcher.scope(segment, from, from + SpanLog.headerLength(segment, scopeHeader));
            int resourceHeader = SpanLog.resource(segment, scopeHeader);
            from = SpanLog.headerFrom(resourceHeader);
            matcher.resource(segment, from, from + SpanLog.headerLength(segment, resourceHeader));
            from = record + SpanLog.SPAN_OVERHEAD;
            matcher.span(segment, from, from + SpanLog.spanLength(segment, record), met);
            meet(trace);
        }
    }

    /** How many conditions could not be evaluated since this was called last. */
    long newErrors() {
        return matcher.newErrors();
    }

    private boolean isOpen(TraceSummary trace) {
        for (int w = 0; w < met.length; w++) {
            met[w] = trace.met(w);
        }
        return matcher.isOpen(met);
    }

    private void meet(TraceSummary trace) {
        for (int w = 0; w < met.length; w++) {
            trace.meet(w, met[w]);
        }
    }
}
