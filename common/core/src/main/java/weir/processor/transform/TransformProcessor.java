package weir.processor.transform;

import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.context.EditsItems;
import weir.ottl.context.LivePrograms;
import weir.ottl.context.Programs;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;

/** Edits what passes. A request that no statement changes is passed on as it came. */
final class TransformProcessor implements EditsItems, Reloadable<TransformConfig> {
    private final Signal signal;
    private final Ledger ledger;
    private final Consumer next;
    private final LivePrograms programs;

    TransformProcessor(ComponentContext context, TransformConfig config, Consumer next) {
        this.signal = context.theSignal();
        this.ledger = context.ledger();
        this.next = next;
        programs = new LivePrograms(context, "Statements and conditions that could not be done to an item", false);
        reload(config);
    }

    @Override
    public void reload(TransformConfig config) {
        programs.use(environment -> TransformSteps.of(config.sources(signal), signal, environment));
    }

    @Override
    public LivePrograms programs() {
        return programs;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Programs.Outcome outcome = programs.run(batch, done);
        if (outcome == null) {
            return;
        }
        Batch edited = outcome.batch();
        // What statements made entered here, and what they merged ends here.
        ledger.received(batch.items() + outcome.made());
        if (outcome.merged() > 0) {
            ledger.dropped(Reason.MERGED, outcome.merged());
        }
        programs.pass(batch, edited == null ? batch : edited, next, done);
    }
}
