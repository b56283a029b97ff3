package weir.gateway;

import io.quarkus.arc.Unremovable;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import weir.rim.ServiceMain;

/** What Quarkus' settings do not say of the server that other gateways call: limits, and whom it trusts. */
@Singleton
@Unremovable
class PeerServer implements ServerBuilderCustomizer<VertxServerBuilder> {
    private static final int CALLS_A_CONNECTION = 8;

    private final Optional<String> authorities;

    PeerServer(@ConfigProperty(name = ServiceMain.CONTROL_PLANE_AUTHORITIES) Optional<String> authorities) {
        this.authorities = authorities;
    }

    @Override
    public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
        var _ = builder.nettyBuilder().maxConcurrentCallsPerConnection(CALLS_A_CONNECTION);
        authorities.ifPresent(
                file -> builder.useSsl(ssl -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(file))));
    }
}
