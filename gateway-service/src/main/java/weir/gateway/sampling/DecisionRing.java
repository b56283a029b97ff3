package weir.gateway.sampling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The latest decisions of a shard, each with the numbers that policies looked at, so that it can be explained when somebody
 * asks: no text is made before. Written by who holds the shard's lock; readers copy, without the lock.
 *
 * <pre>
 * decision (in pages of 1024, made as needed)
 *   0 - 6     the entry of {@link TraceTable}, up to its flags
 *   7         Unix milliseconds of the decision:56 | trigger:8
 *   8         number of the set of policies:32 | {@link PolicySet#decide}'s answer:32
 *   9         how many policies were asked:32 | milliseconds waited:32
 *   10 -      one bit for each policy that voted SAMPLED or DROPPED
 *   then      the further words of conditions that spans met
 * </pre>
 */
final class DecisionRing {
    static final int VOTES = 10;
    static final int TIME = 7;
    static final int DECISION = 8;
    static final int ASKED = 9;
    static final int TRIGGER_BITS = 8;

    private static final int PAGE_BITS = 10;
    private static final int PAGE_DECISIONS = 1 << PAGE_BITS;
    private static final VarHandle BEGUN;
    private static final VarHandle WRITTEN;

    static {
        try {
            BEGUN = MethodHandles.lookup().findVarHandle(DecisionRing.class, "begun", long.class);
            WRITTEN = MethodHandles.lookup().findVarHandle(DecisionRing.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int voteWords;
    private final int words;
    private final int capacity;
    private final long[][] pages;

    /** How many decisions were begun to be written, and how many are. */
    @SuppressWarnings("unused") // By handle.
    private long begun;

    @SuppressWarnings("unused") // By handle.
    private long written;

    /**
     * @param maxBytes that it may take
     * @param policies how many can have voted
     * @param conditionWords as {@link TraceTable#conditionWords()}
     */
    DecisionRing(long maxBytes, int policies, int conditionWords) {
        voteWords = (policies + Long.SIZE - 1) / Long.SIZE;
        words = VOTES + voteWords + conditionWords - 1;
        long pageBytes = (long) words * Long.BYTES * PAGE_DECISIONS;
        int most = (int) Math.min(1 << 16, maxBytes / pageBytes);
        pages = new long[most][];
        capacity = most * PAGE_DECISIONS;
    }

    /** Whether decisions of such policies fit. */
    boolean fits(int policies, int conditionWords) {
        return voteWords == (policies + Long.SIZE - 1) / Long.SIZE && words == VOTES + voteWords + conditionWords - 1;
    }

    /** How many decisions it can hold. */
    int capacity() {
        return capacity;
    }

    /** Whether a decision will take the place of another one. To be asked by the writer. */
    boolean isFull() {
        return capacity > 0 && written >= capacity;
    }

    /**
     * Writes a decision; nothing if there is no room for any.
     *
     * @param votes as many bits as policies
     */
    void add(
            TraceSummary trace,
            long unixMillis,
            Trigger trigger,
            long setAndDecision,
            long askedAndWaited,
            long[] votes) {
        if (capacity == 0) {
            return;
        }
        long n = written;
        BEGUN.setOpaque(this, n + 1);
        VarHandle.storeStoreFence();
        int place = (int) (n % capacity);
        long[] page = pages[place >>> PAGE_BITS];
        if (page == null) {
            page = new long[words << PAGE_BITS];
            pages[place >>> PAGE_BITS] = page;
        }
        int at = (place & (PAGE_DECISIONS - 1)) * words;
        trace.copyTo(page, at);
        page[at + TIME] = unixMillis << TRIGGER_BITS | trigger.ordinal();
        page[at + DECISION] = setAndDecision;
        page[at + ASKED] = askedAndWaited;
        for (int i = 0; i < voteWords; i++) {
            page[at + VOTES + i] = votes[i];
        }
        for (int i = VOTES + voteWords, word = 1; i < words; i++, word++) {
            page[at + i] = trace.met(word);
        }
        WRITTEN.setRelease(this, n + 1);
    }

    /** A copy of the latest decision about a trace; null if there is none. */
    long @Nullable [] find(long idHigh, long idLow) {
        long end = (long) WRITTEN.getAcquire(this);
        for (long n = end - 1; n >= Math.max(0, end - capacity); n--) {
            int place = (int) (n % capacity);
            long[] page = pages[place >>> PAGE_BITS];
            int at = (place & (PAGE_DECISIONS - 1)) * words;
            if (page[at + TraceTable.ID_LOW] == idLow && page[at + TraceTable.ID_HIGH] == idHigh) {
                return copy(n, page, at);
            }
        }
        return null;
    }

    /** When the oldest decision was made, in Unix milliseconds; 0 if there is none. */
    long since() {
        long end = (long) WRITTEN.getAcquire(this);
        for (long n = Math.max(0, end - capacity); n < end; n++) {
            int place = (int) (n % capacity);
            long @Nullable [] copy = copy(n, pages[place >>> PAGE_BITS], (place & (PAGE_DECISIONS - 1)) * words);
            if (copy != null) {
                return copy[TIME] >>> TRIGGER_BITS;
            }
        }
        return 0;
    }

    private long @Nullable [] copy(long n, long[] page, int at) {
        long[] copy = new long[words];
        System.arraycopy(page, at, copy, 0, words);
        VarHandle.loadLoadFence();
        // What is begun now may be another decision at the same place.
        return (long) BEGUN.getOpaque(this) - capacity > n ? null : copy;
    }

    /** How a policy voted: whether it would do something about the trace. */
    static boolean voted(long[] decision, int policy) {
        return (decision[VOTES + (policy >>> 6)] & 1L << policy) != 0;
    }

    /** Where the further words of conditions begin in a decision. */
    int more() {
        return VOTES + voteWords;
    }
}
