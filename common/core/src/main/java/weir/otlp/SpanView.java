package weir.otlp;

/**
 * A span of a batch: one pass over its fields when it is set, attributes by a cursor. To be used again; belongs to one
 * thread. Ranges it hands out are always the same objects, changed by {@link #reset}.
 */
public final class SpanView {
    private static final byte[] NONE = {};

    private final FieldCursor statusFields = new FieldCursor();
    private final ValueRange traceId = new ValueRange();
    private final ValueRange spanId = new ValueRange();
    private final ValueRange parentSpanId = new ValueRange();
    private final ValueRange traceState = new ValueRange();
    private final ValueRange name = new ValueRange();
    private final ValueRange statusMessage = new ValueRange();
    private byte[] bytes = NONE;
    private int from;
    private int end;
    private int kind;
    private int flags;
    private int statusCode;
    private int events;
    private int links;
    private int droppedAttributes;
    private int droppedEvents;
    private int droppedLinks;
    private long startNanos;
    private long endNanos;

    /** Looks at the span whose fields lie here, in bytes that were checked. */
    public SpanView reset(byte[] b, int from, int end) {
        bytes = b;
        this.from = from;
        this.end = end;
        clear();
        try {
            int at = from;
            while (at < end) {
                int tag = b[at];
                int value = at + 1;
                if (tag < 8) {
                    value = Wire.afterVarint(b, at, end);
                    tag = Wire.tag(b, at, value);
                }
                if ((tag & 7) == Wire.BYTES) {
                    int after = value;
                    int length = after < end ? b[after] : -1;
                    value = after + 1;
                    if (length < 0 || length > end - value) {
                        value = Wire.afterVarint(b, after, end);
                        length = Wire.length(b, after, value, end);
                    }
                    at = value + length;
                    bytes(tag >>> 3, value, at);
                } else {
                    at = Wire.skip(b, value, end, tag, Shape.MAX_DEPTH);
                    number(tag, value, at);
                }
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
        return this;
    }

    private void bytes(int field, int value, int limit) {
        switch (field) {
            case 1 -> traceId.set(bytes, value, limit);
            case 2 -> spanId.set(bytes, value, limit);
            case 3 -> traceState.set(bytes, value, limit);
            case 4 -> parentSpanId.set(bytes, value, limit);
            case 5 -> name.set(bytes, value, limit);
            case 11 -> events++;
            case 13 -> links++;
            case 15 -> status(value, limit);
            default -> {}
        }
    }

    private void number(int tag, int value, int limit) {
        switch (tag) {
            case 6 << 3 | Wire.VARINT -> kind = (int) Wire.varint(bytes, value, limit);
            case 7 << 3 | Wire.FIXED64 -> startNanos = Wire.fixed64(bytes, value);
            case 8 << 3 | Wire.FIXED64 -> endNanos = Wire.fixed64(bytes, value);
            case 10 << 3 | Wire.VARINT -> droppedAttributes = (int) Wire.varint(bytes, value, limit);
            case 12 << 3 | Wire.VARINT -> droppedEvents = (int) Wire.varint(bytes, value, limit);
            case 14 << 3 | Wire.VARINT -> droppedLinks = (int) Wire.varint(bytes, value, limit);
            case 16 << 3 | Wire.FIXED32 -> flags = Wire.fixed32(bytes, value);
            default -> {}
        }
    }

    /** Looks at a span of an indexed request. */
    public SpanView reset(TraceIndex index, int span) {
        return reset(index.bytes(), index.spanFrom(span), index.spanEnd(span));
    }

    private void clear() {
        traceId.set(bytes, from, from);
        spanId.set(bytes, from, from);
        parentSpanId.set(bytes, from, from);
        traceState.set(bytes, from, from);
        name.set(bytes, from, from);
        statusMessage.set(bytes, from, from);
        kind = 0;
        flags = 0;
        statusCode = 0;
        events = 0;
        links = 0;
        droppedAttributes = 0;
        droppedEvents = 0;
        droppedLinks = 0;
        startNanos = 0;
        endNanos = 0;
    }

    private void status(int value, int limit) {
        statusFields.reset(bytes, value, limit);
        while (statusFields.next()) {
            if (statusFields.isBytes(2)) {
                statusMessage.set(bytes, statusFields.from(), statusFields.end());
            } else if (statusFields.tag() == (3 << 3 | Wire.VARINT)) {
                statusCode = (int) statusFields.number();
            }
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the span's fields begin. */
    public int from() {
        return from;
    }

    /** Where the span ends, exclusive. */
    public int end() {
        return end;
    }

    /** 16 bytes, or none. */
    public ValueRange traceId() {
        return traceId;
    }

    /** 8 bytes, or none. */
    public ValueRange spanId() {
        return spanId;
    }

    /** 8 bytes, or none. */
    public ValueRange parentSpanId() {
        return parentSpanId;
    }

    /** W3C trace state, or empty. */
    public ValueRange traceState() {
        return traceState;
    }

    public ValueRange name() {
        return name;
    }

    /** As in the schema: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    public int kind() {
        return kind;
    }

    /** Bits 0-7 are W3C trace flags. */
    public int flags() {
        return flags;
    }

    /** As in the schema: 0 unset, 1 ok, 2 error. */
    public int statusCode() {
        return statusCode;
    }

    public ValueRange statusMessage() {
        return statusMessage;
    }

    /** Unix nanoseconds, unsigned. */
    public long startNanos() {
        return startNanos;
    }

    /** Unix nanoseconds, unsigned. */
    public long endNanos() {
        return endNanos;
    }

    /** How many events it has. */
    public int events() {
        return events;
    }

    /** How many links it has. */
    public int links() {
        return links;
    }

    public int droppedAttributes() {
        return droppedAttributes;
    }

    public int droppedEvents() {
        return droppedEvents;
    }

    public int droppedLinks() {
        return droppedLinks;
    }

    /** Puts a cursor before the span's attributes. */
    public AttributeCursor attributes(AttributeCursor cursor) {
        return cursor.reset(bytes, from, end, Fields.SPAN_ATTRIBUTES);
    }
}
