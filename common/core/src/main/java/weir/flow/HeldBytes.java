package weir.flow;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a component holds, booked to the component and to the process at once. The memory limiter compares the
 * process's sum with its limit, so whoever keeps a batch beyond the call that brought it books its length, and whoever
 * lets go of it books that too. Safe for use by any thread.
 */
public final class HeldBytes {
    private final AtomicLong bytes = new AtomicLong();
    private final @Nullable HeldBytes whole;

    /** The account of a process. */
    public HeldBytes() {
        this(null);
    }

    private HeldBytes(@Nullable HeldBytes whole) {
        this.whole = whole;
    }

    /** The account of a part, whose bytes count for this one too. */
    public HeldBytes part() {
        return new HeldBytes(this);
    }

    public void add(long n) {
        bytes.addAndGet(n);
        if (whole != null) {
            whole.add(n);
        }
    }

    public void release(long n) {
        add(-n);
    }

    public long bytes() {
        return bytes.get();
    }
}
