package weir.otlp;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The index of a request that a component made anew: made when somebody first asks for it, and the same for all who ask. Whoever
 * lends it with a batch takes it back, once, when the delivery of that batch is completed. For any thread; none waits.
 */
public final class LentIndex {
    /** Kept for use again by all who lend: about as many as requests are under way at once. */
    private static final TraceIndexes FREE = new TraceIndexes(64);

    private final AtomicReference<@Nullable TraceIndex> made = new AtomicReference<>();

    /** @throws MalformedOtlpException if the batch holds more than {@link TraceIndex#MAX_SPANS} */
    TraceIndex of(Batch batch) throws MalformedOtlpException {
        TraceIndex known = made.get();
        if (known != null) {
            return known;
        }
        TraceIndex mine = FREE.take();
        mine.indexChecked(batch.bytes(), batch.offset(), batch.length());
        TraceIndex other = made.compareAndExchange(null, mine);
        if (other == null) {
            return mine;
        }
        FREE.give(mine);
        return other;
    }

    /** Nobody reads the index any more. */
    public void takeBack() {
        TraceIndex index = made.getAndSet(null);
        if (index != null) {
            FREE.give(index);
        }
    }
}
