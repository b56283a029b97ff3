package weir.gateway.sampling;

import weir.otlp.MalformedOtlpException;
import weir.otlp.Wire;

/**
 * Keeps traces as long as they do not exceed so many spans or bytes a second. A trace is charged when it is asked about, whether
 * or not another policy keeps it anyway.
 */
final class RateLimit implements SamplingPolicy {
    /** What is limited. */
    enum Unit {
        SPANS,
        BYTES
    }

    private static final int SCHEMA_URL = 3 << 3 | Wire.BYTES;
    private static final int SPAN_PARENT = 4 << 3 | Wire.BYTES;
    private static final int SPAN_STATUS = 15 << 3 | Wire.BYTES;

    private final Unit unit;
    private final TokenBucket bucket;

    RateLimit(Unit unit, TokenBucket bucket) {
        this.unit = unit;
        this.bucket = bucket;
    }

    Unit unit() {
        return unit;
    }

    @Override
    public Vote vote(TraceSummary trace, DecisionContext context) {
        long cost = unit == Unit.SPANS ? trace.spans() : size(trace, context.log);
        return Vote.of(bucket.take(cost, context.nanos()));
    }

    @Override
    public void continueFrom(SamplingPolicy former) {
        if (former instanceof RateLimit other) {
            bucket.continueFrom(other.bucket);
        }
    }

    /**
     * What the trace takes as a message: one ResourceSpans for each resource of each request that brought some of it, without
     * schema URLs, as the collector reckons.
     */
    static long size(TraceSummary trace, SpanLog log) {
        long total = 0;
        long resourceSize = 0;
        long scopeSize = 0;
        byte[] segment = {};
        int scope = SpanLog.NOWHERE;
        for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(segment, log.offset(p))) {
            byte[] before = segment;
            segment = log.bytesOf(p);
            int at = SpanLog.scope(segment, log.offset(p));
            boolean sameSegment = isSame(before, segment);
            if (!sameSegment || at != scope) {
                resourceSize += field(scopeSize);
                int resource = SpanLog.resource(segment, at);
                if (!sameSegment || resource != SpanLog.resource(segment, scope)) {
                    total += field(resourceSize);
                    resourceSize = header(segment, resource);
                }
                scopeSize = header(segment, at);
                scope = at;
            }
            scopeSize += field(span(segment, log.offset(p)));
        }
        return total + field(resourceSize + field(scopeSize));
    }

    @SuppressWarnings("ReferenceEquality") // The very segment.
    private static boolean isSame(byte[] a, byte[] b) {
        return a == b;
    }

    private static long field(long size) {
        return size == 0 ? 0 : 1 + Wire.varintSize(size) + size;
    }

    /** What a span takes; a parent or status that is not there counts as an empty one. */
    private static long span(byte[] b, int record) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(b, record);
        boolean parent = false;
        boolean status = false;
        try {
            int at = from;
            while (at < end) {
                int after = Wire.afterVarint(b, at, end);
                int tag = Wire.tag(b, at, after);
                parent |= tag == SPAN_PARENT;
                status |= tag == SPAN_STATUS;
                at = Wire.skip(b, after, end, tag, Long.SIZE);
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a span that was well-formed when it came", e);
        }
        return end - from + (parent ? 0L : 2) + (status ? 0 : 2);
    }

    /** What a header takes without its schema URL; a resource or scope that is not there counts as an empty one. */
    private static long header(byte[] b, int header) {
        int from = SpanLog.headerFrom(header);
        int end = from + SpanLog.headerLength(b, header);
        long size = from == end ? 2 : 0;
        try {
            int at = from;
            while (at < end) {
                int after = Wire.afterVarint(b, at, end);
                int tag = Wire.tag(b, at, after);
                int next = Wire.skip(b, after, end, tag, Long.SIZE);
                size += tag == SCHEMA_URL ? 0 : next - at;
                at = next;
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a header that was well-formed when it came", e);
        }
        return size;
    }
}
