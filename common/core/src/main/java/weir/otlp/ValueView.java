package weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One AnyValue of a batch. To be used again; belongs to one thread. If more than one of its fields is there, the last holds.
 */
public final class ValueView {
    private static final byte[] NONE = {};
    private static final ValueType[] TYPES = {
        ValueType.EMPTY,
        ValueType.STRING,
        ValueType.BOOL,
        ValueType.INT,
        ValueType.DOUBLE,
        ValueType.ARRAY,
        ValueType.KEY_VALUES,
        ValueType.BYTES
    };
    private static final int[] WIRE_TYPES = {
        -1, Wire.BYTES, Wire.VARINT, Wire.VARINT, Wire.FIXED64, Wire.BYTES, Wire.BYTES, Wire.BYTES
    };

    private byte[] bytes = NONE;
    private ValueType type = ValueType.EMPTY;
    private int from;
    private int end;

    /** Looks at the AnyValue whose fields lie here, in bytes that were checked. */
    public ValueView reset(byte[] b, int from, int end) {
        bytes = b;
        type = ValueType.EMPTY;
        this.from = from;
        this.end = from;
        if (end - from >= 2 && b[from] == (1 << 3 | Wire.BYTES) && b[from + 1] == end - from - 2) {
            type = ValueType.STRING;
            this.from = from + 2;
            this.end = end;
        } else if (from < end) {
            parse(b, from, end);
        }
        return this;
    }

    private void parse(byte[] b, int start, int limit) {
        try {
            if (b[start] == (3 << 3 | Wire.VARINT) && Wire.afterVarint(b, start + 1, limit) == limit) {
                type = ValueType.INT;
                from = start + 1;
                end = limit;
                return;
            }
            int at = start;
            while (at < limit) {
                int after = Wire.afterVarint(b, at, limit);
                int tag = Wire.tag(b, at, after);
                at = Wire.skip(b, after, limit, tag, Shape.MAX_DEPTH);
                int field = tag >>> 3;
                if (field < TYPES.length && WIRE_TYPES[field] == (tag & 7)) {
                    type = TYPES[field];
                    from = (tag & 7) == Wire.BYTES ? Wire.afterVarint(b, after, limit) : after;
                    end = at;
                }
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    public ValueType type() {
        return type;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the text, the bytes, or the fields of the ArrayValue or KeyValueList begin. */
    public int from() {
        return from;
    }

    /** Where they end, exclusive. */
    public int end() {
        return end;
    }

    /** Whether it is this text, given as UTF-8. */
    public boolean isString(byte[] text) {
        return type == ValueType.STRING && Arrays.equals(bytes, from, end, text, 0, text.length);
    }

    /** The value of an INT, or 0. */
    public long longValue() {
        return type == ValueType.INT ? Wire.varint(bytes, from, end) : 0;
    }

    /** The value of a DOUBLE, or 0. */
    public double doubleValue() {
        return type == ValueType.DOUBLE ? Double.longBitsToDouble(Wire.fixed64(bytes, from)) : 0;
    }

    /** The value of a BOOL, or false. */
    public boolean booleanValue() {
        return type == ValueType.BOOL && Wire.varint(bytes, from, end) != 0;
    }

    /** A new String of a STRING, or an empty one. For other types see {@link AnyValueText}. */
    public String stringValue() {
        return type == ValueType.STRING ? new String(bytes, from, end - from, StandardCharsets.UTF_8) : "";
    }
}
