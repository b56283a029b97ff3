package weir.otlp;

/** A log record of a batch; to be used as {@link SpanView} is. */
public final class LogRecordView {
    private static final byte[] NONE = {};

    private final FieldCursor fields = new FieldCursor();
    private final ValueView body = new ValueView();
    private final ValueRange traceId = new ValueRange();
    private final ValueRange spanId = new ValueRange();
    private final ValueRange severityText = new ValueRange();
    private final ValueRange eventName = new ValueRange();
    private byte[] bytes = NONE;
    private int from;
    private int end;
    private int severityNumber;
    private int flags;
    private int droppedAttributes;
    private long timeNanos;
    private long observedNanos;

    /** Looks at the record whose fields lie here, in bytes that were checked. */
    public LogRecordView reset(byte[] b, int from, int end) {
        bytes = b;
        this.from = from;
        this.end = end;
        clear();
        fields.reset(b, from, end);
        while (fields.next()) {
            switch (fields.tag()) {
                case 1 << 3 | Wire.FIXED64 -> timeNanos = fields.number();
                case 2 << 3 | Wire.VARINT -> severityNumber = (int) fields.number();
                case 3 << 3 | Wire.BYTES -> set(severityText);
                case 5 << 3 | Wire.BYTES -> body.reset(b, fields.from(), fields.end());
                case 7 << 3 | Wire.VARINT -> droppedAttributes = (int) fields.number();
                case 8 << 3 | Wire.FIXED32 -> flags = (int) fields.number();
                case 9 << 3 | Wire.BYTES -> set(traceId);
                case 10 << 3 | Wire.BYTES -> set(spanId);
                case 11 << 3 | Wire.FIXED64 -> observedNanos = fields.number();
                case 12 << 3 | Wire.BYTES -> set(eventName);
                default -> {}
            }
        }
        return this;
    }

    private void clear() {
        body.clear();
        traceId.set(bytes, from, from);
        spanId.set(bytes, from, from);
        severityText.set(bytes, from, from);
        eventName.set(bytes, from, from);
        severityNumber = 0;
        flags = 0;
        droppedAttributes = 0;
        timeNanos = 0;
        observedNanos = 0;
    }

    private void set(ValueRange range) {
        range.set(bytes, fields.from(), fields.end());
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int end() {
        return end;
    }

    /** Unix nanoseconds, unsigned; 0 when not given. */
    public long timeNanos() {
        return timeNanos;
    }

    /** Unix nanoseconds, unsigned; 0 when not given. */
    public long observedNanos() {
        return observedNanos;
    }

    /** 1 (TRACE) to 24 (FATAL4), 0 when not given. */
    public int severityNumber() {
        return severityNumber;
    }

    public ValueRange severityText() {
        return severityText;
    }

    public ValueView body() {
        return body;
    }

    /** 16 bytes, or none. */
    public ValueRange traceId() {
        return traceId;
    }

    /** 8 bytes, or none. */
    public ValueRange spanId() {
        return spanId;
    }

    public ValueRange eventName() {
        return eventName;
    }

    /** Bits 0-7 are W3C trace flags. */
    public int flags() {
        return flags;
    }

    public int droppedAttributes() {
        return droppedAttributes;
    }

    /** Puts a cursor before the record's attributes. */
    public AttributeCursor attributes(AttributeCursor cursor) {
        return cursor.reset(bytes, from, end, Fields.LOG_ATTRIBUTES);
    }
}
