package weir.gateway.sampling;

import java.time.Duration;
import weir.otlp.Batch;
import weir.pipeline.Consumer;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/**
 * Kept batches on their way to the next component. What it has not taken counts for the byte budget, so that a backend which
 * takes nothing ends in senders being refused, not in loss.
 */
final class Outbox extends OpenDeliveries {
    private static final Duration LONGEST_HINT = Duration.ofMinutes(1);
    private static final int MAX_BATCHES = 256;

    private final Consumer next;
    private final Counter retries;
    private final long maxBytes;

    /** @param maxBytes beyond which {@link #full} says so */
    Outbox(Consumer next, Ledger ledger, Counter retries, long maxBytes, Runnable wake, ShardJournal journal) {
        super(ledger, journal, LONGEST_HINT, wake);
        this.next = next;
        this.retries = retries;
        this.maxBytes = maxBytes;
    }

    /**
     * Sends a batch.
     *
     * @param number of the batch
     * @param neededFrom no record of the journal before this one is needed for it
     */
    void send(Batch batch, int number, long neededFrom) {
        begin(new Outgoing(batch, number, neededFrom));
    }

    /** Sends again what is due. */
    void retry(long nowNanos) {
        settle(nowNanos, _ -> false, _ -> {});
    }

    /** Whether nothing more should be decided until the next component has taken some. */
    boolean full() {
        return bytes() >= maxBytes || batches() >= MAX_BATCHES;
    }

    private final class Outgoing extends Open {
        private Outgoing(Batch batch, int number, long neededFrom) {
            super(batch, number, neededFrom);
        }

        /** A record of the journal is needed until what it says is where it outlives the process. */
        @Override
        public boolean awaitsBackend() {
            return journal.isOn();
        }

        @Override
        void send() {
            if (isRetry()) {
                retries.increment();
            }
            next.consume(batch, this);
        }

        @Override
        void rejected(Reason reason) {
            ledger.dropped(reason, batch.items());
            end();
        }
    }
}
