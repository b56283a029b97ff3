package weir.otlp;

/**
 * A ResourceSpans, ResourceMetrics or ResourceLogs, or a ScopeSpans, ScopeMetrics or ScopeLogs: six messages that are laid
 * out alike, with a head (Resource or InstrumentationScope, field 1), what lies below (2) and a schema URL (3). To be used
 * again; belongs to one thread.
 */
public final class ResourceView {
    private static final byte[] NONE = {};

    private final FieldCursor fields = new FieldCursor();
    private byte[] bytes = NONE;
    private int headFrom;
    private int headEnd;
    private int schemaUrlFrom;
    private int schemaUrlEnd;

    /** Looks at the message whose fields lie here, in bytes that were checked. */
    public ResourceView reset(byte[] b, int from, int end) {
        bytes = b;
        headFrom = from;
        headEnd = from;
        schemaUrlFrom = from;
        schemaUrlEnd = from;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                headFrom = fields.from();
                headEnd = fields.end();
            } else if (fields.isBytes(3)) {
                schemaUrlFrom = fields.from();
                schemaUrlEnd = fields.end();
            }
        }
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the fields of the Resource or InstrumentationScope begin; an absent one is empty. */
    public int headFrom() {
        return headFrom;
    }

    /** Where they end, exclusive. */
    public int headEnd() {
        return headEnd;
    }

    public int schemaUrlFrom() {
        return schemaUrlFrom;
    }

    public int schemaUrlEnd() {
        return schemaUrlEnd;
    }

    /** Puts a cursor before the attributes of the Resource. */
    public AttributeCursor resourceAttributes(AttributeCursor cursor) {
        return cursor.reset(bytes, headFrom, headEnd, Fields.RESOURCE_ATTRIBUTES);
    }

    /** Puts a cursor before the attributes of the InstrumentationScope. */
    public AttributeCursor scopeAttributes(AttributeCursor cursor) {
        return cursor.reset(bytes, headFrom, headEnd, Fields.SCOPE_ATTRIBUTES);
    }

    /** The name of the InstrumentationScope, or an empty text. */
    public ValueRange scopeName(ValueRange range) {
        return scopeText(range, 1);
    }

    /** The version of the InstrumentationScope, or an empty text. */
    public ValueRange scopeVersion(ValueRange range) {
        return scopeText(range, 2);
    }

    private ValueRange scopeText(ValueRange range, int field) {
        range.set(bytes, headFrom, headFrom);
        fields.reset(bytes, headFrom, headEnd);
        while (fields.next()) {
            if (fields.isBytes(field)) {
                range.set(bytes, fields.from(), fields.end());
            }
        }
        return range;
    }
}
