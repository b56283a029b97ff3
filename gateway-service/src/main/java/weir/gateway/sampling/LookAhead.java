package weir.gateway.sampling;

import org.jspecify.annotations.Nullable;
import weir.otlp.TraceIndex;

/**
 * Reads what will be read of some traces soon: the reads do not wait for each other here, and each of them would wait for
 * memory otherwise. Belongs to who holds the shard's lock.
 */
final class LookAhead {
    /** The most spans at once. */
    static final int SPANS = 64;

    private final TraceTable table;
    private final DecisionMemory memory;
    private final long seed;
    private final long[] hashes = new long[SPANS];
    private final long[] slots = new long[SPANS];

    /** Written so that the reads are not optimised away. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    LookAhead(TraceTable table, DecisionMemory memory, long seed) {
        this.table = table;
        this.memory = memory;
        this.seed = seed;
    }

    /**
     * Hashes the trace ids of spans that will be taken in.
     *
     * @param order numbers of spans; null: all of the request, one after the other
     * @param n at most {@link #SPANS}
     * @return the hash of each, until the next call
     */
    long[] spans(TraceIndex index, int @Nullable [] order, int from, int n) {
        long sum = 0;
        long high = 0;
        long low = 0;
        for (int k = 0; k < n; k++) {
            int span = order == null ? from + k : order[from + k];
            long h = index.traceIdHigh(span);
            long l = index.traceIdLow(span);
            if (k > 0 && l == low && h == high) {
                hashes[k] = hashes[k - 1];
                slots[k] = 0;
            } else {
                long hash = TraceHash.of(h, l, seed);
                hashes[k] = hash;
                slots[k] = table.touch(hash);
                sum += memory.touch(hash);
                high = h;
                low = l;
            }
        }
        for (int k = 0; k < n; k++) {
            if (slots[k] != 0) {
                sum += table.touchEntry(slots[k]);
            }
        }
        touched = sum;
        return hashes;
    }

    /** The same for traces that will be decided. */
    void traces(int[] entries, int n, TraceSummary trace) {
        long sum = 0;
        for (int k = 0; k < n; k++) {
            long hash = trace.at(entries[k]).hash(seed);
            sum += table.touch(hash) + memory.touch(hash);
        }
        touched = sum;
    }
}
