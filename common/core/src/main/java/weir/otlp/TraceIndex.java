package weir.otlp;

import java.util.Arrays;

/**
 * Where the spans of one request of traces lie, and what samplers ask of a span first; made by one pass that also checks
 * the whole request. To be used again and again: after some requests it has grown to their size and allocates nothing.
 *
 * <p>Spans are numbered in the order they lie; a span points to its scope, a scope to its resource. A "scope" is a
 * ScopeSpans message and a "resource" a ResourceSpans message of the request, so equal ones may come twice. Offsets are
 * absolute, into {@link #bytes}. Spans of one scope have consecutive numbers, and so have scopes of one resource. Belongs
 * to one thread at a time.
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

    /**
     * How many spans, scopes or resources one request may hold: an empty span takes 2 bytes on the wire and 52 in here, so
     * that a small hostile request would otherwise claim much memory. Honest spans of this number weigh above 20 MB.
     */
    public static final int MAX_SPANS = 1 << 18;

    private static final int MIN_SPANS = 64;

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int offset;
    private int length;

    private int spans;
    private int[] spanStart = new int[MIN_SPANS];
    private int[] spanFrom = new int[MIN_SPANS];
    private int[] spanEnd = new int[MIN_SPANS];
    private int[] spanScope = new int[MIN_SPANS];
    private int[] spanFlags = new int[MIN_SPANS];
    private long[] ids = new long[2 * MIN_SPANS];
    private long[] times = new long[2 * MIN_SPANS];

    private int scopes;
    private int[] scopeStart = new int[8];
    private int[] scopeFirstSpan = new int[8];
    private int[] scopeFrom = new int[8];
    private int[] scopeEnd = new int[8];
    private int[] scopeResource = new int[8];

    private int resources;
    private int[] resourceStart = new int[8];
    private int[] resourceFirstScope = new int[8];
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

    /** Where a span's tag lies: from here to {@link #spanEnd} it can be copied as it is. */
    public int spanStart(int span) {
        return spanStart[span];
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

    /** Where the tag of a ScopeSpans lies. */
    public int scopeStart(int scope) {
        return scopeStart[scope];
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

    /** The first span of a scope; {@code firstSpan(scopes())} is {@link #spans}. */
    public int firstSpan(int scope) {
        return scope == scopes ? spans : scopeFirstSpan[scope];
    }

    /** The first scope of a resource; {@code firstScope(resources())} is {@link #scopes}. */
    public int firstScope(int resource) {
        return resource == resources ? scopes : resourceFirstScope[resource];
    }

    /** Where the tag of a ResourceSpans lies. */
    public int resourceStart(int resource) {
        return resourceStart[resource];
    }

    /** Where the fields of a ResourceSpans begin. */
    public int resourceFrom(int resource) {
        return resourceFrom[resource];
    }

    public int resourceEnd(int resource) {
        return resourceEnd[resource];
    }

    /** How many bytes all fields of a ResourceSpans take but its scopes. */
    public int resourceHeaderSize(int resource) {
        int size = resourceEnd[resource] - resourceFrom[resource];
        for (int scope = firstScope(resource); scope < firstScope(resource + 1); scope++) {
            size -= scopeEnd[scope] - scopeStart[scope];
        }
        return size;
    }

    /** How many bytes all fields of a ScopeSpans take but its spans. */
    public int scopeHeaderSize(int scope) {
        int size = scopeEnd[scope] - scopeFrom[scope];
        for (int span = firstSpan(scope); span < firstSpan(scope + 1); span++) {
            size -= spanEnd[span] - spanStart[span];
        }
        return size;
    }

    /** Copies all fields of a ResourceSpans but its scopes, as they are, and gives the offset after them. */
    public int copyResourceHeader(int resource, byte[] out, int offset) {
        int to = offset;
        int from = resourceFrom[resource];
        for (int scope = firstScope(resource); scope < firstScope(resource + 1); scope++) {
            to = copy(from, scopeStart[scope], out, to);
            from = scopeEnd[scope];
        }
        return copy(from, resourceEnd[resource], out, to);
    }

    /** Copies all fields of a ScopeSpans but its spans, as they are, and gives the offset after them. */
    public int copyScopeHeader(int scope, byte[] out, int offset) {
        int to = offset;
        int from = scopeFrom[scope];
        for (int span = firstSpan(scope); span < firstSpan(scope + 1); span++) {
            to = copy(from, spanStart[span], out, to);
            from = spanEnd[span];
        }
        return copy(from, scopeEnd[scope], out, to);
    }

    private int copy(int from, int end, byte[] out, int to) {
        if (from < end) {
            System.arraycopy(bytes, from, out, to, end - from);
        }
        return to + end - from;
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
        try {
            request(b, from, from + requestLength);
        } catch (MalformedOtlpException e) {
            clear();
            throw e.relativeTo(from);
        }
    }

    /** Forgets the request, so that its bytes can be collected; what was allocated is kept. */
    public void clear() {
        bytes = NONE;
        offset = 0;
        length = 0;
        spans = 0;
        scopes = 0;
        resources = 0;
    }

    /** How many spans fit without growing. */
    int capacity() {
        return spanFrom.length;
    }

    private void request(byte[] b, int from, int end) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if (tag == (1 << 3 | Wire.BYTES)) {
                int value = Wire.afterVarint(b, after, end);
                at = value + Wire.length(b, after, value, end);
                resourceSpans(b, tagAt, value, at);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            }
        }
    }

    private void resourceSpans(byte[] b, int start, int from, int end) throws MalformedOtlpException {
        int resource = addResource(start, from, end);
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag >>> 3 > 3) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 1);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> Shape.RESOURCE.check(b, value, at, 2);
                case 2 -> scopeSpans(b, tagAt, value, at, resource);
                default -> Utf8.check(b, value, at);
            }
        }
    }

    private void scopeSpans(byte[] b, int start, int from, int end, int resource) throws MalformedOtlpException {
        int scope = addScope(start, from, end, resource);
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag >>> 3 > 3) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 2);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> Shape.SCOPE.check(b, value, at, 3);
                case 2 -> span(b, tagAt, value, at, scope);
                default -> Utf8.check(b, value, at);
            }
        }
    }

    private void span(byte[] b, int start, int from, int end, int scope) throws MalformedOtlpException {
        long high = 0;
        long low = 0;
        long began = 0;
        long ended = 0;
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
                    case 9 -> Shape.keyValue(b, value, at, 4);
                    case 11 -> Shape.EVENT.check(b, value, at, 4);
                    case 13 -> Shape.LINK.check(b, value, at, 4);
                    case 15 -> {
                        Shape.STATUS.check(b, value, at, 4);
                        status = statusCode(b, value, at, status);
                    }
                    default -> {}
                }
            } else if (tag == (7 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                began = Wire.fixed64(b, after);
            } else if (tag == (8 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                ended = Wire.fixed64(b, after);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 3);
            }
        }
        int i = addSpan(start, from, end, scope, status | (root ? ROOT : 0));
        ids[2 * i] = high;
        ids[2 * i + 1] = low;
        times[2 * i] = began;
        times[2 * i + 1] = ended;
    }

    /** The code of a status that was checked; of a status given in parts, the last code holds, as protobuf merges. */
    private static int statusCode(byte[] b, int from, int end, int before) throws MalformedOtlpException {
        int code = before;
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 4);
            if (tag == (3 << 3 | Wire.VARINT)) {
                long value = Wire.varint(b, after, at);
                code = value < 0 || value > STATUS_ERROR ? STATUS_MASK : (int) value;
            }
        }
        return code;
    }

    private int addSpan(int start, int from, int end, int scope, int flags) throws MalformedOtlpException {
        int i = spans;
        if (i == spanFrom.length) {
            growSpans(grown(i, start));
        }
        spans = i + 1;
        spanStart[i] = start;
        spanFrom[i] = from;
        spanEnd[i] = end;
        spanScope[i] = scope;
        spanFlags[i] = flags;
        return i;
    }

    private void growSpans(int more) {
        spanStart = Arrays.copyOf(spanStart, more);
        spanFrom = Arrays.copyOf(spanFrom, more);
        spanEnd = Arrays.copyOf(spanEnd, more);
        spanScope = Arrays.copyOf(spanScope, more);
        spanFlags = Arrays.copyOf(spanFlags, more);
        ids = Arrays.copyOf(ids, 2 * more);
        times = Arrays.copyOf(times, 2 * more);
    }

    private int addScope(int start, int from, int end, int resource) throws MalformedOtlpException {
        int i = scopes;
        if (i == scopeFrom.length) {
            int more = grown(i, start);
            scopeStart = Arrays.copyOf(scopeStart, more);
            scopeFrom = Arrays.copyOf(scopeFrom, more);
            scopeEnd = Arrays.copyOf(scopeEnd, more);
            scopeResource = Arrays.copyOf(scopeResource, more);
            scopeFirstSpan = Arrays.copyOf(scopeFirstSpan, more);
        }
        scopes = i + 1;
        scopeStart[i] = start;
        scopeFrom[i] = from;
        scopeEnd[i] = end;
        scopeResource[i] = resource;
        scopeFirstSpan[i] = spans;
        return i;
    }

    private int addResource(int start, int from, int end) throws MalformedOtlpException {
        int i = resources;
        if (i == resourceFrom.length) {
            int more = grown(i, start);
            resourceStart = Arrays.copyOf(resourceStart, more);
            resourceFrom = Arrays.copyOf(resourceFrom, more);
            resourceEnd = Arrays.copyOf(resourceEnd, more);
            resourceFirstScope = Arrays.copyOf(resourceFirstScope, more);
        }
        resources = i + 1;
        resourceStart[i] = start;
        resourceFrom[i] = from;
        resourceEnd[i] = end;
        resourceFirstScope[i] = scopes;
        return i;
    }

    private static int grown(int size, int at) throws MalformedOtlpException {
        if (size >= MAX_SPANS) {
            throw new MalformedOtlpException(
                    "more than " + MAX_SPANS + " spans, scopes or resources in one request", at);
        }
        return 2 * size;
    }
}
