package weir.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads or processes do. */
public final class Waiting {
    /** What is waited for. */
    public interface Condition {
        boolean holds() throws IOException;
    }

    private Waiting() {}

    /** Returns when the condition holds; fails the test after 30 seconds. */
    public static void until(Condition condition) throws IOException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(30)) {
                throw new AssertionError("waited for 30 s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
