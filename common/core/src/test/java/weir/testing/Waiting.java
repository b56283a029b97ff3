package weir.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads or processes do. */
public final class Waiting {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What is waited for. */
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    private Waiting() {}

    /** Returns when the condition holds; fails the test after 30 seconds. */
    public static <E extends Exception> void until(Condition<E> condition) throws E {
        until(LIMIT, condition);
    }

    /** Returns when the condition holds; fails the test if that takes longer. */
    public static <E extends Exception> void until(Duration limit, Condition<E> condition) throws E {
        if (!holds(limit, condition)) {
            throw new AssertionError("waited for " + limit);
        }
    }

    /** Whether the condition came to hold within the time: for tests that say better themselves what they miss. */
    public static <E extends Exception> boolean holds(Duration limit, Condition<E> condition) throws E {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return true;
    }
}
