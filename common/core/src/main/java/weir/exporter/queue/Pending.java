package weir.exporter.queue;

import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;

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

    /** Not changed while it waits. */
    private volatile Progress progress;

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
        this.progress = new Progress(batch, 0, Reason.BACKEND_REJECTED);
        this.answer = answer;
    }

    /** What is to be sent with the next try. */
    Batch rest() {
        return progress.rest;
    }

    /** How many items need no more tries. */
    int done() {
        return batch.items() - progress.rest.items();
    }

    /** How those ended. */
    Delivery outcomeOfDone() {
        Progress now = progress;
        return now.rejected == 0
                ? Delivery.ACCEPTED
                : new Delivery.Partial(now.rejected, now.why, "the backend rejected a part of a request");
    }

    /** How all of it ended, when the rest did so. */
    Delivery outcome(Delivery ofRest) {
        if (done() == 0) {
            return ofRest;
        }
        long before = progress.rejected;
        int rest = progress.rest.items();
        return switch (ofRest) {
            case Delivery.Accepted() -> outcomeOfDone();
            case Delivery.Partial(var more, var why, var message) -> new Delivery.Partial(before + more, why, message);
            case Delivery.Rejected(var why, var message) -> new Delivery.Partial(before + rest, why, message);
            // Who waits for the answer and sends it again sends all of it again.
            case Delivery.RetryLater(var _, var why, var message) ->
                answer == null ? new Delivery.Partial(before + rest, why, message) : ofRest;
        };
    }

    @Override
    public void leaves(Batch rest, long rejected, Reason why) {
        Progress now = progress;
        progress = new Progress(rest, now.rejected + rejected, rejected > 0 ? why : now.why);
    }

    @Override
    public void complete(Delivery delivery) {
        queue.ended(this, delivery);
    }

    /** What is still to be sent, and how many items will never be, and why. */
    private record Progress(Batch rest, long rejected, Reason why) {}
}
