package weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Protobuf's wire format over an array, without objects. A read that moves on by an unknown number of bytes returns the
 * new offset, and its value is read by a second call or packed beside it; every read is bounded by {@code end}, never by the
 * array, so that a message cannot reach into its neighbour.
 *
 * <p>Source: the protobuf encoding guide. A tag is {@code field << 3 | type}; types: 0 varint, 1 eight bytes, 2 length and
 * bytes, 3 and 4 begin and end of a group, 5 four bytes. A varint has at most 10 bytes and need not be the shortest.
 */
public final class Wire {
    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int BYTES = 2;
    public static final int START_GROUP = 3;
    public static final int END_GROUP = 4;
    public static final int FIXED32 = 5;

    private static final VarHandle LE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LE32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Wire() {}

    /** Eight bytes, least significant first, as protobuf's fixed64 and double lie. */
    public static long fixed64(byte[] b, int at) {
        return (long) LE64.get(b, at);
    }

    /** Four bytes, least significant first. */
    public static int fixed32(byte[] b, int at) {
        return (int) LE32.get(b, at);
    }

    /** Eight bytes, most significant first, as ids are read. */
    public static long bigEndian64(byte[] b, int at) {
        return (long) BE64.get(b, at);
    }

    /** The offset after the varint at {@code at}. */
    public static int afterVarint(byte[] b, int at, int end) throws MalformedOtlpException {
        int limit = Math.min(end, at + 10);
        for (int i = at; i < limit; i++) {
            if (b[i] >= 0) {
                return i + 1;
            }
        }
        throw new MalformedOtlpException(
                limit == end ? "a varint that is cut off" : "a varint of more than 10 bytes", at);
    }

    /** The value of the varint that ends before {@code after}, which {@link #afterVarint} gave; bits beyond 64 are lost. */
    public static long varint(byte[] b, int at, int after) {
        long value = 0;
        for (int i = after - 1; i >= at; i--) {
            value = value << 7 | (b[i] & 0x7f);
        }
        return value;
    }

    /** The value of a length whose varint ends before {@code after}, checked to lie within {@code end}. */
    public static int length(byte[] b, int at, int after, int end) throws MalformedOtlpException {
        long length = varint(b, at, after);
        if (length < 0 || length > end - after) {
            throw new MalformedOtlpException(
                    "a length of " + Long.toUnsignedString(length) + " where " + (end - after) + " bytes are left", at);
        }
        return (int) length;
    }

    /** A tag's value, checked: field numbers are 1 to 2^29-1. */
    public static int tag(byte[] b, int at, int after) throws MalformedOtlpException {
        long tag = varint(b, at, after);
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw new MalformedOtlpException("field number 0 or beyond 2^29", at);
        }
        return (int) tag;
    }

    /**
     * The offset after the value of a field that nobody looks at.
     *
     * @param at just after the tag
     * @param depth how many groups may still nest
     */
    public static int skip(byte[] b, int at, int end, int tag, int depth) throws MalformedOtlpException {
        switch (tag & 7) {
            case VARINT:
                return afterVarint(b, at, end);
            case FIXED64:
                return within(at, 8, end);
            case BYTES: {
                int after = afterVarint(b, at, end);
                return after + length(b, at, after, end);
            }
            case START_GROUP:
                return skipGroup(b, at, end, tag, depth);
            case FIXED32:
                return within(at, 4, end);
            default:
                throw new MalformedOtlpException("wire type " + (tag & 7) + " where none may be", at);
        }
    }

    private static int skipGroup(byte[] b, int from, int end, int tag, int depth) throws MalformedOtlpException {
        if (depth <= 0) {
            throw new MalformedOtlpException("groups nested too deep", from);
        }
        int at = from;
        while (at < end) {
            int after = afterVarint(b, at, end);
            int inner = tag(b, at, after);
            if ((inner & 7) == END_GROUP) {
                if (inner >>> 3 != tag >>> 3) {
                    throw new MalformedOtlpException("the end of another group", at);
                }
                return after;
            }
            at = skip(b, after, end, inner, depth - 1);
        }
        throw new MalformedOtlpException("a group without an end", from);
    }

    static int within(int at, int bytes, int end) throws MalformedOtlpException {
        if (end - at < bytes) {
            throw new MalformedOtlpException("a value of " + bytes + " bytes that is cut off", at);
        }
        return at + bytes;
    }

    /** How many bytes a varint of this value takes, at its shortest. */
    public static int varintSize(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Writes a varint at its shortest and gives the offset after it. */
    public static int putVarint(byte[] b, int at, long value) {
        int i = at;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            b[i++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        b[i++] = (byte) rest;
        return i;
    }

    /** How many bytes a field of this many bytes takes, with a tag of one byte (field numbers below 16) and its length. */
    public static int fieldSize(int length) {
        return 1 + varintSize(length) + length;
    }

    /** Writes the tag and the length of a field of bytes and gives the offset after them, where the bytes belong. */
    public static int putField(byte[] b, int at, int field, int length) {
        return putVarint(b, putVarint(b, at, (long) field << 3 | BYTES), length);
    }

    public static void putFixed64(byte[] b, int at, long value) {
        LE64.set(b, at, value);
    }

    public static void putFixed32(byte[] b, int at, int value) {
        LE32.set(b, at, value);
    }

    /**
     * Writes a varint in exactly this many bytes. A value below 2^28 in 4 bytes leaves room for a length that is not known
     * yet; parsers accept that varints are longer than they need to be.
     */
    public static void putPaddedVarint(byte[] b, int at, int value, int bytes) {
        int rest = value;
        for (int i = 0; i < bytes - 1; i++) {
            b[at + i] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        b[at + bytes - 1] = (byte) rest;
    }
}
