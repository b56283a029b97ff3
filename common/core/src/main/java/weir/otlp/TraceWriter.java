package weir.otlp;

/**
 * Gathers spans from anywhere into one request of traces: a resource once, then a scope once, then spans of both, as long as
 * they come together. Bytes are copied as they are. Lengths of resources and scopes are put in later, in 4 bytes that were
 * left for them, so that nothing moves. Belongs to one thread; {@link #batch} or {@link #clear} begin anew.
 */
public final class TraceWriter {
    /** The most a padded length of 4 bytes can say. */
    private static final int MAX_MESSAGE_BYTES = (1 << 28) - 1;

    private static final int LENGTH_BYTES = 4;
    private static final int CLOSED = -1;

    private final Output out;
    private int resourceMark = CLOSED;
    private int scopeMark = CLOSED;
    private int spans;

    public TraceWriter(int capacityBytes) {
        out = new Output(capacityBytes);
    }

    public void clear() {
        out.clear();
        resourceMark = CLOSED;
        scopeMark = CLOSED;
        spans = 0;
    }

    /** How many bytes the request takes so far. */
    public int size() {
        return out.size();
    }

    public int spans() {
        return spans;
    }

    /**
     * Begins a ResourceSpans.
     *
     * @param header all its fields but the scopes, as {@link TraceIndex#copyResourceHeader} gives them
     */
    public void beginResource(byte[] header, int from, int end) {
        closeResource();
        resourceMark = begin(1);
        out.put(header, from, end);
    }

    /** Begins a ResourceSpans with all fields but the scopes of one that is indexed. */
    public void beginResource(TraceIndex index, int resource) {
        closeResource();
        resourceMark = begin(1);
        int at = out.reserve(index.resourceHeaderSize(resource));
        index.copyResourceHeader(resource, out.bytes(), at);
    }

    /**
     * Begins a ScopeSpans in the resource that was begun last.
     *
     * @param header all its fields but the spans, as {@link TraceIndex#copyScopeHeader} gives them
     */
    public void beginScope(byte[] header, int from, int end) {
        closeScope();
        scopeMark = beginInResource();
        out.put(header, from, end);
    }

    /** Begins a ScopeSpans with all fields but the spans of one that is indexed. */
    public void beginScope(TraceIndex index, int scope) {
        closeScope();
        scopeMark = beginInResource();
        int at = out.reserve(index.scopeHeaderSize(scope));
        index.copyScopeHeader(scope, out.bytes(), at);
    }

    /** Adds a span to the scope that was begun last, given its fields. */
    public void span(byte[] b, int from, int end) {
        requireScope();
        out.field(2, b, from, end);
        spans++;
    }

    /**
     * Adds a span and more fields of it. Attributes are appended so; of a field that may be there once, such as the trace
     * state, the last one holds.
     */
    public void span(byte[] b, int from, int end, byte[] more, int moreFrom, int moreEnd) {
        requireScope();
        int length = end - from + moreEnd - moreFrom;
        int at = out.reserve(Wire.fieldSize(length));
        at = Wire.putField(out.bytes(), at, 2, length);
        System.arraycopy(b, from, out.bytes(), at, end - from);
        System.arraycopy(more, moreFrom, out.bytes(), at + end - from, moreEnd - moreFrom);
        spans++;
    }

    /** The request as a batch with bytes of its own; the writer begins anew. */
    public Batch batch() {
        closeResource();
        Batch batch = Batch.of(Signal.TRACES, out.toByteArray(), spans);
        clear();
        return batch;
    }

    private int beginInResource() {
        if (resourceMark == CLOSED) {
            throw new IllegalStateException("a scope outside a resource");
        }
        return begin(2);
    }

    private void requireScope() {
        if (scopeMark == CLOSED) {
            throw new IllegalStateException("a span outside a scope");
        }
    }

    private int begin(int field) {
        int at = out.reserve(1 + LENGTH_BYTES);
        out.bytes()[at] = (byte) (field << 3 | Wire.BYTES);
        return out.size();
    }

    private void closeResource() {
        closeScope();
        if (resourceMark != CLOSED) {
            close(resourceMark);
            resourceMark = CLOSED;
        }
    }

    private void closeScope() {
        if (scopeMark != CLOSED) {
            close(scopeMark);
            scopeMark = CLOSED;
        }
    }

    private void close(int mark) {
        int length = out.size() - mark;
        if (length > MAX_MESSAGE_BYTES) {
            throw new IllegalStateException("a message of " + length + " bytes; the most is " + MAX_MESSAGE_BYTES);
        }
        Wire.putPaddedVarint(out.bytes(), mark - LENGTH_BYTES, length, LENGTH_BYTES);
    }
}
