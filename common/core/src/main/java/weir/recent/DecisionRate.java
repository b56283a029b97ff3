package weir.recent;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many decisions are worth describing in this second: a few while nobody looks, so that there is something to see at once,
 * and many while somebody does. Safe for use by any thread; two threads may both begin a second, which lets in a few more.
 */
final class DecisionRate {
    static final int UNWATCHED_PER_SECOND = 20;
    static final int WATCHED_PER_SECOND = 2000;
    private static final long SECOND = 1_000_000_000L;
    private static final long WATCHED_FOR = 30 * SECOND;

    private final LongSupplier nanoTime;
    private final AtomicLong used = new AtomicLong();
    private volatile long begun;
    private volatile long watchedUntil;

    DecisionRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.watchedUntil = begun;
    }

    void asked() {
        watchedUntil = nanoTime.getAsLong() + WATCHED_FOR;
    }

    long left() {
        long now = nanoTime.getAsLong();
        if (now - begun >= SECOND) {
            begun = now;
            used.set(0);
        }
        return (watchedUntil - now > 0 ? WATCHED_PER_SECOND : UNWATCHED_PER_SECOND) - used.get();
    }

    /** @return how many of these may be remembered */
    int take(int decisions) {
        int taken = Math.clamp(left(), 0, decisions);
        used.addAndGet(taken);
        return taken;
    }
}
