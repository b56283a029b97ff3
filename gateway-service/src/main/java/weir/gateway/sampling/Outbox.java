package weir.gateway.sampling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import weir.otlp.Batch;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/**
 * Kept batches on their way to the next component. One that is told to come back later is held and sent again, as often as
 * it takes; what it takes counts for the byte budget, so that a backend which takes nothing ends in senders being refused,
 * not in loss. All but the callbacks belongs to who holds the shard's lock.
 */
final class Outbox {
    private static final long FIRST_RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MAX_BATCHES = 256;

    private final Consumer next;
    private final Ledger ledger;
    private final Counter retries;
    private final Runnable wake;
    private final long maxBytes;
    private final ShardJournal journal;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger batches = new AtomicInteger();
    private final Queue<Outgoing> returned = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    /** With a journal: all that were sent and may not be gone, in their order. */
    private final ArrayDeque<Outgoing> open = new ArrayDeque<>();

    private volatile boolean abandoned;

    /**
     * @param maxBytes beyond which {@link #full} says so
     * @param wake called from any thread when there is something to do
     * @param journal told of what is delivered
     */
    Outbox(Consumer next, Ledger ledger, Counter retries, long maxBytes, Runnable wake, ShardJournal journal) {
        this.journal = journal;
        this.next = next;
        this.ledger = ledger;
        this.retries = retries;
        this.maxBytes = maxBytes;
        this.wake = wake;
    }

    /**
     * Sends a batch.
     *
     * @param number of the batch
     * @param neededFrom no record of the journal before this one is needed for it
     */
    void send(Batch batch, int number, long neededFrom) {
        bytes.addAndGet(batch.length());
        batches.incrementAndGet();
        Outgoing outgoing = new Outgoing(batch, number, neededFrom);
        if (journal.isOn()) {
            open.add(outgoing);
        }
        next.consume(batch, outgoing);
    }

    /** No record of the journal before this one is needed for what the next component has not taken yet. */
    long neededFrom() {
        open.removeIf(outgoing -> outgoing.gone);
        long needed = TraceJournal.NO_RECORD;
        for (Outgoing outgoing : open) {
            needed = Math.min(needed, outgoing.neededFrom);
        }
        return needed;
    }

    /** Sends again what is due. */
    void retry(long nowNanos) {
        for (Outgoing back = returned.poll(); back != null; back = returned.poll()) {
            retries.increment();
            back.dueNanos = nowNanos + back.delayNanos();
            waiting.add(back);
        }
        for (int n = waiting.size(); n > 0; n--) {
            Outgoing outgoing = waiting.remove();
            if (nowNanos - outgoing.dueNanos >= 0) {
                next.consume(outgoing.batch, outgoing.again());
            } else {
                waiting.add(outgoing);
            }
        }
    }

    /** Whether nothing more should be decided until the next component has taken some. */
    boolean full() {
        return bytes.get() >= maxBytes || batches.get() >= MAX_BATCHES;
    }

    boolean isEmpty() {
        return batches.get() == 0;
    }

    /** What the batches take that the next component has not taken yet. Safe for use by any thread. */
    long bytes() {
        return bytes.get();
    }

    /** Whether {@link #retry} has something to do soon. */
    boolean hasWaiting() {
        return !waiting.isEmpty() || !returned.isEmpty();
    }

    /**
     * Drops what waits to be sent again, and what will be told to, unless it is in the journal; to be called when the shard's
     * thread is gone.
     */
    void abandon() {
        abandoned = true;
        for (Outgoing back = returned.poll(); back != null; back = returned.poll()) {
            waiting.add(back);
        }
        for (Outgoing lost = waiting.poll(); lost != null; lost = waiting.poll()) {
            lost.drop();
        }
    }

    /** One delivery of a batch. */
    private final class Outgoing implements DeliveryCallback {
        private final Batch batch;
        private final int number;
        private final long neededFrom;
        private int attempts;
        private long dueNanos;
        private volatile long hintNanos;
        private volatile boolean gone;

        private Outgoing(Batch batch, int number, long neededFrom) {
            this.batch = batch;
            this.number = number;
            this.neededFrom = neededFrom;
        }

        /** A record of the journal is needed until what it says is where it outlives the process. */
        @Override
        public boolean awaitsBackend() {
            return journal.isOn();
        }

        private Outgoing again() {
            attempts++;
            return this;
        }

        private long delayNanos() {
            long backoff = Math.min(LAST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(attempts, 16));
            return Math.max(backoff, Math.min(hintNanos, Duration.ofMinutes(1).toNanos()));
        }

        @Override
        public void complete(Delivery delivery) {
            int items = batch.items();
            switch (delivery) {
                case Delivery.Accepted() -> ledger.delivered(items);
                case Delivery.Partial(var rejected, var reason, var _) -> {
                    long lost = Math.min(items, rejected);
                    ledger.dropped(reason, lost);
                    ledger.delivered(items - lost);
                }
                case Delivery.Rejected(var reason, var _) -> ledger.dropped(reason, items);
                case Delivery.RetryLater(var after, var _, var _) -> {
                    hintNanos = after.toNanos();
                    returned.add(this);
                    if (abandoned && returned.remove(this)) {
                        drop();
                    }
                    wake.run();
                    return;
                }
            }
            journal.delivered(number);
            gone();
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
            wake.run();
        }
    }
}
