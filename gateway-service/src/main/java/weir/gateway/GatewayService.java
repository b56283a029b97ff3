package weir.gateway;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import weir.gateway.ownership.OwnershipConfig;
import weir.gateway.ownership.PeersConfig;
import weir.pipeline.Components;
import weir.pipeline.file.PipelineModel;
import weir.rim.PipelineService;
import weir.rim.Plan;
import weir.transport.net.Endpoint;
import weir.transport.tls.TlsClientConfig;

/** What makes a service of Weir the gateway. */
@Singleton
public class GatewayService implements PipelineService {
    @Override
    public Components components() {
        return GatewayComponents.ALL;
    }

    @Override
    public Optional<Plan.ControlPlane> controlPlane(PipelineModel model) {
        List<Plan.ControlPlane> all = model.pipelines().stream()
                .flatMap(pipeline -> pipeline.processors().stream())
                .map(id -> model.find(Components.Kind.PROCESSOR, id))
                .filter(Objects::nonNull)
                .map(PipelineModel.Configured::config)
                .filter(OwnershipConfig.class::isInstance)
                .flatMap(config -> controlPlane((OwnershipConfig) config).stream())
                .distinct()
                .toList();
        if (all.size() > 1) {
            throw new IllegalArgumentException(
                    "the sections peers of its ownership processors differ in endpoint or TLS, and a gateway has one such"
                            + " server: have them say the same");
        }
        return all.stream().findFirst();
    }

    private static Optional<Plan.ControlPlane> controlPlane(OwnershipConfig config) {
        PeersConfig peers = config.peers();
        if (peers == null) {
            return Optional.empty();
        }
        Endpoint at = peers.listensAt();
        Plan.Address address = new Plan.Address(at.host().isEmpty() ? "0.0.0.0" : at.host(), at.port());
        TlsClientConfig tls = config.protocol().otlp().client().tls();
        return Optional.of(
                tls.insecure()
                        ? new Plan.ControlPlane(address, "", "", "")
                        : new Plan.ControlPlane(
                                address, tls.common().certFile(), tls.common().keyFile(), tls.caFile()));
    }

    @Override
    public Map<String, Plan.Address> listensAt() {
        Config config = ConfigProvider.getConfig();
        return Map.of(
                "the console (weir.console.port)",
                new Plan.Address(
                        config.getValue("quarkus.http.host", String.class),
                        config.getValue("quarkus.http.port", Integer.class)));
    }
}
