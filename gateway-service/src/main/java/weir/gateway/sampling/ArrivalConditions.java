package weir.gateway.sampling;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.gateway.sampling.match.OttlMatcher;
import weir.gateway.sampling.match.OttlQuestion;
import weir.gateway.sampling.match.SpanCondition;
import weir.gateway.sampling.match.SpanMatcher;
import weir.otlp.SpanView;
import weir.otlp.TraceIndex;
import weir.ottl.Environment;

/**
 * What policies ask when a span comes, while its bytes are hot: the answers of all spans of a trace are OR-ed into the bits
 * of {@link TraceSummary}, one bit a condition, so that a decision reads no span. Belongs to who holds the shard's lock.
 */
final class ArrivalConditions {
    /** The most that can be asked; see {@link TraceTable}. */
    static final int MAX_CONDITIONS = 1024;

    /**
     * The trace's duration lies in a range, at some time while its spans come.
     *
     * @param minNanos inclusive
     * @param maxNanos inclusive
     */
    record Duration(long minNanos, long maxNanos) {}

    /** Gathers what policies ask; equal conditions share a bit. */
    static final class Builder {
        private final Map<SpanCondition, Integer> spans = new LinkedHashMap<>();
        private final Map<Duration, Integer> durations = new LinkedHashMap<>();
        private final Map<OttlQuestion, Integer> ottl = new LinkedHashMap<>();
        private final Environment environment;
        private int size;

        /** @param environment what OTTL takes from outside of spans */
        Builder(Environment environment) {
            this.environment = environment;
        }

        /** The number of the condition's bit. */
        int bit(SpanCondition condition) {
            return spans.computeIfAbsent(condition, c -> size++);
        }

        /** The number of the condition's bit. */
        int bit(Duration condition) {
            return durations.computeIfAbsent(condition, c -> size++);
        }

        /** The number of the first of the question's bits. */
        int bit(OttlQuestion question) {
            return ottl.computeIfAbsent(question, q -> {
                int first = size;
                size += q.bits();
                return first;
            });
        }

        ArrivalConditions build() {
            return new ArrivalConditions(this);
        }
    }

    private final int words;
    private final SpanMatcher matcher;
    private final Duration[] durations;
    private final int[] durationBits;
    /** Null if nothing is asked in OTTL. */
    private final @Nullable OttlArrivals ottl;

    private final long[] met;

    /** What the resources of the request that is taken in meet, and for which request that was found. */
    private long[] resourceMet = {};

    private int[] resourceStamp = {};
    private int stamp;

    private final SpanView view = new SpanView();
    private int[] chain = new int[64];

    private ArrivalConditions(Builder builder) {
        words = Math.max(1, (builder.size + Long.SIZE - 1) / Long.SIZE);
        matcher = new SpanMatcher(builder.spans, words);
        durations = builder.durations.keySet().toArray(Duration[]::new);
        durationBits =
                builder.durations.values().stream().mapToInt(Integer::intValue).toArray();
        ottl = builder.ottl.isEmpty()
                ? null
                : new OttlArrivals(new OttlMatcher(builder.ottl, words, builder.environment), words);
        met = new long[words];
    }

    /** How many words of bits there are. */
    int words() {
        return words;
    }

    boolean isEmpty() {
        return durations.length == 0 && !matcher.asksSpans() && ottl == null;
    }

    /** To be called before the spans of a request arrive. */
    void begin(TraceIndex request) {
        stamp++;
        if (ottl != null) {
            ottl.begin();
        }
        if (matcher.asksResources() && resourceStamp.length < request.resources()) {
            resourceStamp = new int[request.resources() * 2];
            resourceMet = new long[resourceStamp.length * words];
        }
    }

    /** Looks at a span of the request that was added to the summary of its trace. */
    void arrived(TraceIndex request, int span, TraceSummary trace) {
        durations(trace);
        if (ottl != null) {
            ottl.arrived(request, span, trace);
        }
        if (!isOpen(trace)) {
            return;
        }
        Arrays.fill(met, 0);
        if (matcher.asksResources()) {
            int resource = request.resourceOf(request.scopeOf(span));
            int at = resource * words;
            if (resourceStamp[resource] != stamp) {
                resource(request, resource, at);
            }
            for (int w = 0; w < words; w++) {
                met[w] = resourceMet[at + w];
            }
        }
        matcher.span(request.bytes(), request.spanFrom(span), request.spanEnd(span), met);
        meet(trace);
    }

    private void resource(TraceIndex request, int resource, int at) {
        matcher.resource(request.bytes(), request.resourceFrom(resource), request.resourceEnd(resource), met);
        System.arraycopy(met, 0, resourceMet, at, words);
        resourceStamp[resource] = stamp;
        Arrays.fill(met, 0);
    }

    /** Looks at all spans of a trace once more: its bits were found for other conditions. */
    void again(SpanLog log, TraceSummary trace) {
        trace.clearMet();
        int n = 0;
        for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(log.bytesOf(p), log.offset(p))) {
            if (n == chain.length) {
                chain = Arrays.copyOf(chain, 2 * n);
            }
            chain[n++] = p;
        }
        while (n > 0) {
            int position = chain[--n];
            again(log.bytesOf(position), log.offset(position), trace);
        }
    }

    /** Where the newest span of a trace lies that meets a condition, or {@link SpanLog#NOWHERE}. */
    int find(SpanLog log, TraceSummary trace, int bit) {
        int position = trace.newest();
        while (position != SpanLog.NOWHERE) {
            byte[] segment = log.bytesOf(position);
            int record = log.offset(position);
            Arrays.fill(met, 0);
            match(segment, record);
            if ((met[bit >>> 6] & 1L << bit) != 0) {
                return position;
            }
            position = SpanLog.previous(segment, record);
        }
        return SpanLog.NOWHERE;
    }

    private void again(byte[] segment, int record, TraceSummary trace) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(segment, record);
        view.reset(segment, from, end);
        trace.times(view.startNanos(), view.endNanos());
        durations(trace);
        if (ottl != null) {
            ottl.again(segment, record, trace);
        }
        if (!isOpen(trace)) {
            return;
        }
        Arrays.fill(met, 0);
        match(segment, record);
        meet(trace);
    }

    /** How many OTTL conditions could not be evaluated since this was called last. */
    long newErrors() {
        return ottl == null ? 0 : ottl.newErrors();
    }

    /** Whether a span meets a condition by itself, not by its resource. */
    boolean meets(byte[] segment, int record, int bit) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        Arrays.fill(met, 0);
        matcher.span(segment, from, from + SpanLog.spanLength(segment, record), met);
        return (met[bit >>> 6] & 1L << bit) != 0;
    }

    private void match(byte[] segment, int record) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        if (matcher.asksResources()) {
            int header = SpanLog.resource(segment, SpanLog.scope(segment, record));
            int begin = SpanLog.headerFrom(header);
            matcher.resource(segment, begin, begin + SpanLog.headerLength(segment, header), met);
        }
        matcher.span(segment, from, from + SpanLog.spanLength(segment, record), met);
    }

    /** Looks at the trace's duration after one more of its spans. */
    void durations(TraceSummary trace) {
        if (durations.length > 0) {
            long nanos = trace.durationNanos();
            for (int i = 0; i < durations.length; i++) {
                if (nanos >= durations[i].minNanos && nanos <= durations[i].maxNanos) {
                    trace.meet(durationBits[i]);
                }
            }
        }
    }

    private boolean isOpen(TraceSummary trace) {
        for (int w = 0; w < words; w++) {
            if ((matcher.bits(w) & ~trace.met(w)) != 0) {
                return true;
            }
        }
        return false;
    }

    private void meet(TraceSummary trace) {
        for (int w = 0; w < words; w++) {
            if (met[w] != 0) {
                trace.meet(w, met[w]);
            }
        }
    }
}
