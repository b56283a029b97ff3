package weir.agent;

import weir.agent.routing.LoadBalancingExporterFactory;
import weir.connector.forward.ForwardConnectorFactory;
import weir.connector.routing.RoutingConnectorFactory;
import weir.connector.spanmetrics.SpanMetricsConnectorFactory;
import weir.exporter.debug.DebugExporterFactory;
import weir.exporter.nop.NopExporterFactory;
import weir.extension.filestorage.FileStorageFactory;
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

/** The component types that an agent's pipeline file may use. */
public final class AgentComponents {
    public static final Components ALL = Components.of(
            "agent",
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
            new ForwardConnectorFactory(),
            new RoutingConnectorFactory(),
            new SpanMetricsConnectorFactory(),
            new OtlpGrpcExporterFactory(),
            new OtlpHttpExporterFactory(),
            // Not a method reference: the launcher names this class without having the client of Kubernetes.
            new LoadBalancingExporterFactory(service -> KubernetesMembers.of(service)),
            new DebugExporterFactory(),
            new NopExporterFactory());

    private AgentComponents() {}
}
