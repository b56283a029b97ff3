package weir.processor.transform;

import java.util.concurrent.ThreadLocalRandom;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.OttlException;
import weir.ottl.context.Programs;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;
import weir.telemetry.Counter;

/** Edits what passes. A request that no statement changes is passed on as it came. */
final class TransformProcessor implements Processor, Reloadable<TransformConfig> {
    private final Signal signal;
    private final Ledger ledger;
    private final Consumer next;
    private final Environment environment;
    private volatile Programs programs;
    /** Of programs that were replaced. */
    private final Counter formerErrors = new Counter();

    TransformProcessor(ComponentContext context, TransformConfig config, Consumer next) {
        this.signal = context.theSignal();
        this.ledger = context.ledger();
        this.next = next;
        environment = new Environment(
                context.process().clock(),
                context.timer()::nanoTime,
                () -> ThreadLocalRandom.current().nextLong());
        programs = programs(config);
        context.metrics()
                .counter(
                        "weir_processor_statement_errors",
                        "Statements and conditions that could not be done to an item",
                        () -> formerErrors.value() + programs.errors(),
                        "processor",
                        context.id().toString(),
                        "pipeline",
                        context.pipeline());
    }

    private Programs programs(TransformConfig config) {
        return new Programs(TransformSteps.of(config.sources(signal), signal, environment), false);
    }

    @Override
    public void reload(TransformConfig config) {
        Programs changed = programs(config);
        formerErrors.add(programs.errors());
        programs = changed;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Batch edited;
        try {
            Programs now = programs;
            Batch after = now.isEmpty() ? batch : now.run(batch).batch();
            edited = after == null ? batch : after;
        } catch (OttlException e) {
            ledger.receivedAndRefused(Reason.STATEMENT_FAILED, batch.items());
            done.complete(Delivery.rejected(Reason.STATEMENT_FAILED, String.valueOf(e.getMessage())));
            return;
        }
        ledger.pass(edited, next, done);
    }
}
