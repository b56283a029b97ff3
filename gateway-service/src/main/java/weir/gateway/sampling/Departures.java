package weir.gateway.sampling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.TraceOwners;

/**
 * Undecided traces on their way to the gateways that own them now: held here until the owner has answered, and sent again as
 * often as it asks for that. What is not to be sent any more, because the members changed or the owner will never take it,
 * is given back, to be held undecided again. All but the callbacks belongs to who holds the shard's lock.
 */
final class Departures {
    private static final long FIRST_RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Ledger ledger;
    private final SamplingMetrics metrics;
    private final ShardJournal journal;
    private final long maxBytes;
    private final Runnable wake;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Departure> returned = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Departure> waiting = new ArrayDeque<>();
    /** With a journal: all that may not be gone. */
    private final ArrayDeque<Departure> open = new ArrayDeque<>();

    /** Of the next batch; none that {@link KeptBatches} counts. */
    private int number = Integer.MIN_VALUE;

    private volatile boolean abandoned;

    /**
     * @param maxBytes beyond which {@link #isFull} says so
     * @param wake called from any thread when there is something to do
     */
    Departures(Ledger ledger, SamplingMetrics metrics, ShardJournal journal, long maxBytes, Runnable wake) {
        this.ledger = ledger;
        this.metrics = metrics;
        this.journal = journal;
        this.maxBytes = maxBytes;
        this.wake = wake;
    }

    /** The number that the next batch will have. */
    int nextNumber() {
        return number;
    }

    /**
     * Sends a batch, of which nothing is anywhere else in the shard.
     *
     * @param batch routed by the members among which the owner was found
     * @param to the owner's position among them
     * @param traces that have their last spans in it
     * @param neededFrom no record of the journal before this one is needed for it
     */
    void send(Batch batch, int to, int traces, long neededFrom, TraceOwners owners) {
        bytes.addAndGet(batch.length());
        count.incrementAndGet();
        Departure departure = new Departure(batch, to, traces, number++, neededFrom);
        if (journal.isOn()) {
            open.add(departure);
        }
        owners.send(batch, to, departure);
    }

    /**
     * Sends again what is due, and gives back what is not to be sent any more.
     *
     * @param members the fingerprint of the members now; 0: nothing is to be sent any more
     * @param back takes a batch of which nothing is held here any more, and the first record of the journal that it needs
     */
    void settle(long nowNanos, long members, TraceOwners owners, ObjLongConsumer<Batch> back) {
        for (Departure departure = returned.poll(); departure != null; departure = returned.poll()) {
            departure.dueNanos = nowNanos + departure.delayNanos();
            waiting.add(departure);
        }
        for (int n = waiting.size(); n > 0; n--) {
            Departure departure = waiting.remove();
            if (departure.rejected || departure.batch.routedBy() != members) {
                departure.gone();
                back.accept(departure.batch, departure.neededFrom);
            } else if (nowNanos - departure.dueNanos >= 0) {
                departure.attempts++;
                owners.send(departure.batch, departure.to, departure);
            } else {
                waiting.add(departure);
            }
        }
    }

    /** No record of the journal before this one is needed for what the owners have not taken yet. */
    long neededFrom() {
        open.removeIf(departure -> departure.gone);
        long needed = TraceJournal.NO_RECORD;
        for (Departure departure : open) {
            needed = Math.min(needed, departure.neededFrom);
        }
        return needed;
    }

    /** Whether no more should be sent until owners have taken some. */
    boolean isFull() {
        return bytes.get() >= maxBytes;
    }

    boolean isEmpty() {
        return count.get() == 0;
    }

    /** What the batches take that owners have not taken yet. Safe for use by any thread. */
    long bytes() {
        return bytes.get();
    }

    /** Drops what is here, and what will come back, unless it is in the journal; to be called when the shard's thread is gone. */
    void abandon() {
        abandoned = true;
        for (Departure back = returned.poll(); back != null; back = returned.poll()) {
            waiting.add(back);
        }
        for (Departure lost = waiting.poll(); lost != null; lost = waiting.poll()) {
            lost.drop();
        }
    }

    /** The way of one batch. */
    private final class Departure implements DeliveryCallback {
        private final Batch batch;
        private final int to;
        private final int traces;
        private final int number;
        private final long neededFrom;
        private int attempts;
        private long dueNanos;
        private volatile long hintNanos;
        private volatile boolean rejected;
        private volatile boolean gone;

        private Departure(Batch batch, int to, int traces, int number, long neededFrom) {
            this.batch = batch;
            this.to = to;
            this.traces = traces;
            this.number = number;
            this.neededFrom = neededFrom;
        }

        private long delayNanos() {
            long backoff = Math.min(LAST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(attempts, 16));
            return Math.max(backoff, Math.min(hintNanos, LAST_RETRY_NANOS));
        }

        @Override
        public void complete(Delivery delivery) {
            switch (delivery) {
                case Delivery.Accepted() -> taken(0);
                case Delivery.Partial(var missing, var reason, var _) -> {
                    long lost = Math.min(batch.items(), missing);
                    ledger.dropped(reason, lost);
                    taken(lost);
                }
                case Delivery.RetryLater(var after, var _, var _) -> {
                    hintNanos = after.toNanos();
                    comesBack();
                }
                case Delivery.Rejected _ -> {
                    rejected = true;
                    comesBack();
                }
            }
        }

        private void taken(long lost) {
            ledger.delivered(batch.items() - lost);
            metrics.handedOverTraces.add(traces);
            metrics.handedOverSpans.add(batch.items() - lost);
            journal.delivered(number);
            gone();
            wake.run();
        }

        private void comesBack() {
            returned.add(this);
            if (abandoned && returned.remove(this)) {
                drop();
            }
            wake.run();
        }

        private void drop() {
            if (!journal.isOn()) {
                ledger.dropped(Reason.SHUTDOWN_INCOMPLETE, batch.items());
            }
            gone();
        }

        private void gone() {
            gone = true;
            bytes.addAndGet(-batch.length());
            count.decrementAndGet();
        }
    }
}
