package weir.gateway.sampling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.journal.AppendCallback;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;

/** A request on its way into shards and journal: its delivery is completed when it is in both. */
final class Acknowledgement implements AppendCallback, Consumer<Submission> {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final TraceJournal journal;
    private final DeliveryCallback done;
    private final Runnable whenTakenIn;
    private final AtomicInteger open = new AtomicInteger(2);
    private volatile boolean unsafe;
    private volatile @Nullable Submission taken;

    /** @param whenTakenIn lets go of what the shards do not need any more */
    Acknowledgement(TraceJournal journal, DeliveryCallback done, Runnable whenTakenIn) {
        this.journal = journal;
        this.done = done;
        this.whenTakenIn = whenTakenIn;
    }

    /** The journal has written it, or could not. */
    @Override
    public void complete(long id, boolean safe) {
        unsafe = !safe;
        settle();
    }

    /** The shards have taken in what is theirs, or could not. */
    @Override
    public void accept(Submission submission) {
        whenTakenIn.run();
        taken = submission;
        settle();
    }

    private void settle() {
        if (open.decrementAndGet() > 0) {
            return;
        }
        Submission submission = Objects.requireNonNull(taken);
        Delivery outcome = submission.outcome();
        switch (outcome) {
            case Delivery.Accepted _, Delivery.Partial _ -> journal.takenIn(submission.record);
            case Delivery.RetryLater _, Delivery.Rejected _ -> journal.discard(submission.record);
        }
        // The shards go on with the spans and account for them; who sends them once more is better off than who does
        // not.
        done.complete(
                unsafe && outcome instanceof Delivery.Accepted
                        ? Delivery.retryLater(
                                AFTER_FAILURE, Reason.QUEUE_FULL, "the journal could not write; see the log")
                        : outcome);
    }
}
