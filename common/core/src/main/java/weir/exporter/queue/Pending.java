package weir.exporter.queue;

import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;

/**
 * A batch that a queue holds, from admission to its end. Guarded by the queue's lock, but for {@link #sending}.
 *
 * <pre>
 * fresh -> in flight -> settled
 *              |  ^
 *              v  |
 *          waiting -> due
 * </pre>
 */
final class Pending implements DeliveryCallback {
    private final SendingQueue queue;
    final Batch batch;

    /** Who waits for the backend's answer; null when delivery was completed on admission. */
    final @Nullable DeliveryCallback answer;

    int tries;
    long firstTryNanos;
    boolean settled;

    /** It was sent before the queue was told that it may be another backend's. */
    boolean outdated;

    /** The end of the wait for the next try; null when it does not wait. */
    Timer.@Nullable Cancellable waiting;

    /** The thread that is inside the sender's call with it: a completion by the same one must not recurse. */
    volatile @Nullable Thread sending;

    Pending(SendingQueue queue, Batch batch, @Nullable DeliveryCallback answer) {
        this.queue = queue;
        this.batch = batch;
        this.answer = answer;
    }

    @Override
    public void complete(Delivery delivery) {
        queue.ended(this, delivery);
    }
}
