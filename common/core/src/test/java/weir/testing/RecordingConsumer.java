package weir.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;

/**
 * The end of a pipeline in tests: remembers the batches (without their lent index), and completes each delivery as
 * scripted, or later by the test's own hand after {@link #hold}. Safe for use by any thread.
 */
public final class RecordingConsumer implements Consumer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Batch> batches = new ArrayList<>();
    private final Deque<Delivery> script = new ArrayDeque<>();
    private final Deque<DeliveryCallback> open = new ArrayDeque<>();
    private @Nullable Delivery answer = Delivery.ACCEPTED;

    /** Answers each delivery so from now on, when nothing is scripted by {@link #then}. */
    public RecordingConsumer answer(Delivery delivery) {
        return locked(() -> answer = delivery);
    }

    /** Answers the next deliveries so, one each, and then as before. */
    public RecordingConsumer then(Delivery... deliveries) {
        return locked(() -> script.addAll(List.of(deliveries)));
    }

    /** Leaves the deliveries that are not scripted open until {@link #completeNext}. */
    public RecordingConsumer hold() {
        return locked(() -> answer = null);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Delivery now;
        lock.lock();
        try {
            batches.add(batch.withoutIndex());
            now = script.isEmpty() ? answer : script.poll();
            if (now == null) {
                open.add(done);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (now != null) {
            done.complete(now);
        }
    }

    /** Completes the oldest delivery that was held. */
    public void completeNext(Delivery delivery) {
        DeliveryCallback done;
        lock.lock();
        try {
            done = open.remove();
        } finally {
            lock.unlock();
        }
        done.complete(delivery);
    }

    /** How many deliveries are held. */
    public int open() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** What came, in its order, also what was not accepted. */
    public List<Batch> batches() {
        lock.lock();
        try {
            return List.copyOf(batches);
        } finally {
            lock.unlock();
        }
    }

    /** The sum of the items of all batches. */
    public long items() {
        return batches().stream().mapToLong(Batch::items).sum();
    }

    /** Waits until at least {@code n} batches have come; fails the test after ten seconds. */
    public List<Batch> await(int n) throws InterruptedException {
        return await(() -> batches.size() >= n, n + " batches");
    }

    /** Waits until batches of at least {@code n} items in all have come; fails the test after ten seconds. */
    public List<Batch> awaitItems(long n) throws InterruptedException {
        return await(() -> batches.stream().mapToLong(Batch::items).sum() >= n, n + " items");
    }

    private List<Batch> await(BooleanSupplier enough, String what) throws InterruptedException {
        long nanos = PATIENCE.toNanos();
        lock.lock();
        try {
            while (!enough.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("expected " + what + ", have " + batches);
                }
                nanos = changed.awaitNanos(nanos);
            }
            return List.copyOf(batches);
        } finally {
            lock.unlock();
        }
    }

    private RecordingConsumer locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
        return this;
    }
}
