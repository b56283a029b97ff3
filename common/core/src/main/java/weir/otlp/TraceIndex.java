package weir.otlp;

import java.util.Arrays;

/**
 * Where the spans of one request of traces lie, and what samplers ask of a span first; made by one pass that also checks
 * the whole request. To be used again and again: after some requests it has grown to their size and allocates nothing.
 *
 * <p>Spans are numbered in the order they lie; a span points to its scope, a scope to its resource. A "scope" is a
 * ScopeSpans message and a "resource" a ResourceSpans message of the request, so equal ones may come twice. Offsets are
 * absolute, into {@link #bytes}. Belongs to one thread at a time.
 *
 * <pre>
 * request = (0x0a length ResourceSpans)*
 * ResourceSpans = (0x0a length Resource | 0x12 length ScopeSpans | 0x1a length schema URL)*
 * ScopeSpans = (0x0a length Scope | 0x12 length Span | 0x1a length schema URL)*
 * </pre>
 */
public final class TraceIndex {
    /** In {@link #flags}: the span's status code, 0 to 3 (unset, ok, error, unknown). */
    public static final int STATUS_MASK = 3;

    public static final int STATUS_OK = 1;
    public static final int STATUS_ERROR = 2;

    /** In {@link #flags}: the parent span id is absent, empty or all zero. */
    public static final int ROOT = 4;

    private static final int MIN_SPANS = 64;

    private byte[] bytes = {};
    private int offset;
    private int length;

    private int spans;
    private int[] spanFrom = new int[MIN_SPANS];
    private int[] spanEnd = new int[MIN_SPANS];
    private int[] spanScope = new int[MIN_SPANS];
    private int[] spanFlags = new int[MIN_SPANS];
    private long[] ids = new long[2 * MIN_SPANS];
    private long[] times = new long[2 * MIN_SPANS];

    private int scopes;
    private int[] scopeFrom = new int[8];
    private int[] scopeEnd = new int[8];
    private int[] scopeResource = new int[8];

    private int resources;
    private int[] resourceFrom = new int[8];
    private int[] resourceEnd = new int[8];

    /** The array that was indexed; empty before the first use. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public int spans() {
        return spans;
    }

    public int scopes() {
        return scopes;
    }

    public int resources() {
        return resources;
    }

    /** Where the fields of a span begin, after its tag and length. */
    public int spanFrom(int span) {
        return spanFrom[span];
    }

    /** Where a span ends, exclusive. */
    public int spanEnd(int span) {
        return spanEnd[span];
    }

    /** The number of the scope that a span lies in. */
    public int scopeOf(int span) {
        return spanScope[span];
    }

    /** {@link #STATUS_MASK} and {@link #ROOT}. */
    public int flags(int span) {
        return spanFlags[span];
    }

    /** The first 8 bytes of the trace id, most significant first; 0 when it has none. */
    public long traceIdHigh(int span) {
        return ids[2 * span];
    }

    /** The last 8 bytes of the trace id. */
    public long traceIdLow(int span) {
        return ids[2 * span + 1];
    }

    /** Unix nanoseconds, unsigned; 0 when not given. */
    public long startNanos(int span) {
        return times[2 * span];
    }

    /** Unix nanoseconds, unsigned; 0 when not given. */
    public long endNanos(int span) {
        return times[2 * span + 1];
    }

    /** Where the fields of a ScopeSpans begin. */
    public int scopeFrom(int scope) {
        return scopeFrom[scope];
    }

    public int scopeEnd(int scope) {
        return scopeEnd[scope];
    }

    /** The number of the resource that a scope lies in. */
    public int resourceOf(int scope) {
        return scopeResource[scope];
    }

    /** Where the fields of a ResourceSpans begin. */
    public int resourceFrom(int resource) {
        return resourceFrom[resource];
    }

    public int resourceEnd(int resource) {
        return resourceEnd[resource];
    }

    /**
     * Walks and checks a request.
     *
     * @throws MalformedOtlpException if it is no well-formed ExportTraceServiceRequest; the index is then empty
     */
    public void index(byte[] b, int from, int requestLength) throws MalformedOtlpException {
        bytes = b;
        offset = from;
        length = requestLength;
        spans = 0;
        scopes = 0;
        resources = 0;
        boolean whole = false;
        try {
            request(b, from, from + requestLength);
            whole = true;
        } finally {
            if (!whole) {
                spans = 0;
                scopes = 0;
                resources = 0;
            }
        }
    }

    private void request(byte[] b, int from, int end) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if (tag == (1 << 3 | Wire.BYTES)) {
                int value = Wire.afterVarint(b, after, end);
                at = value + Wire.length(b, after, value, end);
                resourceSpans(b, value, at);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            }
        }
    }

    private void resourceSpans(byte[] b, int from, int end) throws MalformedOtlpException {
        int resource = addResource(from, end);
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag > (3 << 3 | Wire.BYTES)) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> Shape.RESOURCE.check(b, value, at, 3);
                case 2 -> scopeSpans(b, value, at, resource);
                default -> Utf8.check(b, value, at);
            }
        }
    }

    private void scopeSpans(byte[] b, int from, int end, int resource) throws MalformedOtlpException {
        int scope = addScope(from, end, resource);
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag > (3 << 3 | Wire.BYTES)) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> Shape.SCOPE.check(b, value, at, 4);
                case 2 -> span(b, value, at, scope);
                default -> Utf8.check(b, value, at);
            }
        }
    }

    private void span(byte[] b, int from, int end, int scope) throws MalformedOtlpException {
        long high = 0;
        long low = 0;
        long start = 0;
        long stop = 0;
        int status = 0;
        boolean root = true;
        int at = from;
        while (at < end) {
            int tag = b[at];
            int after = at + 1;
            if (tag < 8) {
                after = Wire.afterVarint(b, at, end);
                tag = Wire.tag(b, at, after);
            }
            if ((tag & 7) == Wire.BYTES && tag < (16 << 3)) {
                int value = after + 1;
                int size = after < end ? b[after] : -1;
                if (size < 0 || size > end - value) {
                    value = Wire.afterVarint(b, after, end);
                    size = Wire.length(b, after, value, end);
                }
                at = value + size;
                switch (tag >>> 3) {
                    case 1 -> {
                        Shape.checkId(size, 16, value);
                        high = size == 0 ? 0 : Wire.bigEndian64(b, value);
                        low = size == 0 ? 0 : Wire.bigEndian64(b, value + 8);
                    }
                    case 2 -> Shape.checkId(size, 8, value);
                    case 4 -> {
                        Shape.checkId(size, 8, value);
                        root = size == 0 || Wire.fixed64(b, value) == 0;
                    }
                    case 3, 5 -> Utf8.check(b, value, at);
                    case 9 -> Shape.KEY_VALUE.check(b, value, at, 5);
                    case 11 -> Shape.EVENT.check(b, value, at, 5);
                    case 13 -> Shape.LINK.check(b, value, at, 5);
                    case 15 -> {
                        Shape.STATUS.check(b, value, at, 5);
                        status = statusCode(b, value, at, status);
                    }
                    default -> {}
                }
            } else if (tag == (7 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                start = Wire.fixed64(b, after);
            } else if (tag == (8 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                stop = Wire.fixed64(b, after);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            }
        }
        int i = addSpan(from, end, scope, status | (root ? ROOT : 0));
        ids[2 * i] = high;
        ids[2 * i + 1] = low;
        times[2 * i] = start;
        times[2 * i + 1] = stop;
    }

    /** The code of a status that was checked; of a status given in parts, the last code holds, as protobuf merges. */
    private static int statusCode(byte[] b, int from, int end, int before) throws MalformedOtlpException {
        int code = before;
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            if (tag == (3 << 3 | Wire.VARINT)) {
                long value = Wire.varint(b, after, at);
                code = value < 0 || value > STATUS_ERROR ? STATUS_MASK : (int) value;
            }
        }
        return code;
    }

    private int addSpan(int from, int end, int scope, int flags) {
        int i = spans++;
        if (i == spanFrom.length) {
            int more = 2 * i;
            spanFrom = Arrays.copyOf(spanFrom, more);
            spanEnd = Arrays.copyOf(spanEnd, more);
            spanScope = Arrays.copyOf(spanScope, more);
            spanFlags = Arrays.copyOf(spanFlags, more);
            ids = Arrays.copyOf(ids, 2 * more);
            times = Arrays.copyOf(times, 2 * more);
        }
        spanFrom[i] = from;
        spanEnd[i] = end;
        spanScope[i] = scope;
        spanFlags[i] = flags;
        return i;
    }

    private int addScope(int from, int end, int resource) {
        int i = scopes++;
        if (i == scopeFrom.length) {
            scopeFrom = Arrays.copyOf(scopeFrom, 2 * i);
            scopeEnd = Arrays.copyOf(scopeEnd, 2 * i);
            scopeResource = Arrays.copyOf(scopeResource, 2 * i);
        }
        scopeFrom[i] = from;
        scopeEnd[i] = end;
        scopeResource[i] = resource;
        return i;
    }

    private int addResource(int from, int end) {
        int i = resources++;
        if (i == resourceFrom.length) {
            resourceFrom = Arrays.copyOf(resourceFrom, 2 * i);
            resourceEnd = Arrays.copyOf(resourceEnd, 2 * i);
        }
        resourceFrom[i] = from;
        resourceEnd[i] = end;
        return i;
    }
}
