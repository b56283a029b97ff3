package weir.load;

import java.nio.ByteBuffer;

/**
 * What one run sends. A trace has {@code spans} spans, spread over consecutive requests. Which traces hold an error or a
 * slow span follows from their number, so that the receiving end knows what a sampler must have kept.
 *
 * @param perRequest spans in a request
 * @param spans spans in a trace, 1 to 64
 * @param spread requests that a trace is spread over; divides {@code spans}
 * @param resources ResourceSpans in a request
 * @param errorPercent traces whose last span has status ERROR
 * @param slowPercent traces whose first span takes 3 s
 * @param paddingBytes of an extra attribute on each span, to reach a size; 0: none
 * @param mixed whether spans are servers, HTTP clients, callers of databases and producers in turn, each with the attributes
 *     of its kind, instead of servers only
 */
public record Shape(
        int perRequest,
        int spans,
        int spread,
        int resources,
        int errorPercent,
        int slowPercent,
        int paddingBytes,
        boolean mixed) {
    public Shape {
        if (spans < 1 || spans > 64 || spread < 1 || spans % spread != 0 || perRequest % (spans / spread) != 0) {
            throw new IllegalArgumentException(
                    "spans must be 1 to 64 and a multiple of spread, and spans per request a multiple of spans/spread");
        }
    }

    /** Of servers' spans only. */
    public Shape(
            int perRequest, int spans, int spread, int resources, int errorPercent, int slowPercent, int paddingBytes) {
        this(perRequest, spans, spread, resources, errorPercent, slowPercent, paddingBytes, false);
    }

    /** 512 spans a request, 8 spans a trace over 4 requests, 4 resources, 1 % errors, 1 % slow: about 340 bytes a span. */
    public static Shape usual() {
        return new Shape(512, 8, 4, 4, 1, 1, 0);
    }

    /** As usual, of mixed spans: about 350 bytes each. */
    public static Shape usualMixed() {
        return new Shape(512, 8, 4, 4, 1, 1, 0, true);
    }

    public int tracesPerGroup() {
        return perRequest / (spans / spread);
    }

    public boolean isError(long number) {
        return Long.remainderUnsigned(mix(number ^ 0xe44), 100) < errorPercent;
    }

    public boolean isSlow(long number) {
        return Long.remainderUnsigned(mix(number ^ 0x510), 100) < slowPercent;
    }

    /** The 16 bytes of a trace's id. */
    public byte[] traceId(long number, long seed) {
        return ByteBuffer.allocate(16)
                .putLong(mix(number ^ seed))
                .putLong(mix(mix(number + seed)))
                .array();
    }

    /** One well-formed request of this shape. */
    public byte[] sample() {
        return new Group(this, 0).stamp(0, 0, 1, 1_700_000_000_000_000_000L);
    }

    /** The bits of a trace of which every span has come. */
    public long whole() {
        return spans == 64 ? -1L : (1L << spans) - 1;
    }

    /** The finaliser of splitmix64: every bit of the result depends on every bit of {@code x}. */
    static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
