package weir.gateway.sampling;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import weir.flow.Timer;
import weir.telemetry.Counter;

/** What a shard failed in and survived. Safe for use by any thread. */
final class Failures {
    private static final long SHOWN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger logger;
    private final Timer timer;
    private final Counter counter;
    private final int shard;
    private volatile long lastNanos;
    private volatile String last = "";

    Failures(Logger logger, Timer timer, Counter counter, int shard) {
        this.logger = logger;
        this.timer = timer;
        this.counter = counter;
        this.shard = shard;
    }

    /** Counts and logs one. */
    void failed(String what, Throwable e) {
        counter.increment();
        lastNanos = timer.nanoTime();
        last = what + ": " + e;
        logger.log(Level.ERROR, "shard " + shard + " failed in " + what + " and goes on", e);
    }

    /** The last one, as a sentence, if it was within a minute; else empty. */
    String trouble() {
        String failure = last;
        return !failure.isEmpty() && timer.nanoTime() - lastNanos < SHOWN_NANOS
                ? "shard " + shard + " failed: " + failure
                : "";
    }
}
