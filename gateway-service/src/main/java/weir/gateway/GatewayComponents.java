package weir.gateway;

import weir.connector.forward.ForwardConnectorFactory;
import weir.connector.routing.RoutingConnectorFactory;
import weir.connector.spanmetrics.SpanMetricsConnectorFactory;
import weir.exporter.debug.DebugExporterFactory;
import weir.exporter.nop.NopExporterFactory;
import weir.extension.filestorage.FileStorageFactory;
import weir.gateway.ownership.OwnershipFactory;
import weir.gateway.prometheus.PrometheusExporterFactory;
import weir.gateway.sampling.TailSamplingFactory;
import weir.pipeline.Components;
import weir.processor.attributes.AttributesProcessorFactory;
import weir.processor.batch.BatchProcessorFactory;
import weir.processor.filter.FilterProcessorFactory;
import weir.processor.memory.MemoryLimiterFactory;
import weir.processor.probabilistic.ProbabilisticSamplerFactory;
import weir.processor.resource.ResourceProcessorFactory;
import weir.processor.transform.TransformProcessorFactory;
import weir.receiver.nop.NopReceiverFactory;
import weir.rim.KubernetesMembers;
import weir.transport.exporter.OtlpGrpcExporterFactory;
import weir.transport.exporter.OtlpHttpExporterFactory;
import weir.transport.receiver.OtlpReceiverFactory;

/** The component types that a gateway's pipeline file may use. */
public final class GatewayComponents {
    public static final Components ALL = Components.of(
            "gateway",
            new FileStorageFactory(),
            new OtlpReceiverFactory(),
            new NopReceiverFactory(),
            new MemoryLimiterFactory(),
            new BatchProcessorFactory(),
            new ResourceProcessorFactory(),
            new AttributesProcessorFactory(),
            new ProbabilisticSamplerFactory(),
            new FilterProcessorFactory(),
            new TransformProcessorFactory(),
            // No method references: the launcher names this class without having the client of Kubernetes, or gRPC's
            // stubs.
            new OwnershipFactory(
                    service -> KubernetesMembers.of(service),
                    (context, settings, name) -> PeerCalls.open(context, settings, name)),
            new TailSamplingFactory(),
            new ForwardConnectorFactory(),
            new RoutingConnectorFactory(),
            new SpanMetricsConnectorFactory(),
            new OtlpGrpcExporterFactory(),
            new OtlpHttpExporterFactory(),
            new DebugExporterFactory(),
            new NopExporterFactory(),
            new PrometheusExporterFactory());

    private GatewayComponents() {}
}
