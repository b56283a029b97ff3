package weir.agent.routing;

import java.util.List;
import java.util.Set;
import weir.members.WatchedService;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;
import weir.transport.client.GrpcSender;
import weir.transport.exporter.GrpcClientConfig;
import weir.transport.members.Resolvers;

/** Makes {@code load_balancing} exporters, also named {@code loadbalancing}. */
public final class LoadBalancingExporterFactory implements ComponentFactory.OfExporter<LoadBalancingConfig> {
    private final WatchedService.Watch watch;

    /** @param watch of services of Kubernetes */
    public LoadBalancingExporterFactory(WatchedService.Watch watch) {
        this.watch = watch;
    }

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
        Signal signal = context.theSignal();
        RoutingKey key = named == null ? RoutingKey.defaultOf(signal) : named;
        if (!key.isFor(signal)) {
            throw new IllegalArgumentException("routing_key " + key.word() + " is not for " + signal.label()
                    + ", which are routed by one of: " + RoutingKey.words(signal));
        }
        GrpcClientConfig client = config.protocol().otlp().client();
        return new LoadBalancer(
                context,
                config,
                key,
                Resolvers.of(
                        config.resolver(), config.weir().names(), config.weir().ring(), watch, context),
                member ->
                        GrpcSender.toMember(context, client.settings(member.address(), member.host()), member.name()));
    }
}
