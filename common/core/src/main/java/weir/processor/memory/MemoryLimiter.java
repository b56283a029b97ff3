package weir.processor.memory;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/**
 * Refuses data while the components of the process hold more bytes than the soft limit, telling senders when to come back.
 * It compares what is booked as held, with every request, not heap occupancy at intervals: exact at once, and no garbage
 * counts. Adds no thread and no lock to the way of a batch.
 */
final class MemoryLimiter implements Processor {
    private final ComponentContext context;
    private final Consumer next;
    private final MemoryLimit limit;
    private final long maxHeapBytes;
    private final Duration checkInterval;
    private final HeldBytes held;
    private final DrainRate drainRate = new DrainRate();
    private final AtomicBoolean refusing = new AtomicBoolean();
    private final Counter admittedBytes = new Counter();
    private final Counter accepted;
    private final Counter refused;
    private Timer.@Nullable Cancellable checks;

    MemoryLimiter(
            ComponentContext context, Duration checkInterval, MemoryLimit limit, long maxHeapBytes, Consumer next) {
        this.context = context;
        this.next = next;
        this.limit = limit;
        this.maxHeapBytes = maxHeapBytes;
        this.checkInterval = checkInterval;
        this.held = context.process().held();
        this.accepted = counter("accepted", "pushed into the next component");
        this.refused = counter("refused", "refused because of the memory limit");
        context.metrics()
                .gauge(
                        "weir_memory_limiter_soft_limit_bytes",
                        "Held bytes beyond which data is refused",
                        limit::softBytes,
                        labels());
    }

    /** Counts under the collector's present name and, for dashboards made before, under its former one. */
    private Counter counter(String what, String help) {
        Signal signal = context.theSignal();
        String text = "Items (" + signal.items() + ") " + help;
        Counter counter = context.metrics()
                .counter("otelcol_processor_memory_limiter_" + what + "_" + signal.items(), text, labels());
        context.metrics().counter("otelcol_processor_" + what + "_" + signal.items(), text, counter::value, labels());
        return counter;
    }

    private String[] labels() {
        return new String[] {"processor", context.id().toString()};
    }

    @Override
    public void start() {
        context.logger().log(limit.isLoweredToHeap() ? Level.WARNING : Level.INFO, limit.describe(maxHeapBytes));
        check();
        checks = context.timer().every(checkInterval, this::check);
    }

    private void check() {
        drainRate.sample(context.timer().nanoTime(), held.bytes(), admittedBytes.value());
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        long over = held.bytes() - limit.softBytes();
        if (over > 0) {
            refuse(batch, over, done);
            return;
        }
        if (refusing.getPlain() && refusing.compareAndSet(true, false)) {
            context.logger().log(Level.INFO, "taking data again");
        }
        accepted.add(batch.items());
        admittedBytes.add(batch.length());
        context.ledger().pass(batch, next, done);
    }

    private void refuse(Batch batch, long over, DeliveryCallback done) {
        if (refusing.compareAndSet(false, true)) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "refusing data: components hold more than " + MemoryLimit.mib(limit.softBytes())
                                    + ", most often because a backend is slow or away");
        }
        refused.add(batch.items());
        context.ledger().receivedAndRefused(Reason.MEMORY_LIMIT, batch.items());
        done.complete(Delivery.retryLater(
                drainRate.until(over + batch.length()), Reason.MEMORY_LIMIT, "data refused due to high memory usage"));
    }

    @Override
    public void close() {
        if (checks != null) {
            checks.cancel();
        }
    }
}
