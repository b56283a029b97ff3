package weir.gateway.sampling;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * What was decided lately, for spans that come late: a fingerprint of 46 bits, the policy that kept the trace, and the time,
 * 8 bytes a decision in fixed memory. Two generations in each of 64 parts: when the young one of a part is full it becomes
 * the old one, and what was old is forgotten; so at least the latest {@code capacity} decisions are known, give or take how
 * evenly ids hash. Parts grow and turn over one by one, so that no call takes long. Belongs to who holds the shard's lock.
 *
 * <pre>
 * word = time:14 (in units of 64 ticks) | bits 10 to 49 of the hash:40 | verdict:9 | 1
 * part = the highest 6 bits of the hash
 * </pre>
 *
 * <p>A new trace whose hash agrees with a remembered one in 46 bits takes over its decision: with a million decisions remembered,
 * one trace in 50 million or so.
 */
final class DecisionMemory {
    /** Nothing is known of the trace. */
    static final int UNKNOWN = -1;

    /** The trace was dropped; numbers above say which policy kept it. */
    static final int DROPPED = 0;

    /** The highest number of a policy that can be remembered. */
    static final int MAX_KEPT = 511;

    /** What {@link #find} gives for a trace of which nothing is known. */
    static final long NOTHING = 0;

    /** Into how many it is divided. */
    static final int PARTS = 64;

    private static final int PART_SHIFT = 58;
    private static final long PRESENT = 1;
    private static final int VERDICT_SHIFT = 1;
    private static final int TIME_SHIFT = 50;
    private static final int TIME_MASK = (1 << 14) - 1;
    private static final int TICK_BITS = 6;
    private static final long FINGERPRINT = (1L << TIME_SHIFT) - (1L << 10);

    private final int capacity;
    private final long[][] young = new long[PARTS][16];
    private final long[][] old = new long[PARTS][0];
    private final int[] count = new int[PARTS];

    /** @param decisions how many are remembered at the least */
    DecisionMemory(int decisions) {
        capacity = Math.max(8, (decisions + PARTS - 1) / PARTS);
    }

    /** {@link #UNKNOWN}, {@link #DROPPED} or the number of the policy that kept the trace. */
    int verdict(long hash) {
        long known = find(hash);
        return known == NOTHING ? UNKNOWN : verdictOf(known);
    }

    /** What is known of a trace, for {@link #verdictOf} and {@link #ticksSince}; {@link #NOTHING}: nothing. */
    long find(long hash) {
        int part = (int) (hash >>> PART_SHIFT);
        long known = find(young[part], hash);
        return known == NOTHING ? find(old[part], hash) : known;
    }

    /** {@link #DROPPED} or the number of the policy that kept the trace. */
    static int verdictOf(long known) {
        return (int) (known >>> VERDICT_SHIFT) & MAX_KEPT;
    }

    /**
     * How many ticks ago a trace was decided, within 64 ticks; begins anew after some million ticks, which are close to three
     * hours.
     */
    static int ticksSince(long known, int tick) {
        int then = (int) (known >>> TIME_SHIFT);
        return (((tick >>> TICK_BITS) - then) & TIME_MASK) << TICK_BITS;
    }

    /** Reads where a decision would be found, so that it is in the processor's cache soon. */
    long touch(long hash) {
        int part = (int) (hash >>> PART_SHIFT);
        long[] now = young[part];
        long[] before = old[part];
        return now[home(hash, now.length - 1)] + (before.length == 0 ? 0 : before[home(hash, before.length - 1)]);
    }

    void remember(long hash, int verdict, int tick) {
        long time = (long) (tick >>> TICK_BITS) << TIME_SHIFT;
        put((int) (hash >>> PART_SHIFT), time | (hash & FINGERPRINT) | ((long) verdict << VERDICT_SHIFT) | PRESENT);
    }

    private void put(int part, long word) {
        if (count[part] == capacity) {
            turnOver(part);
        } else if (count[part] * 2 >= young[part].length) {
            grow(part);
        }
        put(young[part], word);
        count[part]++;
    }

    /** Gives the policies of remembered decisions other numbers, by their former ones. */
    void renumber(int[] numbers) {
        for (int part = 0; part < PARTS; part++) {
            renumber(young[part], numbers);
            renumber(old[part], numbers);
        }
    }

    private static void renumber(long[] table, int[] numbers) {
        for (int i = 0; i < table.length; i++) {
            int verdict = (int) (table[i] >>> VERDICT_SHIFT) & MAX_KEPT;
            if (verdict != DROPPED) {
                table[i] += (long) (numbers[verdict] - verdict) << VERDICT_SHIFT;
            }
        }
    }

    /** All it knows, for {@link #recall}: of each part how many decisions, and their words, the older generation first. */
    long[] words(int tick) {
        LongStream.Builder all = LongStream.builder();
        for (int part = 0; part < PARTS; part++) {
            all.add(present(old[part]).count() + present(young[part]).count());
            LongStream.concat(present(old[part]), present(young[part])).forEach(word -> all.add(aged(word, tick)));
        }
        return all.build().toArray();
    }

    /** What a part remembered within the last so many ticks, in words of weir.gateway.v1; the latest generation first. */
    long[] told(int part, int ticks, int tick) {
        long ofPart = (long) part << PART_SHIFT;
        return LongStream.concat(present(young[part]), present(old[part]))
                .filter(word -> ticksSince(word, tick) <= ticks)
                .map(word -> (word & ((1L << TIME_SHIFT) - 1)) | ofPart)
                .toArray();
    }

    private static LongStream present(long[] table) {
        return Arrays.stream(table).filter(word -> word != 0);
    }

    /** The word as if now were tick 0. */
    private static long aged(long word, int tick) {
        long time = ((word >>> TIME_SHIFT) - (tick >>> TICK_BITS)) & TIME_MASK;
        return (word & ((1L << TIME_SHIFT) - 1)) | time << TIME_SHIFT;
    }

    /** Knows what {@link #words} told, of a memory whose hashes had the same seed; to be called before tick 64. */
    void recall(long[] words) {
        int at = 0;
        for (int part = 0; part < PARTS && at < words.length; part++) {
            long end = Math.min(words.length, at + 1 + words[at]);
            for (at++; at < end; at++) {
                put(part, words[at]);
            }
        }
    }

    private void turnOver(int part) {
        long[] forgotten = old[part];
        old[part] = young[part];
        if (forgotten.length == young[part].length) {
            Arrays.fill(forgotten, 0);
            young[part] = forgotten;
        } else {
            young[part] = new long[young[part].length];
        }
        count[part] = 0;
    }

    private void grow(int part) {
        long[] before = young[part];
        long[] after = new long[before.length * 2];
        for (long word : before) {
            if (word != 0) {
                put(after, word);
            }
        }
        young[part] = after;
    }

    private static long find(long[] table, long hash) {
        int mask = table.length - 1;
        if (mask < 0) {
            return 0;
        }
        int i = home(hash, mask);
        long word = table[i];
        while (word != 0) {
            if (((word ^ hash) & FINGERPRINT) == 0) {
                return word;
            }
            i = (i + 1) & mask;
            word = table[i];
        }
        return 0;
    }

    private static void put(long[] table, long word) {
        int mask = table.length - 1;
        int i = home(word, mask);
        while (table[i] != 0) {
            i = (i + 1) & mask;
        }
        table[i] = word;
    }

    /** Bits 10 to 41: part of the fingerprint, apart from those that chose the part. */
    private static int home(long word, int mask) {
        return (int) (word >>> 10) & mask;
    }
}
