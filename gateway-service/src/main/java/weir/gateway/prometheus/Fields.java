package weir.gateway.prometheus;

import weir.otlp.MalformedOtlpException;
import weir.otlp.Wire;

/** Goes through the fields of one message; to be used again for the next. Belongs to one thread. */
final class Fields {
    private static final int MAX_GROUPS = 64;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int next;
    private int end;
    private int tag;
    private int from;
    private int to;

    /** Starts over with another message, which lies between two offsets. */
    Fields over(byte[] b, int start, int stop) {
        bytes = b;
        next = start;
        end = stop;
        return this;
    }

    /** Moves to the next field, if there is one. */
    boolean next() throws MalformedOtlpException {
        if (next >= end) {
            return false;
        }
        int after = Wire.afterVarint(bytes, next, end);
        tag = Wire.tag(bytes, next, after);
        from = after;
        if ((tag & 7) == Wire.BYTES) {
            from = Wire.afterVarint(bytes, after, end);
            to = from + Wire.length(bytes, after, from, end);
        } else {
            to = Wire.skip(bytes, after, end, tag, MAX_GROUPS);
        }
        next = to;
        return true;
    }

    /** Field number and wire type, as {@link #tag} makes them. */
    int tag() {
        return tag;
    }

    /** Where the content begins. */
    int from() {
        return from;
    }

    /** Where the content ends, exclusive. */
    int to() {
        return to;
    }

    long varint() {
        return Wire.varint(bytes, from, to);
    }

    long fixed64() {
        return Wire.fixed64(bytes, from);
    }

    double number() {
        return Double.longBitsToDouble(fixed64());
    }

    /** The tag of a field that holds a message, text, bytes or packed numbers. */
    static int bytes(int field) {
        return field << 3 | Wire.BYTES;
    }

    static int fixed64(int field) {
        return field << 3 | Wire.FIXED64;
    }

    static int varint(int field) {
        return field << 3 | Wire.VARINT;
    }
}
