package weir.exporter.memory;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Delivery;
import weir.pipeline.Exporter;

/**
 * Makes {@code memory} exporters, which the collector does not have: what they are given is kept in the process's
 * bounded store of recent traces, for the console, and accepted always.
 */
public final class MemoryExporterFactory implements ComponentFactory.OfExporter<MemoryExporterFactory.Config> {
    /** There is nothing to set. */
    public record Config() {}

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.of(Signal.TRACES);
    }

    @Override
    public Exporter create(ComponentContext context, Config config) {
        return (batch, done) -> {
            context.ledger().received(batch.items());
            context.process().recent().kept(batch);
            context.ledger().delivered(batch.items());
            done.complete(Delivery.ACCEPTED);
        };
    }
}
