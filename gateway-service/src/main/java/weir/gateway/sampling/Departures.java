package weir.gateway.sampling;

import java.time.Duration;
import java.util.function.ObjLongConsumer;
import weir.otlp.Batch;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.TraceOwners;

/**
 * Undecided traces on their way to the gateways that own them now. What is not to be sent any more, because the members
 * changed or the owner will never take it, is given back, to be held undecided again.
 */
final class Departures extends OpenDeliveries {
    private static final Duration LONGEST_HINT = Duration.ofSeconds(5);

    private final SamplingMetrics metrics;
    private final long maxBytes;

    /** Of the next batch; none that {@link KeptBatches} counts. */
    private int number = Integer.MIN_VALUE;

    /** @param maxBytes beyond which {@link #isFull} says so */
    Departures(Ledger ledger, SamplingMetrics metrics, ShardJournal journal, long maxBytes, Runnable wake) {
        super(ledger, journal, LONGEST_HINT, wake);
        this.metrics = metrics;
        this.maxBytes = maxBytes;
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
        begin(new Departure(batch, to, traces, number++, neededFrom, owners));
    }

    /**
     * Sends again what is due, and gives back what is not to be sent any more.
     *
     * @param members the fingerprint of the members now; 0: nothing is to be sent any more
     * @param back takes a batch of which nothing is held here any more, and the first record of the journal that it needs
     */
    void settle(long nowNanos, long members, ObjLongConsumer<Batch> back) {
        settle(
                nowNanos,
                open -> open.isRejected() || open.batch.routedBy() != members,
                open -> back.accept(open.batch, open.neededFrom));
    }

    /** Whether no more should be sent until owners have taken some. */
    boolean isFull() {
        return bytes() >= maxBytes;
    }

    private final class Departure extends Open {
        private final int to;
        private final int traces;
        private final TraceOwners owners;

        private Departure(Batch batch, int to, int traces, int number, long neededFrom, TraceOwners owners) {
            super(batch, number, neededFrom);
            this.to = to;
            this.traces = traces;
            this.owners = owners;
        }

        @Override
        void send() {
            owners.send(batch, to, this);
        }

        @Override
        void taken(long spans) {
            metrics.handedOverTraces.add(traces);
            metrics.handedOverSpans.add(spans);
            super.taken(spans);
        }

        @Override
        void rejected(Reason reason) {
            comesBack();
        }
    }
}
