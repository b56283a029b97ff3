package weir.gateway.ownership;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * For how long gateways have not known the same members. It begins with the first request that shows it and has ended when
 * none has shown it for as long as it may last. Safe for use by any thread.
 */
final class Disagreement {
    private final long limitNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean open;
    private long sinceNanos;
    private long lastNanos;

    /** @param limit after which it is not expected to end by itself */
    Disagreement(Duration limit, LongSupplier nanoTime) {
        this.limitNanos = limit.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Notes a request that shows it; whether it may still end by itself. */
    boolean mayStillEnd() {
        long now = nanoTime.getAsLong();
        lock.lock();
        try {
            if (!open || now - lastNanos > limitNanos) {
                open = true;
                sinceNanos = now;
            }
            lastNanos = now;
            return now - sinceNanos < limitNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Other members are known now. */
    void end() {
        lock.lock();
        try {
            open = false;
        } finally {
            lock.unlock();
        }
    }
}
