package weir.otlp;

import java.util.Arrays;

/**
 * Where the spans of one request of traces lie, and what samplers ask of a span first; made by one pass ({@link TraceWalk}) that also
 * checks the whole request. To be used again and again: after some requests it has grown to their size and allocates nothing.
 *
 * <p>Spans are numbered in the order they lie; a span points to its scope, a scope to its resource. A "scope" is a
 * ScopeSpans message and a "resource" a ResourceSpans message of the request, so equal ones may come twice. Offsets are
 * absolute, into {@link #bytes}. Spans of one scope have consecutive numbers, and so have scopes of one resource. Belongs
 * to one thread at a time.
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
        index(b, from, requestLength, true);
    }

    /**
     * Walks a request that was made of one that was checked, and does not look into what is not indexed.
     *
     * @throws MalformedOtlpException if it holds more than {@link #MAX_SPANS}; the index is then empty
     */
    public void indexChecked(byte[] b, int from, int requestLength) throws MalformedOtlpException {
        index(b, from, requestLength, false);
    }

    private void index(byte[] b, int from, int requestLength, boolean checks) throws MalformedOtlpException {
        bytes = b;
        offset = from;
        length = requestLength;
        spans = 0;
        scopes = 0;
        resources = 0;
        try {
            TraceWalk.request(this, b, from, from + requestLength, checks);
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

    /** Begins a span that lies in the scope that was begun last; its ids and times are set next. */
    int addSpan(int start, int from, int end, int scope, int flags) throws MalformedOtlpException {
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

    void identify(int span, long traceIdHigh, long traceIdLow, long startNanos, long endNanos) {
        ids[2 * span] = traceIdHigh;
        ids[2 * span + 1] = traceIdLow;
        times[2 * span] = startNanos;
        times[2 * span + 1] = endNanos;
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

    /** Begins a scope that lies in the resource that was begun last. */
    int addScope(int start, int from, int end, int resource) throws MalformedOtlpException {
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

    /** Begins a resource. */
    int addResource(int start, int from, int end) throws MalformedOtlpException {
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
