package weir.transport.exporter;

import java.util.List;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;
import weir.transport.client.BoundedSender;
import weir.transport.client.GrpcSender;

/** Makes {@code otlp} exporters, also named {@code otlp_grpc}. */
public final class OtlpGrpcExporterFactory implements ComponentFactory.OfExporter<OtlpGrpcExporterConfig> {
    @Override
    public String type() {
        return "otlp";
    }

    @Override
    public List<String> aliases() {
        return List.of("otlp_grpc");
    }

    @Override
    public Class<OtlpGrpcExporterConfig> configType() {
        return OtlpGrpcExporterConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public Exporter create(ComponentContext context, OtlpGrpcExporterConfig config) {
        return new OtlpExporter(
                context,
                config.sendingQueue(),
                config.retryOnFailure(),
                config.weir().maxQueueBytes(),
                new BoundedSender(
                        new GrpcSender(context, config.client().settings(config.endpoint()), ""),
                        config.weir().maxRequestBytes(BoundedSender.GRPC_BYTES)));
    }
}
