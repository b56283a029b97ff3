package weir.gateway.sampling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import weir.pipeline.ToldDecisions;

/**
 * What one other sampler told of its decisions, by one set of policies. Only ever grows: one thread at a time adds, while any
 * thread may look.
 *
 * <p>A table with open addressing of the words that were told, 16 to 32 bytes a decision. A word is written once and whole, so
 * that who looks sees it or does not.
 */
final class ForeignMemory {
    /** What words have of the hash: see weir.gateway.v1. */
    static final long HASH = 0xfc03_ffff_ffff_fc00L;

    private static final long RESERVED = ~HASH & ~0x3ffL;
    private static final int VERDICT_SHIFT = 1;
    private static final int FIRST_POLICY = 2;
    private static final int LEAST = 64;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final String gateway;
    private final long seed;
    private final List<String> policies;
    /** Of {@link weir.flow.Timer#nanoTime}: when all of it is forgotten. */
    private final long untilNanos;

    private int count;
    private volatile long[] table = new long[LEAST];

    ForeignMemory(ToldDecisions told, long untilNanos) {
        this.gateway = told.gateway();
        this.seed = told.seed();
        this.policies = List.copyOf(told.policies());
        this.untilNanos = untilNanos;
    }

    /** Checks what was told. @throws IllegalArgumentException with a sentence */
    static void check(ToldDecisions told) {
        int most = FIRST_POLICY + told.policies().size();
        if (told.policies().size() > Decisions.MAX_POLICIES) {
            throw new IllegalArgumentException(told.policies().size() + " policies are too many");
        }
        for (long word : told.words()) {
            if ((word & RESERVED) != 0 || (word & 1) == 0 || verdict(word) >= Math.max(FIRST_POLICY, most)) {
                throw new IllegalArgumentException("0x" + Long.toHexString(word) + " is no decision");
            }
        }
    }

    /** Whether what was told belongs here: the same sampler's, by the same policies. */
    boolean isOf(ToldDecisions told) {
        return seed == told.seed() && gateway.equals(told.gateway()) && policies.equals(told.policies());
    }

    /** The name of the gateway that decided. */
    String gateway() {
        return gateway;
    }

    long untilNanos() {
        return untilNanos;
    }

    /** What the table would take with so many decisions more. */
    long bytesWith(int more) {
        return (long) length(count + more) * Long.BYTES;
    }

    long bytes() {
        return (long) table.length * Long.BYTES;
    }

    int size() {
        return count;
    }

    /** Adds what was told; how much of it was new. */
    int add(long[] words) {
        grow(length(count + words.length));
        int before = count;
        for (long word : words) {
            count += put(table, word) ? 1 : 0;
        }
        return count - before;
    }

    private static int length(int decisions) {
        int twice = Math.max(LEAST, 2 * decisions);
        return Integer.highestOneBit(twice - 1) << 1;
    }

    private void grow(int length) {
        long[] before = table;
        if (length > before.length) {
            long[] after = new long[length];
            for (long word : before) {
                if (word != 0) {
                    put(after, word);
                }
            }
            table = after;
        }
    }

    private static boolean put(long[] into, long word) {
        int mask = into.length - 1;
        int i = home(word, mask);
        while (into[i] != 0) {
            if (((into[i] ^ word) & HASH) == 0) {
                return false;
            }
            i = (i + 1) & mask;
        }
        WORDS.setRelease(into, i, word);
        return true;
    }

    /** Bits 10 to 41, as those from 58 alone are few. */
    private static int home(long word, int mask) {
        return (int) (word >>> 10) & mask;
    }

    /** The decision about a trace; 0 if none is known. */
    long find(long idHigh, long idLow) {
        long hash = TraceHash.of(idHigh, idLow, seed);
        long[] all = table;
        int mask = all.length - 1;
        int i = home(hash, mask);
        long word = (long) WORDS.getAcquire(all, i);
        while (word != 0 && ((word ^ hash) & HASH) != 0) {
            i = (i + 1) & mask;
            word = (long) WORDS.getAcquire(all, i);
        }
        return word;
    }

    private static int verdict(long word) {
        return (int) (word >>> VERDICT_SHIFT) & DecisionMemory.MAX_KEPT;
    }

    /** Whether a decision that was found was to keep the trace. */
    static boolean isKept(long word) {
        return verdict(word) != DecisionMemory.DROPPED;
    }

    /** The name of the policy that kept a trace, by the decision that was found; empty if it is not known. */
    String policy(long word) {
        int verdict = verdict(word);
        return verdict < FIRST_POLICY ? "" : policies.get(verdict - FIRST_POLICY);
    }

    /** All of it, to be passed on; by who adds. */
    ToldDecisions told(String sampler, Duration known) {
        long[] words = Arrays.stream(table).filter(word -> word != 0).toArray();
        return new ToldDecisions(gateway, sampler, seed, policies, words, known);
    }
}
