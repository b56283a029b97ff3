package weir.match;

import java.util.Arrays;
import java.util.List;
import weir.otlp.Wire;

/** Numbers a fixed set of byte strings and finds them again in other arrays. Immutable. */
public final class ByteTable {
    /** No key. */
    public static final int NONE = -1;

    /** At one key in eight slots nearly all that is not there ends at the first look. */
    private static final int SLOTS_PER_KEY = 8;

    private final byte[][] keys;
    /** Of each slot: the number of its key, or {@link #NONE}. */
    private final int[] numbers;
    /** Of each slot: the first and the last eight bytes of its key, as they are compared before all of it. */
    private final long[] words;
    /** A bit for each length there is; the last bit for all from 63 on. */
    private final long lengths;

    /** @param keys without duplicates; their places are their numbers */
    public ByteTable(List<byte[]> keys) {
        this.keys = keys.toArray(byte[][]::new);
        int slots = Integer.highestOneBit(Math.max(2, keys.size() * SLOTS_PER_KEY - 1)) * 2;
        numbers = new int[slots];
        words = new long[2 * slots];
        Arrays.fill(numbers, NONE);
        long l = 0;
        for (int i = 0; i < this.keys.length; i++) {
            byte[] key = this.keys[i];
            l |= bit(key.length);
            long first = first(key, 0, key.length);
            long last = last(key, 0, key.length, first);
            int slot = slot(first, last, key.length) & (slots - 1);
            while (numbers[slot] != NONE) {
                slot = (slot + 1) & (slots - 1);
            }
            numbers[slot] = i;
            words[2 * slot] = first;
            words[2 * slot + 1] = last;
        }
        lengths = l;
    }

    /** The number of the key that lies here, or {@link #NONE}. */
    public int find(byte[] b, int from, int end) {
        int length = end - from;
        if ((lengths & bit(length)) == 0) {
            return NONE;
        }
        long first = first(b, from, length);
        long last = last(b, from, length, first);
        int mask = numbers.length - 1;
        for (int slot = slot(first, last, length) & mask; numbers[slot] != NONE; slot = (slot + 1) & mask) {
            if (words[2 * slot] == first && words[2 * slot + 1] == last) {
                byte[] key = keys[numbers[slot]];
                if (key.length == length && isMiddleEqual(key, b, from, length)) {
                    return numbers[slot];
                }
            }
        }
        return NONE;
    }

    /** Of keys whose first and last eight bytes are equal. */
    private static boolean isMiddleEqual(byte[] key, byte[] b, int from, int length) {
        return length <= 2 * Long.BYTES
                || Arrays.equals(
                        key, Long.BYTES, length - Long.BYTES, b, from + Long.BYTES, from + length - Long.BYTES);
    }

    private static long bit(int length) {
        return 1L << Math.min(length, 63);
    }

    /** The first eight bytes; of fewer all, and zeros. */
    private static long first(byte[] b, int from, int length) {
        if (length >= Long.BYTES) {
            return Wire.fixed64(b, from);
        }
        if (b.length - from >= Long.BYTES) {
            return Wire.fixed64(b, from) & ~(-1L << (8 * length));
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | (b[from + i] & 0xff);
        }
        return word;
    }

    /** The last eight bytes; of fewer what {@link #first} gave. */
    private static long last(byte[] b, int from, int length, long first) {
        return length < Long.BYTES ? first : Wire.fixed64(b, from + length - Long.BYTES);
    }

    private static int slot(long first, long last, int length) {
        return (int) ((((first ^ Long.rotateLeft(last, 29)) + length) * 0x9e3779b97f4a7c15L) >>> 32);
    }
}
