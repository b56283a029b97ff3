package weir.transport.exporter;

import java.util.List;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;
import weir.transport.client.BoundedSender;
import weir.transport.client.HttpSender;

/** Makes {@code otlp_http} exporters, also named {@code otlphttp}. */
public final class OtlpHttpExporterFactory implements ComponentFactory.OfExporter<OtlpHttpExporterConfig> {
    @Override
    public String type() {
        return "otlp_http";
    }

    @Override
    public List<String> aliases() {
        return List.of("otlphttp");
    }

    @Override
    public Class<OtlpHttpExporterConfig> configType() {
        return OtlpHttpExporterConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public Exporter create(ComponentContext context, OtlpHttpExporterConfig config) {
        return new OtlpExporter(
                context,
                config.sendingQueue(),
                config.retryOnFailure(),
                config.weir().maxQueueBytes(),
                new BoundedSender(
                        new HttpSender(context, config.settings(context.theSignal())),
                        config.weir().maxRequestBytes(BoundedSender.HTTP_BYTES)));
    }
}
