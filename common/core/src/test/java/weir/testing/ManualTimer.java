package weir.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;

/**
 * A timer that stands still until the test moves it. The tasks that are due run on the thread that moves it, in the order
 * of their times. Tasks may be planned by any thread.
 */
public final class ManualTimer implements Timer {
    private static final class Planned implements Cancellable {
        private long at;
        private final long period;
        private final Runnable task;
        private volatile boolean cancelled;

        private Planned(long at, long period, Runnable task) {
            this.at = at;
            this.period = period;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Planned> planned = new ArrayList<>();
    private long now = 1_000_000_000L;

    @Override
    public long nanoTime() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return plan(delay.toNanos(), 0, task);
    }

    @Override
    public Cancellable every(Duration period, Runnable task) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a period must be longer than nothing: " + period);
        }
        return plan(period.toNanos(), period.toNanos(), task);
    }

    /** Lets time pass; runs what becomes due, also what those tasks plan within that time. */
    public void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (Planned next = due(until); next != null; next = due(until)) {
            next.task.run();
        }
    }

    /** How many tasks are planned and not cancelled. */
    public int planned() {
        lock.lock();
        try {
            return (int) planned.stream().filter(p -> !p.cancelled).count();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Planned due(long until) {
        lock.lock();
        try {
            planned.removeIf(p -> p.cancelled);
            Planned next = planned.stream()
                    .filter(p -> p.at <= until)
                    .min(Comparator.comparingLong(p -> p.at))
                    .orElse(null);
            if (next == null) {
                now = until;
                return null;
            }
            now = Math.max(now, next.at);
            if (next.period > 0) {
                next.at += next.period;
            } else {
                planned.remove(next);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private Planned plan(long delayNanos, long periodNanos, Runnable task) {
        lock.lock();
        try {
            Planned made = new Planned(now + Math.max(0, delayNanos), periodNanos, task);
            planned.add(made);
            return made;
        } finally {
            lock.unlock();
        }
    }
}
