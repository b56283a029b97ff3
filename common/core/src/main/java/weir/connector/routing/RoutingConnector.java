package weir.connector.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.OttlException;
import weir.ottl.context.LivePrograms;
import weir.pipeline.ComponentContext;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.FanOut;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;
import weir.telemetry.Counter;

/**
 * Leads the parts of each request to where the table says. A request that goes to one place whole is passed on as it came; one
 * that goes nowhere is accepted, and ends here. Holds nothing.
 */
final class RoutingConnector implements Connector, Reloadable<RoutingConfig> {
    /** A table with the consumers that its targets' numbers stand for. */
    private record Live(RoutingTable table, List<Consumer> targets) {}

    private final ComponentContext context;
    private final Signal signal;
    private final Ledger ledger;
    private final Map<String, Consumer> next;
    private final Environment environment;
    /** Of tables that were replaced. */
    private final Counter formerErrors = new Counter();

    private volatile Live live;

    /** @param next the pipelines that it may lead to, by name */
    RoutingConnector(ComponentContext context, RoutingConfig config, Map<String, Consumer> next) {
        this.context = context;
        this.signal = context.theSignal();
        this.ledger = context.ledger();
        this.next = counted(next);
        this.environment = LivePrograms.environment(context);
        this.live = live(config);
        context.metrics()
                .counter(
                        "weir_connector_statement_errors",
                        "Conditions and statements that could not be evaluated for an item",
                        () -> formerErrors.value() + live.table.errors(),
                        "connector",
                        context.id().toString());
    }

    private Map<String, Consumer> counted(Map<String, Consumer> pipelines) {
        Map<String, Consumer> counted = new LinkedHashMap<>();
        pipelines.forEach((name, pipeline) -> {
            Counter items = context.metrics()
                    .counter(
                            "weir_routing_items",
                            "Items led to a pipeline",
                            "connector",
                            context.id().toString(),
                            "pipeline",
                            name);
            counted.put(name, new Counting(items, pipeline));
        });
        return counted;
    }

    /** The way to a pipeline. */
    private record Counting(Counter items, Consumer pipeline) implements Consumer {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            items.add(batch.items());
            pipeline.consume(batch, done);
        }

        @Override
        public boolean isWitness() {
            return pipeline.isWitness();
        }
    }

    /** @throws IllegalArgumentException if the table leads to a pipeline that it did not lead to at the start */
    @Override
    public void reload(RoutingConfig config) {
        Live changed = live(config);
        formerErrors.add(live.table.errors());
        live = changed;
    }

    private Live live(RoutingConfig config) {
        RoutingTable table = new RoutingTable(config, signal, environment);
        return new Live(
                table,
                table.targets().stream()
                        .map(pipelines ->
                                FanOut.to(pipelines.stream().map(this::pipeline).toList()))
                        .toList());
    }

    private Consumer pipeline(String name) {
        Consumer pipeline = next.get(name);
        if (pipeline == null) {
            throw new IllegalArgumentException("'" + name + "' is no pipeline of " + signal.label() + " that "
                    + context.id() + " leads to; restart to change which it does");
        }
        return pipeline;
    }

    @Override
    public boolean isWitness() {
        return next.values().stream().allMatch(Consumer::isWitness);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Live now = live;
        int items = batch.items();
        RoutingTable.Routed routed;
        try {
            routed = now.table.route(batch);
        } catch (OttlException e) {
            ledger.receivedAndRefused(Reason.STATEMENT_FAILED, items);
            done.complete(Delivery.rejected(Reason.STATEMENT_FAILED, String.valueOf(e.getMessage())));
            return;
        }
        ledger.received(items);
        if (routed.dropped() > 0) {
            ledger.dropped(Reason.NOT_ROUTED, routed.dropped());
        }
        int led = items - routed.dropped();
        List<RoutingTable.Part> parts = routed.parts();
        if (parts.isEmpty()) {
            ledger.delivered(led);
            done.complete(Delivery.ACCEPTED);
            return;
        }
        DeliveryCallback settled = done.after(delivery -> ledger.settle(led, delivery));
        if (parts.size() == 1 && parts.getFirst().batch() == batch) {
            now.targets.get(parts.getFirst().target()).consume(batch, settled);
        } else {
            Departure.of(parts.stream().map(p -> departing(p, batch, now)).toList(), led, settled);
        }
    }

    private static Departure.Part departing(RoutingTable.Part part, Batch whole, Live now) {
        Consumer to = now.targets.get(part.target());
        return new Departure.Part(part.batch(), to, part.batch() != whole);
    }
}
