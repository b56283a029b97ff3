package weir.flow;

import java.time.Duration;

/** Runs tasks later. The tasks run on few threads and must not block them. */
public interface Timer {
    /** Monotonic nanoseconds, comparable with each other only. */
    long nanoTime();

    /** Runs a task once, after a while. */
    Cancellable after(Duration delay, Runnable task);

    /** Runs a task again and again, first after one period; a run that fails is logged and the next one is made all the same. */
    Cancellable every(Duration period, Runnable task);

    /** A task that was planned. */
    @FunctionalInterface
    interface Cancellable {
        /** It will not be begun any more; a run that was begun goes on. Idempotent. */
        void cancel();
    }
}
