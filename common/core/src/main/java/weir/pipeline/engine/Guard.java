package weir.pipeline.engine;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/**
 * Stands before a component and keeps its promise to complete each delivery exactly once, whatever defect it has. If it
 * throws, the delivery is completed here: an exception is likely to come again with the same bytes, so the batch is
 * rejected; an error of the virtual machine, such as no memory, is not the batch's fault, so it may be sent again. A second
 * completion is counted and goes no further.
 */
final class Guard implements Consumer {
    private static final long LOG_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Consumer guarded;
    private final ComponentContext context;
    private final System.Logger log;
    private final Timer timer;
    private final Counter failures;
    private final Counter repeated;
    private final LongAdder open = new LongAdder();
    private final AtomicLong nextLogNanos;

    Guard(Consumer guarded, ComponentContext context) {
        this.guarded = guarded;
        this.context = context;
        this.log = context.logger();
        this.timer = context.timer();
        this.nextLogNanos = new AtomicLong(timer.nanoTime());
        String[] labels = {"kind", context.kind(), "component", context.id().toString()};
        this.failures = context.metrics()
                .counter("weir_component_failures", "Batches on which a component failed with an exception", labels);
        this.repeated = context.metrics()
                .counter(
                        "weir_component_repeated_completions", "Deliveries that were completed more than once", labels);
    }

    /** How many deliveries the component has not completed yet. */
    long open() {
        return open.sum();
    }

    @Override
    public boolean isWitness() {
        return guarded.isWitness();
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        open.increment();
        Once once = new Once(this, done);
        try {
            guarded.consume(batch, once);
        } catch (RuntimeException e) {
            failed(batch, e);
            once.completeIfOpen(Delivery.rejected(Reason.INTERNAL_ERROR, message()));
        } catch (Error e) {
            failed(batch, e);
            once.completeIfOpen(Delivery.retryLater(RETRY_AFTER, Reason.INTERNAL_ERROR, message()));
        }
    }

    private String message() {
        return context.kind() + " " + context.id() + " failed; its log says why";
    }

    private void failed(Batch batch, Throwable e) {
        failures.increment();
        long now = timer.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_PAUSE_NANOS)) {
            log.log(Level.ERROR, "a defect of Weir: " + context.kind() + " " + context.id() + " failed on " + batch, e);
        }
    }

    /** Passes the first completion on. */
    private static final class Once implements DeliveryCallback {
        private static final VarHandle COMPLETED;

        static {
            try {
                COMPLETED = MethodHandles.lookup().findVarHandle(Once.class, "completed", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final Guard guard;
        private final DeliveryCallback done;

        @SuppressWarnings("unused") // by COMPLETED
        private volatile boolean completed;

        private Once(Guard guard, DeliveryCallback done) {
            this.guard = guard;
            this.done = done;
        }

        @Override
        public boolean awaitsBackend() {
            return done.awaitsBackend();
        }

        @Override
        public void complete(Delivery delivery) {
            if (!completeIfOpen(delivery)) {
                guard.repeated.increment();
            }
        }

        private boolean completeIfOpen(Delivery delivery) {
            if (!COMPLETED.compareAndSet(this, false, true)) {
                return false;
            }
            guard.open.decrement();
            done.complete(delivery);
            return true;
        }
    }
}
