package weir.ottl.context;

import java.util.Arrays;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/** The numbers of a field that has many, such as the counts of buckets. To be used again; belongs to one thread. */
final class NumberList {
    private long[] bits = new long[32];
    private int size;

    int size() {
        return size;
    }

    long at(int i) {
        return bits[i];
    }

    /** Of a field of doubles. */
    double numberAt(int i) {
        return Double.longBitsToDouble(bits[i]);
    }

    void set(int i, long number) {
        bits[i] = number;
    }

    NumberList clear() {
        size = 0;
        return this;
    }

    void add(long number) {
        if (size == bits.length) {
            bits = Arrays.copyOf(bits, 2 * size);
        }
        bits[size++] = number;
    }

    void remove(int i) {
        System.arraycopy(bits, i + 1, bits, i, size - i - 1);
        size--;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /** Adds zeros until there are so many. */
    void extend(int newSize) {
        while (size < newSize) {
            add(0);
        }
    }

    /** Puts zeros before the first. */
    void shift(int zeros) {
        extend(size + zeros);
        System.arraycopy(bits, 0, bits, zeros, size - zeros);
        Arrays.fill(bits, 0, zeros, 0);
    }

    /**
     * Reads all numbers of a field, packed or not.
     *
     * @param wireType of one number: {@link Wire#FIXED64} or {@link Wire#VARINT}
     */
    NumberList read(MessageEdit message, int field, int wireType) {
        size = 0;
        int entries = message.entries();
        for (int i = 0; i < entries; i++) {
            if (message.tag(i) == (field << 3 | Wire.BYTES)) {
                packed(message.bytes(i), message.from(i), message.end(i), wireType);
            } else if (message.tag(i) == (field << 3 | wireType)) {
                add(message.numberAt(i));
            }
        }
        return this;
    }

    private void packed(byte[] b, int from, int end, int wireType) {
        try {
            int at = from;
            while (at < end) {
                int after = wireType == Wire.VARINT ? Wire.afterVarint(b, at, end) : at + 8;
                add(wireType == Wire.VARINT ? Wire.varint(b, at, after) : Wire.fixed64(b, at));
                at = after;
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    /** Makes these the numbers of a field of eight bytes each. */
    void putInto(MessageEdit message, int field, Output scratch) {
        message.removeAll(field << 3 | Wire.FIXED64);
        message.removeAll(field << 3 | Wire.BYTES);
        if (size > 0) {
            scratch.clear();
            for (int i = 0; i < size; i++) {
                scratch.rawFixed64(bits[i]);
            }
            message.setBytes(field, scratch.bytes(), 0, scratch.size());
        }
    }

    /** Appends a packed field of varints. */
    void writeVarints(Output out, int field) {
        if (size > 0) {
            int mark = out.begin(field);
            for (int i = 0; i < size; i++) {
                out.rawVarint(bits[i]);
            }
            out.end(mark);
        }
    }
}
