package weir.otlp;

/**
 * Goes through the fields of one message of a batch, in the order they lie. To be used again; belongs to one thread. What it
 * points at holds until {@link #next} or {@link #reset}.
 *
 * <p>Fields that may be there once can still come twice: then the last one holds.
 */
public final class FieldCursor {
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int at;
    private int limit;
    private int start;
    private int tag;
    private int from;

    /**
     * Begins with a message.
     *
     * @param b bytes of a batch, so known to be well-formed
     * @param from where the message's fields begin
     * @param end where they end, exclusive
     */
    public FieldCursor reset(byte[] b, int from, int end) {
        bytes = b;
        at = from;
        limit = end;
        return this;
    }

    /** Moves to the next field, if there is one. */
    public boolean next() {
        if (at >= limit) {
            return false;
        }
        start = at;
        return isShort() || nextOfAnyLength();
    }

    /** Nearly all fields have a number below 16, and less than 128 bytes, or a number below 128, or eight bytes. */
    private boolean isShort() {
        int t = bytes[at];
        int value = at + 1;
        if (t < 8 || value >= limit) {
            return false;
        }
        int first = bytes[value];
        int end;
        switch (t & 7) {
            case Wire.BYTES -> {
                value++;
                end = first < 0 ? Integer.MAX_VALUE : value + first;
            }
            case Wire.VARINT -> end = first < 0 ? Integer.MAX_VALUE : value + 1;
            case Wire.FIXED64 -> end = value + 8;
            default -> end = Integer.MAX_VALUE;
        }
        if (end > limit) {
            return false;
        }
        tag = t;
        from = value;
        at = end;
        return true;
    }

    private boolean nextOfAnyLength() {
        try {
            int after = Wire.afterVarint(bytes, at, limit);
            tag = Wire.tag(bytes, at, after);
            from = after;
            if ((tag & 7) == Wire.BYTES) {
                from = Wire.afterVarint(bytes, after, limit);
                at = from + Wire.length(bytes, after, from, limit);
            } else {
                at = Wire.skip(bytes, after, limit, tag, Shape.MAX_DEPTH);
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
        return true;
    }

    /** The number of the field. */
    public int field() {
        return tag >>> 3;
    }

    /** Field number and wire type as they lie on the wire: {@code field << 3 | type}. */
    public int tag() {
        return tag;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the field's tag lies: from here to {@link #end} it can be copied as it is. */
    public int start() {
        return start;
    }

    /** Where the field's value begins: the bytes, text or message itself without its length. */
    public int from() {
        return from;
    }

    /** Where the field ends, exclusive. */
    public int end() {
        return at;
    }

    /** Whether the field is this one and holds bytes, text, a message or packed numbers. */
    public boolean isBytes(int field) {
        return tag == (field << 3 | Wire.BYTES);
    }

    /** The value of a field that is a varint, or has eight or four bytes; a double as its bits. */
    public long number() {
        return switch (tag & 7) {
            case Wire.VARINT -> Wire.varint(bytes, from, at);
            case Wire.FIXED64 -> Wire.fixed64(bytes, from);
            case Wire.FIXED32 -> Integer.toUnsignedLong(Wire.fixed32(bytes, from));
            default -> 0;
        };
    }
}
