package weir.exporter.debug;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;

/** Writes batches as text and accepts them all; for looking, not for load, as whoever passes a batch on does the writing. */
final class DebugExporter implements Exporter {
    private static final long SECOND = 1_000_000_000L;

    private final ComponentContext context;
    private final DebugConfig config;
    private final Consumer<String> out;
    private final AtomicLong messages = new AtomicLong();
    private volatile long second;

    DebugExporter(ComponentContext context, DebugConfig config, Consumer<String> out) {
        this.context = context;
        this.config = config;
        this.out = out;
        this.second = context.timer().nanoTime();
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        context.ledger().received(batch.items());
        if (isWritten()) {
            out.accept(DebugText.counts(batch));
            switch (config.verbosity()) {
                case BASIC -> {}
                case NORMAL -> out.accept(DebugText.normal(batch));
                case DETAILED -> out.accept(DebugText.detailed(batch));
            }
        }
        context.ledger().delivered(batch.items());
        done.complete(Delivery.ACCEPTED);
    }

    private boolean isWritten() {
        long now = context.timer().nanoTime();
        if (now - second >= SECOND) {
            second = now;
            messages.set(0);
        }
        long beyond = messages.incrementAndGet() - config.samplingInitial();
        int every = config.samplingThereafter();
        return beyond <= 0 || (every > 0 && beyond % every == 0);
    }
}
