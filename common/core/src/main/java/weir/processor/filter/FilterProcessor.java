package weir.processor.filter;

import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.context.EditsItems;
import weir.ottl.context.LivePrograms;
import weir.ottl.context.Programs;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;
import weir.telemetry.Counter;

/**
 * Passes on what meets none of the conditions. A request of which nothing is dropped is passed on as it came; one of which
 * nothing is left is accepted, and ends here.
 */
final class FilterProcessor implements EditsItems, Reloadable<FilterConfig> {
    private final Signal signal;
    private final Ledger ledger;
    private final Consumer next;
    private final Counter filtered;
    private final LivePrograms programs;
    private volatile Selection selection;

    FilterProcessor(ComponentContext context, FilterConfig config, Consumer next) {
        this.signal = context.theSignal();
        this.ledger = context.ledger();
        this.next = next;
        String what = switch (signal) {
            case TRACES -> "spans";
            case METRICS -> "datapoints";
            case LOGS -> "logs";
        };
        filtered = context.metrics()
                .counter(
                        "otelcol_processor_filter_" + what + "_filtered",
                        "Items (" + what + ") dropped by the filter",
                        "filter",
                        context.id().toString());
        programs = new LivePrograms(context, "Conditions that could not be evaluated for an item", true);
        selection = config.selection(signal);
        reload(config);
    }

    @Override
    public void reload(FilterConfig config) {
        programs.use(environment -> FilterSteps.of(config.sources(signal), signal, environment));
        selection = config.selection(signal);
    }

    @Override
    public LivePrograms programs() {
        return programs;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Selection selected = selection;
        if (!selected.isAll()) {
            Batch left = selected.of(batch);
            passOn(batch, left, batch.items() - (left == null ? 0 : left.items()), done);
            return;
        }
        Programs.Outcome outcome = programs.run(batch, done);
        if (outcome != null) {
            passOn(batch, outcome.batch(), outcome.dropped(), done);
        }
    }

    private void passOn(Batch batch, @Nullable Batch left, int dropped, DeliveryCallback done) {
        ledger.received(batch.items());
        if (dropped > 0) {
            filtered.add(dropped);
            ledger.dropped(Reason.FILTERED, dropped);
        }
        if (left == null) {
            done.complete(Delivery.ACCEPTED);
        } else {
            programs.pass(batch, left, next, done);
        }
    }
}
