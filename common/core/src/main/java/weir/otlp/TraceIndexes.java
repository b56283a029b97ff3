package weir.otlp;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Indexes to be used again. A receiver takes one per request and gives it back, once, when the delivery of the batch that it
 * lent it to is completed. Any thread may do either; none waits: an empty pool makes a new index, a full one lets go of it.
 */
public final class TraceIndexes {
    /** Above this an index (52 bytes a span) is not kept, so that one huge request does not stay in memory forever. */
    private static final int MAX_KEPT_SPANS = 1 << 14;

    private final AtomicReferenceArray<@Nullable TraceIndex> free;

    /** @param maxKept how many indexes to keep at most, about as many as requests are under way at once */
    public TraceIndexes(int maxKept) {
        free = new AtomicReferenceArray<>(maxKept);
    }

    /** An index that belongs to the caller until it is given back; never giving it back harms nothing. */
    public TraceIndex take() {
        for (int i = 0; i < free.length(); i++) {
            if (free.get(i) != null) {
                TraceIndex index = free.getAndSet(i, null);
                if (index != null) {
                    return index;
                }
            }
        }
        return new TraceIndex();
    }

    /** Gives back an index that nobody reads any more; its request is forgotten. */
    public void give(TraceIndex index) {
        index.clear();
        if (index.capacity() > MAX_KEPT_SPANS) {
            return;
        }
        for (int i = 0; i < free.length(); i++) {
            if (free.get(i) == null && free.compareAndSet(i, null, index)) {
                return;
            }
        }
    }
}
