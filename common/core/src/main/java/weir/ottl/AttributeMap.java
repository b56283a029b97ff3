package weir.ottl;

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

    /** Removes all entries. */
    void clear();

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
