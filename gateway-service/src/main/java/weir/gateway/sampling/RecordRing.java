package weir.gateway.sampling;

/**
 * Ids of records of a journal in ascending order, each with a number of its own: added at the end as a rule, taken out at the
 * begin. Not safe for use by several threads.
 */
final class RecordRing {
    private long[] ids = new long[64];
    private long[] tags = new long[64];
    private int first;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long id(int i) {
        return ids[at(i)];
    }

    long tag(int i) {
        return tags[at(i)];
    }

    private int at(int i) {
        return (first + i) & (ids.length - 1);
    }

    /** Adds a record. One that is older than the last one, as after a journal has copied it forward, goes to its place. */
    void add(long id, long tag) {
        if (size == ids.length) {
            grow();
        }
        int i = size++;
        while (i > 0 && id(i - 1) > id) {
            ids[at(i)] = ids[at(i - 1)];
            tags[at(i)] = tags[at(i - 1)];
            i--;
        }
        ids[at(i)] = id;
        tags[at(i)] = tag;
    }

    private void grow() {
        long[] moreIds = new long[2 * size];
        long[] moreTags = new long[2 * size];
        for (int i = 0; i < size; i++) {
            moreIds[i] = id(i);
            moreTags[i] = tag(i);
        }
        ids = moreIds;
        tags = moreTags;
        first = 0;
    }

    /** Gives a record another number, if it is here. */
    void tag(long id, long tag) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = id(middle);
            if (there == id) {
                tags[at(middle)] = tag;
                return;
            }
            if (there < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
    }

    /** Takes out the oldest one. */
    long removeFirst() {
        long id = ids[first];
        first = at(1);
        size--;
        return id;
    }
}
