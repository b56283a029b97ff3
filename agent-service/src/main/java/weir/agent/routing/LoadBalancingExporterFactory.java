package weir.agent.routing;

import java.util.List;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;
import weir.transport.client.GrpcSender;
import weir.transport.exporter.GrpcClientConfig;

/** Makes {@code load_balancing} exporters, also named {@code loadbalancing}. */
public final class LoadBalancingExporterFactory implements ComponentFactory.OfExporter<LoadBalancingConfig> {
    @Override
    public String type() {
        return "load_balancing";
    }

    @Override
    public List<String> aliases() {
        return List.of("loadbalancing");
    }

    @Override
    public Class<LoadBalancingConfig> configType() {
        return LoadBalancingConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.values());
    }

    @Override
    public Exporter create(ComponentContext context, LoadBalancingConfig config) {
        RoutingKey named = RoutingKey.of(config.routingKey());
        RoutingKey key = named == null ? RoutingKey.defaultOf(context.theSignal()) : named;
        if (key == RoutingKey.TRACE_ID && context.theSignal() != Signal.TRACES) {
            throw new IllegalArgumentException("routing_key traceID is for traces; "
                    + context.theSignal().label() + " are routed by service or resource");
        }
        GrpcClientConfig client = config.protocol().otlp().client();
        return new LoadBalancer(
                context,
                config,
                key,
                member -> new GrpcSender(context, client.settings(member.address()), member.name()));
    }
}
