package weir.gateway.sampling;

import weir.pipeline.Ledger;
import weir.pipeline.Reason;

/** Spans that a shard lost or dropped and has not booked yet. Belongs to who holds the shard's lock. */
final class Losses {
    private long notSampled;
    private long pendingDropped;
    private long broken;

    /** Dropped by decisions. */
    void notSampled(long spans) {
        notSampled += spans;
    }

    /** Dropped undecided because the process stops and the file says so. */
    void pendingDropped(long spans) {
        pendingDropped += spans;
    }

    /** Lost in failures. */
    void broken(long spans) {
        broken += spans;
    }

    /** Books all that there are. */
    void settle(Ledger ledger) {
        settle(ledger, Reason.NOT_SAMPLED, notSampled);
        settle(ledger, Reason.SHUTDOWN_INCOMPLETE, pendingDropped);
        settle(ledger, Reason.INTERNAL_ERROR, broken);
        notSampled = 0;
        pendingDropped = 0;
        broken = 0;
    }

    private static void settle(Ledger ledger, Reason reason, long spans) {
        if (spans > 0) {
            ledger.dropped(reason, spans);
        }
    }
}
