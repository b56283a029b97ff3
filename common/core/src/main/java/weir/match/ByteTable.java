package weir.match;

import java.util.Arrays;
import java.util.List;
import weir.otlp.Wire;

/** Numbers a fixed set of byte strings and finds them again in other arrays. Immutable. */
public final class ByteTable {
    /** No key. */
    public static final int NONE = -1;

    private final byte[][] keys;
    private final int[] slots;
    /** A bit for each length there is; the last bit for all from 63 on. */
    private final long lengths;

    /** @param keys without duplicates; their places are their numbers */
    public ByteTable(List<byte[]> keys) {
        this.keys = keys.toArray(byte[][]::new);
        slots = new int[Integer.highestOneBit(Math.max(4, keys.size() * 4)) * 2];
        long l = 0;
        for (int i = 0; i < this.keys.length; i++) {
            byte[] key = this.keys[i];
            l |= bit(key.length);
            int slot = hash(key, 0, key.length) & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
        lengths = l;
    }

    /** The number of the key that lies here, or {@link #NONE}. */
    public int find(byte[] b, int from, int end) {
        int length = end - from;
        if ((lengths & bit(length)) == 0) {
            return NONE;
        }
        int mask = slots.length - 1;
        for (int slot = hash(b, from, length) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            byte[] key = keys[slots[slot] - 1];
            if (key.length == length && Arrays.equals(key, 0, length, b, from, end)) {
                return slots[slot] - 1;
            }
        }
        return NONE;
    }

    private static long bit(int length) {
        return 1L << Math.min(length, 63);
    }

    /** Of the length and both ends: keys of one set that share all of these are rare, and only slower. */
    private static int hash(byte[] b, int from, int length) {
        long ends;
        if (length >= 8) {
            ends = Wire.fixed64(b, from) * 0x9e3779b97f4a7c15L
                    ^ Long.rotateLeft(Wire.fixed64(b, from + length - 8) * 0xc2b2ae3d27d4eb4fL, 31);
        } else {
            ends = 0;
            for (int i = 0; i < length; i++) {
                ends = ends << 8 | (b[from + i] & 0xff);
            }
        }
        long mixed = (ends ^ length) * 0xff51afd7ed558ccdL;
        return (int) (mixed >>> 32) ^ (int) (mixed >>> 17);
    }
}
