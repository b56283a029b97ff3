package weir.gateway.sampling;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.otlp.TraceIndex;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** One request on its way into the shards: its delivery is completed when all that have a part in it have appended theirs. */
final class Submission {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    final TraceIndex index;
    final int items;

    /** The record of the journal that holds the request, or {@link TraceJournal#NO_RECORD}. */
    final long record;

    /** The spans in the order of shards, and where each shard's begin in it; null if there is just one shard. */
    final int @Nullable [] order;

    final int @Nullable [] starts;

    private final AtomicInteger open;
    private final AtomicLong failed = new AtomicLong();
    private volatile Reason why = Reason.INTERNAL_ERROR;
    private final Consumer<Submission> whenDone;

    /**
     * @param record see {@link #record}
     * @param whenDone called once by the shard that is last; asks for {@link #outcome}
     */
    Submission(
            TraceIndex index,
            long record,
            int @Nullable [] order,
            int @Nullable [] starts,
            int shards,
            Consumer<Submission> whenDone) {
        this.index = index;
        this.record = record;
        this.items = index.spans();
        this.order = order;
        this.starts = starts;
        this.open = new AtomicInteger(shards);
        this.whenDone = whenDone;
    }

    /** How many of its spans are a shard's. */
    int items(int shard) {
        return starts == null ? items : starts[shard + 1] - starts[shard];
    }

    /** A shard is through with its part; it could not take so many of its spans. */
    void done(int failedSpans, Reason reason) {
        if (failedSpans > 0) {
            why = reason;
            failed.addAndGet(failedSpans);
        }
        if (open.decrementAndGet() == 0) {
            whenDone.accept(this);
        }
    }

    Delivery outcome() {
        long lost = failed.get();
        if (lost == 0) {
            return Delivery.ACCEPTED;
        }
        if (lost < items) {
            return new Delivery.Partial(lost, why, "could not take " + lost + " spans; see the log");
        }
        return why == Reason.INTERNAL_ERROR
                ? Delivery.rejected(why, "the sampler failed; see the log")
                : Delivery.retryLater(AFTER_FAILURE, why, "the sampler cannot take the request now");
    }
}
