package weir.gateway.prometheus;

import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;

/** Makes {@code prometheus} exporters. */
public final class PrometheusExporterFactory implements ComponentFactory.OfExporter<PrometheusConfig> {
    @Override
    public String type() {
        return "prometheus";
    }

    @Override
    public Class<PrometheusConfig> configType() {
        return PrometheusConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.METRICS);
    }

    @Override
    public Exporter create(ComponentContext context, PrometheusConfig config) {
        return new PrometheusExporter(context, config);
    }
}
