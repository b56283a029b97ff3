package weir.gateway.sampling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;

/**
 * Batches that a shard has sent and nobody has taken yet. One that is told to come back later is held and sent again, as often
 * as it takes. All but the callbacks belongs to who holds the shard's lock.
 */
abstract sealed class OpenDeliveries permits Outbox, Departures {
    private static final long FIRST_RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    final Ledger ledger;
    final ShardJournal journal;
    private final long longestHintNanos;
    private final Runnable wake;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger batches = new AtomicInteger();
    private final Queue<Open> returned = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Open> waiting = new ArrayDeque<>();
    /** With a journal: all that were sent and may not be gone. */
    private final ArrayDeque<Open> noted = new ArrayDeque<>();

    private volatile boolean abandoned;

    /**
     * @param journal told of what needs no more deliveries
     * @param longestHint who asks for more time is asked again after this nevertheless
     * @param wake called from any thread when there is something to do
     */
    OpenDeliveries(Ledger ledger, ShardJournal journal, Duration longestHint, Runnable wake) {
        this.ledger = ledger;
        this.journal = journal;
        this.longestHintNanos = longestHint.toNanos();
        this.wake = wake;
    }

    /** Sends a batch for the first time. */
    final void begin(Open open) {
        bytes.addAndGet(open.batch.length());
        batches.incrementAndGet();
        if (journal.isOn()) {
            noted.add(open);
        }
        open.send();
    }

    /**
     * Sends again what is due.
     *
     * @param over which are not to be sent any more
     * @param back takes these; nothing of them is held here then
     */
    final void settle(long nowNanos, Predicate<Open> over, Consumer<Open> back) {
        for (Open open = returned.poll(); open != null; open = returned.poll()) {
            open.dueNanos = nowNanos + open.delayNanos();
            waiting.add(open);
        }
        for (int n = waiting.size(); n > 0; n--) {
            Open open = waiting.remove();
            if (over.test(open)) {
                open.gone();
                back.accept(open);
            } else if (nowNanos - open.dueNanos >= 0) {
                open.attempts++;
                open.send();
            } else {
                waiting.add(open);
            }
        }
    }

    /** No record of the journal before this one is needed for what nobody has taken yet. */
    final long neededFrom() {
        noted.removeIf(open -> open.gone);
        long needed = TraceJournal.NO_RECORD;
        for (Open open : noted) {
            needed = Math.min(needed, open.neededFrom);
        }
        return needed;
    }

    final boolean isEmpty() {
        return batches.get() == 0;
    }

    /** How many batches nobody has taken yet. Safe for use by any thread. */
    final int batches() {
        return batches.get();
    }

    /** What they take. Safe for use by any thread. */
    final long bytes() {
        return bytes.get();
    }

    /** Whether {@link #settle} has something to do soon. */
    final boolean hasWaiting() {
        return !waiting.isEmpty() || !returned.isEmpty();
    }

    /**
     * Drops what waits to be sent again, and what will be told to, unless it is in the journal; to be called when the shard's
     * thread is gone.
     */
    final void abandon() {
        abandoned = true;
        for (Open back = returned.poll(); back != null; back = returned.poll()) {
            waiting.add(back);
        }
        for (Open lost = waiting.poll(); lost != null; lost = waiting.poll()) {
            lost.drop();
        }
    }

    /** The way of one batch. */
    abstract class Open implements DeliveryCallback {
        final Batch batch;
        final long neededFrom;
        private final int number;
        private int attempts;
        private long dueNanos;
        private volatile long hintNanos;
        private volatile boolean rejected;
        private volatile boolean gone;

        /**
         * @param number by which the journal knows the batch
         * @param neededFrom no record of the journal before this one is needed for it
         */
        Open(Batch batch, int number, long neededFrom) {
            this.batch = batch;
            this.number = number;
            this.neededFrom = neededFrom;
        }

        /** One try. */
        abstract void send();

        /** Whether it was sent before. */
        final boolean isRetry() {
            return attempts > 0;
        }

        /** It will never be taken: to be {@linkplain #end ended}, or {@linkplain #comesBack to come back}; on any thread. */
        abstract void rejected(Reason reason);

        /** Whether it will never be taken. */
        final boolean isRejected() {
            return rejected;
        }

        @Override
        public final void complete(Delivery delivery) {
            switch (delivery) {
                case Delivery.Accepted() -> taken(batch.items());
                case Delivery.Partial(var missing, var reason, var _) -> {
                    long lost = Math.min(batch.items(), missing);
                    ledger.dropped(reason, lost);
                    taken(batch.items() - lost);
                }
                case Delivery.Rejected(var reason, var _) -> {
                    rejected = true;
                    rejected(reason);
                }
                case Delivery.RetryLater(var after, var _, var _) -> {
                    hintNanos = after.toNanos();
                    comesBack();
                }
            }
        }

        /** So many of its spans were taken, the others dropped; on any thread. */
        void taken(long spans) {
            ledger.delivered(spans);
            end();
        }

        /** It needs no more deliveries. */
        final void end() {
            journal.delivered(number);
            gone();
            wake.run();
        }

        /** It waits for {@link #settle}. */
        final void comesBack() {
            returned.add(this);
            if (abandoned && returned.remove(this)) {
                drop();
            }
            wake.run();
        }

        private long delayNanos() {
            long backoff = Math.min(LAST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(attempts, 16));
            return Math.max(backoff, Math.min(hintNanos, longestHintNanos));
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
            batches.decrementAndGet();
        }
    }
}
