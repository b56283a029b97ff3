package weir.connector.spanmetrics;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;

/** Makes {@code span_metrics} connectors, also named {@code spanmetrics}. */
public final class SpanMetricsConnectorFactory implements ComponentFactory.OfConnector<SpanMetricsConfig> {
    @Override
    public Connector create(
            ComponentContext context, SpanMetricsConfig config, Map<Signal, Map<String, Consumer>> next) {
        return new SpanMetricsConnector(
                context,
                config,
                next.getOrDefault(Signal.METRICS, Map.of()),
                task -> Thread.ofVirtual().name("weir-span-metrics").start(task),
                ThreadLocalRandom.current().nextLong());
    }

    @Override
    public String type() {
        return "span_metrics";
    }

    @Override
    public List<String> aliases() {
        return List.of("spanmetrics");
    }

    @Override
    public Class<SpanMetricsConfig> configType() {
        return SpanMetricsConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.of(Signal.TRACES, Signal.METRICS);
    }

    @Override
    public Set<Signal> entering() {
        return EnumSet.of(Signal.TRACES);
    }

    @Override
    public Set<Signal> leaving() {
        return EnumSet.of(Signal.METRICS);
    }
}
