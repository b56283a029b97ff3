package weir.connector.spanmetrics;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.pipeline.AsksSampler;
import weir.pipeline.ComponentContext;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.pipeline.TraceVerdicts;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/**
 * Counts spans, and passes on metrics of them at intervals. A batch is accepted when it was counted.
 *
 * <p>Who brings a batch counts it, if nobody counts at that moment; otherwise the batch waits in a queue for the one who does,
 * so that no thread waits for another. What a holder of the lock does for others is bounded; more than that is done by a
 * virtual thread. Metrics are made under the lock and passed on by a thread of their own.
 */
final class SpanMetricsConnector implements Connector, AsksSampler {
    /** How many batches may wait to be counted, in the milliseconds that making metrics takes. */
    private static final int MAX_WAITING = 4096;

    /** How many batches of others one thread counts before it goes on with its own work. */
    private static final int MAX_TURN = 16;

    private static final Duration FULL_RETRY = Duration.ofMillis(100);

    private record Waiting(Batch batch, DeliveryCallback done) {}

    private final ComponentContext context;
    private final SpanMetricsConfig config;
    private final Executor threads;
    private final List<Outlet> outlets;

    private final ReentrantLock lock = new ReentrantLock();
    private final TraceIndex scratch = new TraceIndex();
    private final SpanCounter counter;
    private final Flush flush;
    private long booked;

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final Counter skippedFlushes;
    private final Counter forwarded;
    /** Held while metrics are made: one makes them, and the sampler is asked without the lock that counting needs. */
    private final ReentrantLock flushing = new ReentrantLock();

    private volatile @Nullable TraceVerdicts verdicts;
    private volatile boolean draining;
    private Timer.@Nullable Cancellable flushes;

    /**
     * @param next the pipelines of metrics, by name
     * @param threads runs what may block
     * @param seed of hashes, and of what is rounded by chance
     */
    SpanMetricsConnector(
            ComponentContext context,
            SpanMetricsConfig config,
            Map<String, Consumer> next,
            Executor threads,
            long seed) {
        this.context = context;
        this.config = config;
        this.threads = threads;
        this.counter = new SpanCounter(config, context.process().instance(), seed);
        this.flush = new Flush(config, counter);
        List<Outlet> made = new ArrayList<>();
        next.forEach((pipeline, consumer) -> made.add(new Outlet(context, pipeline, consumer)));
        this.outlets = List.copyOf(made);
        this.skippedFlushes = counter(
                "skipped_flushes", "Times that no metrics were made because a pipeline had not taken those before");
        this.forwarded =
                counter("forwarded_spans", "Spans not counted because the gateway that sent them on has counted them");
        instruments();
        WaitingExemplars waiting = flush.waiting();
        if (waiting != null) {
            instrumentsOf(waiting);
        }
    }

    private Counter counter(String what, String help) {
        return context.metrics()
                .counter(
                        "weir_span_metrics_" + what,
                        help,
                        "connector",
                        context.id().toString());
    }

    private void instruments() {
        Metrics metrics = context.metrics();
        String[] labels = {"connector", context.id().toString()};
        metrics.gauge("weir_span_metrics_series", "Series that are kept", () -> locked(counter::series), labels);
        metrics.gauge(
                "weir_span_metrics_resources",
                "Resources that are kept",
                () -> locked(() -> counter.resources().size()),
                labels);
        metrics.counter(
                "weir_span_metrics_evicted_resources",
                "Resources forgotten because there were more than resource_metrics_cache_size",
                () -> locked(() -> counter.resources().evictions()),
                labels);
        metrics.counter(
                "weir_span_metrics_overflow_items",
                "Spans and events counted in overflow series because a limit of series was reached",
                () -> locked(counter::overflowed),
                labels);
        metrics.counter(
                "weir_span_metrics_skipped_spans",
                "Spans not counted because their resource has no service.name",
                () -> locked(counter::skippedSpans),
                labels);
    }

    private void instrumentsOf(WaitingExemplars waiting) {
        String[] labels = {"connector", context.id().toString()};
        context.metrics()
                .gauge(
                        "weir_span_metrics_waiting_exemplars",
                        "Exemplars whose trace was not decided when they were last looked at",
                        () -> locked(waiting::waiting),
                        labels);
        context.metrics()
                .counter(
                        "weir_span_metrics_exemplars_given_up",
                        "Exemplars not shown because it was not known in time that their trace was kept",
                        () -> locked(waiting::givenUp),
                        labels);
    }

    @Override
    public String sampler() {
        return config.exemplars().waits() ? config.namedSampler() : "";
    }

    @Override
    public void sampledBy(TraceVerdicts sampler) {
        verdicts = sampler;
    }

    private long locked(LongSupplier value) {
        lock.lock();
        try {
            return value.getAsLong();
        } finally {
            unlock();
        }
    }

    @Override
    public boolean isWitness() {
        return true;
    }

    @Override
    public void start() {
        flushes = context.timer().every(config.metricsFlushInterval(), () -> threads.execute(this::flush));
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        if (draining) {
            refuse(batch, done, Reason.SHUTTING_DOWN, Duration.ZERO);
        } else if (batch.isForwarded() && !config.weir().countForwarded()) {
            // Whoever sent it on has counted it.
            forwarded.add(batch.items());
            context.ledger().received(batch.items());
            settle(batch, Delivery.ACCEPTED, done);
        } else if (lock.tryLock()) {
            context.ledger().received(batch.items());
            Delivery delivery;
            try {
                delivery = count(batch);
            } finally {
                unlock();
            }
            settle(batch, delivery, done);
        } else if (waitingCount.incrementAndGet() > MAX_WAITING) {
            waitingCount.decrementAndGet();
            refuse(batch, done, Reason.QUEUE_FULL, FULL_RETRY);
        } else {
            context.ledger().received(batch.items());
            waiting.add(new Waiting(batch, done));
            // Whoever held the lock may have let go of it before the batch was there.
            countWaiting();
        }
    }

    private void refuse(Batch batch, DeliveryCallback done, Reason reason, Duration after) {
        context.ledger().receivedAndRefused(reason, batch.items());
        done.complete(Delivery.retryLater(after, reason, "span_metrics cannot count it now"));
    }

    private void settle(Batch batch, Delivery delivery, DeliveryCallback done) {
        context.ledger().settle(batch.items(), delivery);
        done.complete(delivery);
    }

    /** Under the lock. A defect must not reach a thread that counts for others. */
    private Delivery count(Batch batch) {
        try {
            counter.count(batch.index(scratch), nowUnixNanos(), context.timer().nanoTime());
            return Delivery.ACCEPTED;
        } catch (MalformedOtlpException e) {
            return Delivery.rejected(Reason.MALFORMED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            context.logger().log(Level.ERROR, "a batch could not be counted", e);
            return Delivery.rejected(Reason.INTERNAL_ERROR, "span_metrics failed; its log says why");
        } finally {
            scratch.clear();
            book();
        }
    }

    private long nowUnixNanos() {
        return context.process().clock().millis() * 1_000_000;
    }

    private void book() {
        WaitingExemplars waiting = flush.waiting();
        long held = counter.heldBytes() + (waiting == null ? 0 : waiting.heldBytes());
        if (held != booked) {
            context.held().add(held - booked);
            booked = held;
        }
    }

    /** Whoever lets go of the lock looks for what came meanwhile. */
    private void unlock() {
        lock.unlock();
        countWaiting();
    }

    private void countWaiting() {
        for (int counted = 0; !waiting.isEmpty(); counted++) {
            if (counted == MAX_TURN) {
                threads.execute(this::countWaiting);
                return;
            }
            if (!lock.tryLock()) {
                return;
            }
            Waiting next;
            Delivery delivery;
            try {
                next = waiting.poll();
                delivery = next == null ? Delivery.ACCEPTED : count(next.batch);
            } finally {
                lock.unlock();
            }
            if (next != null) {
                waitingCount.decrementAndGet();
                settle(next.batch, delivery, next.done);
            }
        }
    }

    /** Makes metrics of what was counted, unless a pipeline has not taken all of those before. May block. */
    private void flush() {
        if (outlets.stream().anyMatch(Outlet::isBusy)) {
            skippedFlushes.increment();
        } else {
            send();
        }
    }

    /** @return whether there are counts that the next metrics show first */
    private boolean send() {
        flushing.lock();
        try {
            askSampler();
            return makeAndSend();
        } finally {
            flushing.unlock();
        }
    }

    /** Has spans that wait to be exemplars decided, as far as their traces are. */
    private void askSampler() {
        TraceVerdicts sampler = verdicts;
        if (sampler == null) {
            return;
        }
        long[] traces;
        lock.lock();
        try {
            traces = flush.undecidedTraces(context.timer().nanoTime());
        } finally {
            unlock();
        }
        TraceVerdicts.Verdict[] known = sampler.verdicts(traces);
        lock.lock();
        try {
            flush.decided(known, context.timer().nanoTime());
        } finally {
            unlock();
        }
    }

    private boolean makeAndSend() {
        List<Batch> requests;
        boolean hidesCounts;
        lock.lock();
        try {
            requests = flush.make(nowUnixNanos(), context.timer().nanoTime());
            hidesCounts = flush.hidesCounts();
            book();
        } finally {
            unlock();
        }
        outlets.forEach(o -> o.send(requests));
        return hidesCounts;
    }

    /** Passes on what was counted; also what a series that is shown for the first time does not show yet. */
    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        cancel();
        long end = System.nanoTime() + limit.toNanos();
        while (waitingCount.get() > 0 && System.nanoTime() < end) {
            lock.lock();
            unlock();
        }
        boolean more = true;
        for (int i = 0; i < 2 && more; i++) {
            if (!isIdleBefore(end)) {
                return false;
            }
            more = send();
        }
        return isIdleBefore(end);
    }

    private boolean isIdleBefore(long endNanos) throws InterruptedException {
        for (Outlet outlet : outlets) {
            if (!outlet.awaitIdle(endNanos - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    private void cancel() {
        if (flushes != null) {
            flushes.cancel();
            flushes = null;
        }
    }

    @Override
    public void close() {
        draining = true;
        cancel();
        outlets.forEach(Outlet::close);
        lock.lock();
        try {
            context.held().release(booked);
            booked = 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String trouble() {
        return outlets.stream()
                .map(Outlet::trouble)
                .filter(t -> !t.isEmpty())
                .findFirst()
                .orElse("");
    }
}
