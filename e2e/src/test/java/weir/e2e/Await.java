package weir.e2e;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for what other processes do. */
final class Await {
    private Await() {}

    /** Looks again and again until it holds; fails with what was last seen. */
    static void until(String what, Duration limit, Condition condition, Seen seen) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come within " + limit.toSeconds() + " s: " + text(seen));
            }
            pause(50);
        }
    }

    static void until(String what, Duration limit, Condition condition) {
        until(what, limit, condition, () -> "");
    }

    /** Tries an assertion until it passes; fails with its last error. */
    static void asserted(Duration limit, ThrowingCallable assertion) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                assertion.call();
                return;
            } catch (Throwable e) {
                if (System.nanoTime() > deadline) {
                    throw e instanceof Error error ? error : new AssertionError(e);
                }
            }
            pause(100);
        }
    }

    /** For load that must run a while, not for waiting on an event. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /** What there is to see when something did not come. */
    @FunctionalInterface
    interface Seen {
        String text() throws Exception;
    }

    private static String text(Seen seen) {
        try {
            return seen.text();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception _) {
            return false;
        }
    }
}
