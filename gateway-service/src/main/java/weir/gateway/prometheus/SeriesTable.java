package weir.gateway.prometheus;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of series: open addressing, linear probing, at most half full, and nothing is left behind by a removal (the
 * ones that follow move up). Finding one in it allocates nothing. Guarded by the store's lock.
 */
@SuppressWarnings("ReferenceEquality") // a series is equal to itself only
final class SeriesTable {
    private static final int MIN_SLOTS = 64;

    private final ToLongFunction<Series> hash;
    private @Nullable Series[] slots = new Series[MIN_SLOTS];
    private int size;

    SeriesTable(ToLongFunction<Series> hash) {
        this.hash = hash;
    }

    int size() {
        return size;
    }

    /** The series of an identity. */
    @Nullable
    Series find(long high, long low) {
        int mask = slots.length - 1;
        for (int i = slot(low); ; i = (i + 1) & mask) {
            Series s = slots[i];
            if (s == null || (s.low == low && s.high == high)) {
                return s;
            }
        }
    }

    /** The series that is shown in a family with the same labels as another, which may be that one itself. */
    @Nullable
    Series shownLike(Series other) {
        int mask = slots.length - 1;
        byte[] exposed = other.exposed();
        for (int i = slot(hash.applyAsLong(other)); ; i = (i + 1) & mask) {
            Series s = slots[i];
            if (s == null || (s.family == other.family && Arrays.equals(s.exposed(), exposed))) {
                return s;
            }
        }
    }

    void add(Series s) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        slots[free(hash.applyAsLong(s))] = s;
        size++;
    }

    /** Puts a series of the same hash in the place of another. */
    void replace(Series former, Series s) {
        slots[slotOf(former)] = s;
    }

    void remove(Series s) {
        int mask = slots.length - 1;
        int hole = slotOf(s);
        for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
            Series next = slots[i];
            if (next == null) {
                break;
            }
            int wanted = slot(hash.applyAsLong(next));
            if (((i - wanted) & mask) >= ((i - hole) & mask)) {
                slots[hole] = next;
                hole = i;
            }
        }
        slots[hole] = null;
        size--;
    }

    int slots() {
        return slots.length;
    }

    /** Shows the series in a range of slots, which may be removed meanwhile; one that moves up is not missed. */
    void forEach(int fromSlot, int toSlot, Consumer<Series> each) {
        for (int i = fromSlot; i < toSlot; i++) {
            Series s = slots[i];
            while (s != null) {
                each.accept(s);
                Series now = slots[i];
                s = now == s ? null : now;
            }
        }
    }

    private int slotOf(Series s) {
        int mask = slots.length - 1;
        int i = slot(hash.applyAsLong(s));
        while (slots[i] != s) {
            Objects.requireNonNull(slots[i], "a series that is not in the table");
            i = (i + 1) & mask;
        }
        return i;
    }

    private int free(long key) {
        int mask = slots.length - 1;
        int i = slot(key);
        while (slots[i] != null) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private int slot(long key) {
        long mixed = key * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32) & (slots.length - 1);
    }

    private void grow() {
        @Nullable Series[] former = slots;
        slots = new Series[2 * former.length];
        for (Series s : former) {
            if (s != null) {
                slots[free(hash.applyAsLong(s))] = s;
            }
        }
    }
}
