package weir.ottl;

import java.util.BitSet;

/**
 * A map of an item, in the order of its entries. Edits show at once. Ranges and values that were read stay valid while it is
 * edited: an edit never changes bytes in place. Belongs to one thread.
 */
public interface AttributeMap {
    /** How many entries there are. */
    int size();

    /** The number of the first entry with this key, or -1. Numbers change when an entry is removed. */
    int find(byte[] key, int from, int end);

    /** The array that the key of an entry lies in. */
    byte[] keyBytes(int entry);

    int keyFrom(int entry);

    /** Exclusive. */
    int keyEnd(int entry);

    /** Points a register at an entry's value. */
    void value(int entry, Value into);

    /** Replaces an entry's value with a copy of this one, in its place. */
    void set(int entry, Value value);

    /** Appends an entry whose key is known not to be there; copies key and value. */
    void append(byte[] key, int from, int end, Value value);

    /** Removes an entry; those behind it move up by one. */
    void remove(int entry);

    /** Removes these entries at once, by the numbers that they have before. */
    default void remove(BitSet those) {
        for (int i = those.previousSetBit(size() - 1); i >= 0; i = those.previousSetBit(i - 1)) {
            remove(i);
        }
    }

    /** Removes all entries. */
    void clear();

    /**
     * Has copies of another map's entries instead of these.
     *
     * @throws OttlException if there is no room for them; then nothing was changed
     */
    default void replaceAll(EncodedMap by) {
        Value value = new Value();
        clear();
        for (int i = 0; i < by.size(); i++) {
            by.value(i, value);
            append(by.keyBytes(i), by.keyFrom(i), by.keyEnd(i), value);
        }
    }

    /** Replaces the value of a key, or appends it. */
    default void put(byte[] key, int from, int end, Value value) {
        int entry = find(key, from, end);
        if (entry < 0) {
            append(key, from, end, value);
        } else {
            set(entry, value);
        }
    }
}
