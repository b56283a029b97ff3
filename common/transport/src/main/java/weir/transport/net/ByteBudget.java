package weir.transport.net;

import java.util.concurrent.atomic.AtomicLong;
import weir.flow.HeldBytes;
import weir.telemetry.Counter;

/**
 * The bytes of the requests that a listener has in flight, from the first that arrived until the answer: at most so many,
 * however many connections there are. They are booked as held bytes of the component too. Safe for use by any thread.
 */
public final class ByteBudget {
    private final long max;
    private final HeldBytes held;
    private final Counter refused;
    private final AtomicLong used = new AtomicLong();

    /** @param refused counts the requests that found no room */
    public ByteBudget(long maxBytes, HeldBytes held, Counter refused) {
        this.max = maxBytes;
        this.held = held;
        this.refused = refused;
    }

    /** Takes bytes if there is room; false: none were taken, and one refusal was counted. */
    public boolean reserve(long bytes) {
        if (used.addAndGet(bytes) > max) {
            used.addAndGet(-bytes);
            refused.increment();
            return false;
        }
        held.add(bytes);
        return true;
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
        held.release(bytes);
    }

    /** Whether so much is used, a sixteenth, that memory which is held beside the bytes begins to count. */
    public boolean isCrowded() {
        return used.get() >= max / 16;
    }

    public long usedBytes() {
        return used.get();
    }

    public long maxBytes() {
        return max;
    }
}
