package weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array to write protobuf to. Messages inside are opened and closed: their length is put in front when it is known,
 * which moves what was written since by a byte or more when it is 128 or longer. Belongs to one thread; to be used again
 * after {@link #clear}.
 */
public final class Output {
    /** As large as an array may be on every JVM. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    public Output(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    public Output clear() {
        size = 0;
        return this;
    }

    /** The same, and lets go of an array that has grown beyond so many bytes. */
    public Output clear(int mostKeptBytes) {
        if (bytes.length > mostKeptBytes) {
            bytes = new byte[Math.min(64, mostKeptBytes)];
        }
        return clear();
    }

    /** The array written to, valid up to {@link #size} and until more is written. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    /** Cuts off what was written after {@code newSize}. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot cut " + size + " bytes to " + newSize);
        }
        size = newSize;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Makes room for so many bytes more and gives where they begin; {@link #bytes} may be another array afterwards. */
    int reserve(int count) {
        int at = size;
        if (count > MAX_BYTES - at) {
            throw new IllegalStateException("a request beyond 2 GiB");
        }
        if (count > bytes.length - at) {
            long grown = Math.min(MAX_BYTES, 2L * bytes.length + 16);
            bytes = Arrays.copyOf(bytes, (int) Math.max(grown, at + count));
        }
        size = at + count;
        return at;
    }

    /** Appends bytes as they are. */
    public Output put(byte[] b, int from, int end) {
        int at = reserve(end - from);
        System.arraycopy(b, from, bytes, at, end - from);
        return this;
    }

    public Output put(byte[] b) {
        return put(b, 0, b.length);
    }

    /** Appends the tag and length of a field whose bytes are to follow. */
    public Output header(int field, int length) {
        int at = reserve(Wire.varintSize((long) field << 3) + Wire.varintSize(length));
        Wire.putField(bytes, at, field, length);
        return this;
    }

    /** Appends a field of bytes, text or a message that is already encoded. */
    public Output field(int field, byte[] b, int from, int end) {
        int length = end - from;
        int at = reserve(Wire.varintSize((long) field << 3) + Wire.varintSize(length) + length);
        at = Wire.putField(bytes, at, field, length);
        System.arraycopy(b, from, bytes, at, length);
        return this;
    }

    public Output field(int field, byte[] b) {
        return field(field, b, 0, b.length);
    }

    /** Appends a field of text. */
    public Output field(int field, String text) {
        return field(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a field that is a varint: integers, enums and booleans. */
    public Output varint(int field, long value) {
        long tag = (long) field << 3 | Wire.VARINT;
        int at = reserve(Wire.varintSize(tag) + Wire.varintSize(value));
        Wire.putVarint(bytes, Wire.putVarint(bytes, at, tag), value);
        return this;
    }

    /** Appends a field of eight bytes: fixed64, sfixed64. */
    public Output fixed64(int field, long value) {
        long tag = (long) field << 3 | Wire.FIXED64;
        int at = reserve(Wire.varintSize(tag) + 8);
        Wire.putFixed64(bytes, Wire.putVarint(bytes, at, tag), value);
        return this;
    }

    /** Appends a field of eight bytes that is a double. */
    public Output number(int field, double value) {
        return fixed64(field, Double.doubleToRawLongBits(value));
    }

    /** Appends a field of four bytes. */
    public Output fixed32(int field, int value) {
        long tag = (long) field << 3 | Wire.FIXED32;
        int at = reserve(Wire.varintSize(tag) + 4);
        Wire.putFixed32(bytes, Wire.putVarint(bytes, at, tag), value);
        return this;
    }

    /** Appends varints without a tag, as packed fields hold them. */
    public Output rawVarint(long value) {
        int at = reserve(Wire.varintSize(value));
        Wire.putVarint(bytes, at, value);
        return this;
    }

    /** Appends eight bytes without a tag, as packed fields hold them. */
    public Output rawFixed64(long value) {
        int at = reserve(8);
        Wire.putFixed64(bytes, at, value);
        return this;
    }

    /** Opens a message (or packed) field and gives the mark to close it with. */
    public int begin(int field) {
        long tag = (long) field << 3 | Wire.BYTES;
        int at = reserve(Wire.varintSize(tag) + 1);
        Wire.putVarint(bytes, at, tag);
        return size;
    }

    /** Closes the message that was opened last. */
    public Output end(int mark) {
        int length = size - mark;
        int more = Wire.varintSize(length) - 1;
        if (more > 0) {
            reserve(more);
            System.arraycopy(bytes, mark, bytes, mark + more, length);
        }
        Wire.putVarint(bytes, mark - 1, length);
        return this;
    }
}
