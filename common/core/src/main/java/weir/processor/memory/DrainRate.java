package weir.processor.memory;

import java.time.Duration;

/**
 * How fast held bytes go away, measured once per check interval, to tell refused senders when it is worth coming back.
 * What went away is what was let in less what the held bytes grew by, smoothed over a few intervals. Sampled by one thread,
 * asked by any.
 */
final class DrainRate {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final double NEW_SHARE = 0.5;

    private long lastNanos;
    private long lastHeld;
    private long lastAdmitted;
    private boolean begun;
    private volatile double bytesPerSecond = Double.NaN;

    /**
     * @param heldBytes by the process, now
     * @param admittedBytes by the limiter, ever
     */
    void sample(long nowNanos, long heldBytes, long admittedBytes) {
        if (begun && nowNanos > lastNanos) {
            double gone = (admittedBytes - lastAdmitted) - (heldBytes - lastHeld);
            double rate = Math.max(0, gone) * 1e9 / (nowNanos - lastNanos);
            double before = bytesPerSecond;
            bytesPerSecond = Double.isNaN(before) ? rate : before + NEW_SHARE * (rate - before);
        }
        begun = true;
        lastNanos = nowNanos;
        lastHeld = heldBytes;
        lastAdmitted = admittedBytes;
    }

    /** When some bytes will probably have gone: 1 s to 30 s, the shortest while nothing was measured yet. */
    Duration until(long bytes) {
        double rate = bytesPerSecond;
        if (Double.isNaN(rate)) {
            return SHORTEST;
        }
        double seconds = bytes / rate;
        if (!(seconds < LONGEST.toSeconds())) {
            return LONGEST;
        }
        return seconds <= SHORTEST.toSeconds() ? SHORTEST : Duration.ofMillis((long) (seconds * 1000));
    }
}
