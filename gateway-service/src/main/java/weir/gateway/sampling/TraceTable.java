package weir.gateway.sampling;

import java.util.Arrays;

/**
 * The undecided traces of a shard: trace id to a summary of 72 bytes, without an object per trace. Belongs to who
 * holds the shard's lock.
 *
 * <pre>
 * entry (9 longs, in pages of 4096 entries that are made as needed and used again):
 *   0 trace id, high    1 trace id, low
 *   2 earliest start    3 latest end          unix nanoseconds, as the collector's latency policy keeps them
 *   4 matched           one bit for each condition that one of its spans met; from 65 on elsewhere
 *   5 spans | bytes                           two ints in a long, the first one high
 *   6 newest record | first segment and flags
 *   7 next | previous                         in the list of {@link Deadlines} that it stands in; free entries: next
 *   8 arrival | deadline                      in ticks
 * slot (1 long): low half of the hash | entry + 1; linear probing in 256 tables by the hash's top bits
 * </pre>
 *
 * <p>256 tables grow one by one, so that no growth moves more than a 256th of the traces at once; slots carry enough of the
 * hash to be moved without a look at the entries.
 */
final class TraceTable {
    static final int NONE = -1;

    static final int ID_HIGH = 0;
    static final int ID_LOW = 1;
    static final int START = 2;
    static final int END = 3;
    static final int MATCHED = 4;
    static final int SIZES = 5;
    static final int PLACE = 6;
    static final int LINKS = 7;
    static final int TICKS = 8;

    private static final int WORDS = 9;
    private static final int PAGE_BITS = 12;
    private static final int PAGE_ENTRIES = 1 << PAGE_BITS;
    private static final int TABLES = 256;

    /** How many parts its traces can be looked through in; see {@link #entries}. */
    static final int PARTS = TABLES;

    private final long[][] slots = new long[TABLES][16];
    private final int[] used = new int[TABLES];
    private long slotBytes = TABLES * 16L * Long.BYTES;

    private long[][] pages = {};
    private int entries;
    private int free = NONE;
    private int size;

    /** More bits of conditions than fit into an entry, for each page of entries; empty when none are needed. */
    private long[][] more = {};

    private int moreWords;

    /** How many traces are in it. */
    int size() {
        return size;
    }

    /** What the traces in it take: entries and the slots of the tables, grown for them. */
    long bytes() {
        return (long) size * Long.BYTES * (WORDS + moreWords) + (size == 0 ? 0 : slotBytes);
    }

    /** Makes room for so many words of condition bits in each entry; if that changes, all but the first are 0 then. */
    void conditionWords(int words) {
        if (words != moreWords + 1) {
            moreWords = words - 1;
            more = new long[moreWords == 0 ? 0 : pages.length][moreWords << PAGE_BITS];
        }
    }

    /** How many words of condition bits an entry has; the first one is in its page. */
    int conditionWords() {
        return moreWords + 1;
    }

    /** The page that further condition bits of an entry lie in. */
    long[] more(int entry) {
        return more[entry >>> PAGE_BITS];
    }

    /** Where the second word of condition bits of an entry lies in {@link #more}. */
    int moreAt(int entry) {
        return (entry & (PAGE_ENTRIES - 1)) * moreWords;
    }

    /** The page that an entry lies in. */
    long[] page(int entry) {
        return pages[entry >>> PAGE_BITS];
    }

    /** Where an entry begins in its page. */
    static int at(int entry) {
        return (entry & (PAGE_ENTRIES - 1)) * WORDS;
    }

    /** The entry of a trace, or {@link #NONE}. */
    int find(long hash, long idHigh, long idLow) {
        long[] table = slots[(int) (hash >>> 56)];
        int mask = table.length - 1;
        int tag = (int) hash;
        int i = tag & mask;
        long slot = table[i];
        while (slot != 0) {
            if ((int) (slot >>> 32) == tag) {
                int entry = (int) slot - 1;
                long[] page = page(entry);
                int at = at(entry);
                if (page[at + ID_LOW] == idLow && page[at + ID_HIGH] == idHigh) {
                    return entry;
                }
            }
            i = (i + 1) & mask;
            slot = table[i];
        }
        return NONE;
    }

    /** Reads where a trace would be found, so that it is in the processor's cache soon. */
    long touch(long hash) {
        long[] table = slots[(int) (hash >>> 56)];
        return table[(int) hash & (table.length - 1)];
    }

    /** Reads the entry that {@link #touch} found, which may be another's. */
    long touchEntry(long slot) {
        int entry = Math.max(0, (int) slot - 1);
        return entry < entries ? page(entry)[at(entry)] : 0;
    }

    /** Makes the entry of a trace that has none: all zero but for its id. */
    int add(long hash, long idHigh, long idLow) {
        int entry = take();
        long[] page = page(entry);
        int at = at(entry);
        Arrays.fill(page, at, at + WORDS, 0);
        if (moreWords > 0) {
            Arrays.fill(more(entry), moreAt(entry), moreAt(entry) + moreWords, 0);
        }
        page[at + ID_HIGH] = idHigh;
        page[at + ID_LOW] = idLow;
        int t = (int) (hash >>> 56);
        if (used[t] * 5 >= slots[t].length * 3) {
            resize(t, slots[t].length * 2);
        }
        put(slots[t], hash << 32 | (entry + 1));
        used[t]++;
        size++;
        return entry;
    }

    /** Lets go of an entry; its place is used for the next trace. */
    void remove(long hash, int entry) {
        int t = (int) (hash >>> 56);
        long[] table = slots[t];
        int mask = table.length - 1;
        long wanted = hash << 32 | (entry + 1);
        int hole = (int) hash & mask;
        while (table[hole] != wanted) {
            if (table[hole] == 0) {
                throw new IllegalStateException("no such trace");
            }
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
            int home = (int) (table[i] >>> 32) & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                table[hole] = table[i];
                hole = i;
            }
        }
        table[hole] = 0;
        used[t]--;
        size--;
        page(entry)[at(entry) + LINKS] = (long) free << 32;
        free = entry;
        if (used[t] * 16 < table.length && table.length > 64) {
            resize(t, table.length / 2);
        }
    }

    /** How many traces are in a part. */
    int count(int part) {
        return used[part];
    }

    /** The entries of a part, in this array or a longer one, in no order. */
    int[] entries(int part, int[] into) {
        int[] found = into.length < used[part] ? new int[2 * used[part]] : into;
        int n = 0;
        for (long slot : slots[part]) {
            if (slot != 0) {
                found[n++] = (int) slot - 1;
            }
        }
        return found;
    }

    private int take() {
        if (free != NONE) {
            int entry = free;
            free = (int) (page(entry)[at(entry) + LINKS] >>> 32);
            return entry;
        }
        if (entries == pages.length << PAGE_BITS) {
            long[][] longer = Arrays.copyOf(pages, pages.length + 1);
            longer[pages.length] = new long[PAGE_ENTRIES * WORDS];
            pages = longer;
            if (moreWords > 0) {
                more = Arrays.copyOf(more, pages.length);
                more[pages.length - 1] = new long[moreWords << PAGE_BITS];
            }
        }
        return entries++;
    }

    private void resize(int t, int length) {
        long[] before = slots[t];
        long[] after = new long[length];
        for (long slot : before) {
            if (slot != 0) {
                put(after, slot);
            }
        }
        slots[t] = after;
        slotBytes += (long) (after.length - before.length) * Long.BYTES;
    }

    private static void put(long[] table, long slot) {
        int mask = table.length - 1;
        int i = (int) (slot >>> 32) & mask;
        while (table[i] != 0) {
            i = (i + 1) & mask;
        }
        table[i] = slot;
    }
}
