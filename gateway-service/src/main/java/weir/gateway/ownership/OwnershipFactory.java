package weir.gateway.ownership;

import java.util.Map;
import java.util.Set;
import weir.hash.Ring;
import weir.members.WatchedService;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;
import weir.transport.client.GrpcSender;
import weir.transport.exporter.GrpcClientConfig;
import weir.transport.members.Resolvers;

/** Makes {@code ownership} processors. */
public final class OwnershipFactory implements ComponentFactory.OfProcessor<OwnershipConfig> {
    private final WatchedService.Watch watch;
    private final Peer.Opener opener;

    /**
     * @param watch of services of Kubernetes
     * @param opener of what speaks to other gateways
     */
    public OwnershipFactory(WatchedService.Watch watch, Peer.Opener opener) {
        this.watch = watch;
        this.opener = opener;
    }

    @Override
    public String type() {
        return "ownership";
    }

    @Override
    public Class<OwnershipConfig> configType() {
        return OwnershipConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.TRACES);
    }

    @Override
    public Processor create(ComponentContext context, OwnershipConfig config, Consumer next) {
        GrpcClientConfig client = config.protocol().otlp().client();
        return new Ownership(
                context,
                config,
                Resolvers.of(config.resolver(), Map.of(), Ring.RENDEZVOUS, watch, context),
                member -> GrpcSender.toMember(context, client.settings(member.address(), member.host()), member.name()),
                opener,
                next);
    }
}
