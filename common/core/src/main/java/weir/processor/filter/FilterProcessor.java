package weir.processor.filter;

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

/**
 * Passes on what meets none of the conditions. A request of which nothing is dropped is passed on as it came; one of which
 * nothing is left is accepted, and ends here.
 */
final class FilterProcessor implements Processor, Reloadable<FilterConfig> {
    private final Signal signal;
    private final Ledger ledger;
    private final Consumer next;
    private final Counter filtered;
    private final Environment environment;
    private volatile Programs programs;
    /** Of programs that were replaced. */
    private final Counter formerErrors = new Counter();

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
        environment = environment(context);
        programs = programs(config);
        context.metrics()
                .counter(
                        "weir_processor_statement_errors",
                        "Conditions that could not be evaluated for an item",
                        () -> formerErrors.value() + programs.errors(),
                        "processor",
                        context.id().toString(),
                        "pipeline",
                        context.pipeline());
    }

    private static Environment environment(ComponentContext context) {
        return new Environment(
                context.process().clock(),
                context.timer()::nanoTime,
                () -> ThreadLocalRandom.current().nextLong());
    }

    private Programs programs(FilterConfig config) {
        return new Programs(FilterSteps.of(config.sources(signal), signal, environment), true);
    }

    @Override
    public void reload(FilterConfig config) {
        Programs changed = programs(config);
        formerErrors.add(programs.errors());
        programs = changed;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Programs now = programs;
        if (now.isEmpty()) {
            ledger.pass(batch, next, done);
            return;
        }
        int items = batch.items();
        Programs.Outcome outcome;
        try {
            outcome = now.run(batch);
        } catch (OttlException e) {
            ledger.receivedAndRefused(Reason.STATEMENT_FAILED, items);
            done.complete(Delivery.rejected(Reason.STATEMENT_FAILED, String.valueOf(e.getMessage())));
            return;
        }
        Batch left = outcome.batch();
        ledger.received(items);
        if (outcome.dropped() > 0) {
            filtered.add(outcome.dropped());
            ledger.dropped(Reason.FILTERED, outcome.dropped());
        }
        if (left == null) {
            done.complete(Delivery.ACCEPTED);
        } else {
            next.consume(left, done.after(delivery -> ledger.settle(left.items(), delivery)));
        }
    }
}
