package weir.exporter.queue;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;
import weir.otlp.Batch;

/**
 * What a {@link StoredQueue} has in its journal: the batches that wait, of which the oldest are in memory too as far as there
 * is room, and how many were handed to the queue in memory. Guarded by the queue's lock.
 */
final class Backlog {
    private static final int FEWEST_HANDED = 64;

    /** A batch in the journal. */
    static final class Stored {
        final long id;
        final int items;
        final int length;
        /** Null when it must be read back. */
        private @Nullable Batch batch;

        Stored(long id, int items, int length) {
            this.id = id;
            this.items = items;
            this.length = length;
        }
    }

    /** A batch on its way to the queue in memory; null when it must be read back. */
    record Handing(Stored stored, @Nullable Batch batch) {}

    private final HeldBytes held;
    private final long maxBytes;
    private final int mostHanded;
    private final ArrayDeque<Stored> waiting = new ArrayDeque<>();
    private long bytes;
    private int handed;
    private long handedBytes;

    /**
     * @param maxBytes how much may be in memory
     * @param consumers how many requests the queue in memory sends at once
     */
    Backlog(HeldBytes held, long maxBytes, int consumers) {
        this.held = held;
        this.maxBytes = maxBytes;
        this.mostHanded = Math.max(FEWEST_HANDED, 4 * consumers);
    }

    /** Adds a batch that came last; it stays in memory if all before it do and there is room. */
    void add(Stored stored, Supplier<Batch> batch) {
        boolean inMemory = waiting.isEmpty() || waiting.getLast().batch != null;
        if (inMemory && bytes() + stored.length <= maxBytes) {
            stored.batch = batch.get();
            bytes += stored.length;
            held.add(stored.length);
        }
        waiting.add(stored);
    }

    /** The oldest one, to be handed on; null if there is none, or enough were. The queue in memory books its bytes. */
    @Nullable
    Handing take() {
        Stored next = waiting.peek();
        if (next == null || handed >= mostHanded || (handed > 0 && handedBytes + next.length > maxBytes)) {
            return null;
        }
        waiting.remove();
        handed++;
        handedBytes += next.length;
        Batch batch = next.batch;
        forget(next);
        return new Handing(next, batch);
    }

    /** One that was handed on is through. */
    void done(Stored stored) {
        handed--;
        handedBytes -= stored.length;
    }

    /** One that was handed on was not taken: it is the next again, to be read back. */
    void putBack(Stored stored) {
        done(stored);
        waiting.addFirst(stored);
    }

    private void forget(Stored stored) {
        if (stored.batch != null) {
            stored.batch = null;
            bytes -= stored.length;
            held.release(stored.length);
        }
    }

    /** Lets go of the memory. */
    void forgetAll() {
        waiting.forEach(this::forget);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && handed == 0;
    }

    /** What is in memory, with what was handed on. */
    long bytes() {
        return bytes + handedBytes;
    }
}
