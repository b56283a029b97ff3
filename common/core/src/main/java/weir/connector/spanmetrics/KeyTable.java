package weir.connector.spanmetrics;

import java.util.Arrays;
import weir.otlp.Wire;

/**
 * Numbers byte strings, from 0 on and without gaps: an open-addressing table over arrays, with linear probing and at most
 * half full. Finding allocates nothing. Belongs to one thread at a time.
 */
final class KeyTable {
    private static final int MIN_KEYS = 64;

    private final long seed;
    /** The number of the key that lies there and 1, or 0. */
    private int[] slots = new int[2 * MIN_KEYS];

    private long[] hashes = new long[MIN_KEYS];
    /** Where a key begins in {@code bytes}; it ends where the next begins. */
    private int[] starts = new int[MIN_KEYS + 1];

    private byte[] bytes = new byte[MIN_KEYS * 32];
    private int size;

    /** @param seed that those who choose keys must not know, or they could choose such as collide */
    KeyTable(long seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    /** How many bytes its arrays take. */
    long heldBytes() {
        return 4L * slots.length + 8L * hashes.length + 4L * starts.length + bytes.length;
    }

    /** Eight bytes at a time, each mixed by a multiplication and a shift; what remains last, with the length. */
    long hash(byte[] b, int from, int end) {
        long h = seed ^ ((end - from) * 0x9e3779b97f4a7c15L);
        int at = from;
        for (; at + 8 <= end; at += 8) {
            h = (h ^ Wire.fixed64(b, at)) * 0xbf58476d1ce4e5b9L;
            h ^= h >>> 32;
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = (rest << 8) | (b[at] & 0xff);
        }
        h = (h ^ rest) * 0x94d049bb133111ebL;
        return h ^ (h >>> 29);
    }

    /** The number of a key, or -1. */
    int find(long hash, byte[] b, int from, int end) {
        int mask = slots.length - 1;
        for (int slot = (int) hash & mask; ; slot = (slot + 1) & mask) {
            int key = slots[slot] - 1;
            if (key < 0) {
                return -1;
            }
            if (hashes[key] == hash && Arrays.equals(bytes, starts[key], starts[key + 1], b, from, end)) {
                return key;
            }
        }
    }

    long hashOf(int key) {
        return hashes[key];
    }

    /** Adds a key that is not there. */
    int add(long hash, byte[] b, int from, int end) {
        if (size == hashes.length) {
            grow();
        }
        int key = size++;
        int start = starts[key];
        int length = end - from;
        if (length > bytes.length - start) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(start, length)));
        }
        System.arraycopy(b, from, bytes, start, length);
        starts[key + 1] = start + length;
        hashes[key] = hash;
        place(key);
        return key;
    }

    private void place(int key) {
        int mask = slots.length - 1;
        int slot = (int) hashes[key] & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = key + 1;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, 2 * size);
        starts = Arrays.copyOf(starts, 2 * size + 1);
        replaceAll(4 * size);
    }

    private void replaceAll(int capacity) {
        slots = new int[capacity];
        for (int key = 0; key < size; key++) {
            place(key);
        }
    }

    /**
     * Forgets all keys but some, which are numbered anew in their order.
     *
     * @param kept numbers, ascending
     */
    void retain(int[] kept, int count) {
        for (int i = 0; i < count; i++) {
            int key = kept[i];
            int from = starts[key];
            int length = starts[key + 1] - from;
            System.arraycopy(bytes, from, bytes, starts[i], length);
            hashes[i] = hashes[key];
            starts[i + 1] = starts[i] + length;
        }
        size = count;
        replaceAll(slots.length);
    }

    /** Forgets all keys, and lets go of arrays that had grown large. */
    void clear() {
        size = 0;
        slots = new int[2 * MIN_KEYS];
        hashes = new long[MIN_KEYS];
        starts = new int[MIN_KEYS + 1];
        bytes = new byte[MIN_KEYS * 32];
    }
}
