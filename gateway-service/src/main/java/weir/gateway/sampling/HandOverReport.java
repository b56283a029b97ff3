package weir.gateway.sampling;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Says in the log how long a shard took to hand over what others own since the members changed, from the begin of a round to
 * the answer to the last batch. Belongs to who holds the shard's lock.
 */
final class HandOverReport {
    private static final double NANOS = 1e9;

    private final Logger logger;
    private final int shard;
    private long beganNanos;
    private long traces;
    private long spans;
    private long bytes;

    HandOverReport(Logger logger, int shard) {
        this.logger = logger;
        this.shard = shard;
    }

    /** A round begins. */
    void begin(long nowNanos) {
        beganNanos = nowNanos;
        traces = 0;
        spans = 0;
        bytes = 0;
    }

    /** A batch was sent, which may come back. */
    void gave(int ofTraces, int ofSpans, int ofBytes) {
        traces += ofTraces;
        spans += ofSpans;
        bytes += ofBytes;
    }

    /** The round is over, and nothing that was sent is open. */
    void done(long nowNanos) {
        if (spans > 0) {
            logger.log(
                    Level.INFO,
                    "shard {0} handed over {1} spans of {2} traces, {3} KiB, in {4} s",
                    shard,
                    spans,
                    traces,
                    bytes >> 10,
                    (nowNanos - beganNanos) / NANOS);
            spans = 0;
        }
    }
}
