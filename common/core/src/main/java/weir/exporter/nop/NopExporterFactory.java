package weir.exporter.nop;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Delivery;
import weir.pipeline.Exporter;

/** Makes exporters that accept every batch at once and forget it. */
public final class NopExporterFactory implements ComponentFactory.OfExporter<NopExporterFactory.Config> {
    /** There is nothing to set. */
    public record Config() {}

    @Override
    public String type() {
        return "nop";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Exporter create(ComponentContext context, Config config) {
        return (batch, done) -> {
            context.ledger().received(batch.items());
            context.ledger().delivered(batch.items());
            done.complete(Delivery.ACCEPTED);
        };
    }
}
