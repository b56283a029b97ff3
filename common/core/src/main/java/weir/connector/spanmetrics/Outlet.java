package weir.connector.spanmetrics;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;

/**
 * Hands requests to one pipeline of metrics, one after the other, and offers each again until it is taken. Nothing new is
 * made while it has some left, so it holds no more than one flush. Safe for use by any thread.
 */
final class Outlet {
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final ComponentContext context;
    private final Ledger ledger;
    private final String pipeline;
    private final Consumer next;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Deque<Batch> left = new ArrayDeque<>();
    private boolean underWay;
    private int attempts;
    private Timer.@Nullable Cancellable retry;
    private boolean closed;
    private volatile String trouble = "";

    /** @param pipeline its name, for people */
    Outlet(ComponentContext context, String pipeline, Consumer next) {
        this.context = context;
        this.ledger = context.ledger().of(Signal.METRICS);
        this.pipeline = pipeline;
        this.next = next;
    }

    /** Whether it has requests left. */
    boolean isBusy() {
        lock.lock();
        try {
            return !left.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void send(List<Batch> requests) {
        for (Batch request : requests) {
            ledger.received(request.items());
            context.held().add(request.length());
        }
        lock.lock();
        try {
            left.addAll(requests);
        } finally {
            lock.unlock();
        }
        offer();
    }

    /** Offers the first that is left, unless that was done. */
    private void offer() {
        Batch first;
        lock.lock();
        try {
            first = underWay || retry != null ? null : left.peek();
            underWay |= first != null;
        } finally {
            lock.unlock();
        }
        if (first != null) {
            Batch offered = first;
            next.consume(offered, delivery -> settle(offered, delivery));
        }
    }

    private void settle(Batch offered, Delivery delivery) {
        lock.lock();
        try {
            underWay = false;
            if (closed) {
                return;
            }
            if (delivery instanceof Delivery.RetryLater(var after, var _, var message)) {
                trouble = "metrics wait because the pipeline " + pipeline + " takes nothing: " + message;
                retry = context.timer().after(pause(after), this::offerAgain);
                return;
            }
            trouble = "";
            attempts = 0;
            left.remove();
            if (left.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
        ledger.settle(offered.items(), delivery);
        context.held().release(offered.length());
        offer();
    }

    private Duration pause(Duration after) {
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(attempts++, 12));
        pause = pause.compareTo(LONGEST_RETRY) < 0 ? pause : LONGEST_RETRY;
        return pause.compareTo(after) < 0 ? after : pause;
    }

    private void offerAgain() {
        lock.lock();
        try {
            retry = null;
        } finally {
            lock.unlock();
        }
        offer();
    }

    /** Waits until nothing is left. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        long rest = nanos;
        lock.lock();
        try {
            while (!left.isEmpty() && rest > 0) {
                rest = idle.awaitNanos(rest);
            }
            return left.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is left. */
    void close() {
        lock.lock();
        try {
            closed = true;
            if (retry != null) {
                retry.cancel();
            }
            for (Batch request : left) {
                ledger.dropped(Reason.SHUTDOWN_INCOMPLETE, request.items());
                context.held().release(request.length());
            }
            left.clear();
        } finally {
            lock.unlock();
        }
    }

    String trouble() {
        return trouble;
    }
}
