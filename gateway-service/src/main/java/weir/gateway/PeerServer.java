package weir.gateway;

import io.grpc.netty.NettyServerBuilder;
import io.quarkus.arc.Unremovable;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import weir.pipeline.Components;
import weir.rim.PipelineLifecycle;
import weir.telemetry.Metrics;
import weir.transport.tls.TlsClientConfig;
import weir.transport.tls.TlsContext;

/**
 * What Quarkus' settings do not say of the server that other gateways call: limits, and TLS. Quarkus reads certificates of its
 * gRPC server once and knows no files of authorities in PEM, so that TLS is the same here as of other listeners, and Quarkus is
 * told of none. Called once, before the engine starts.
 */
@Singleton
@Unremovable
class PeerServer implements ServerBuilderCustomizer<VertxServerBuilder> {
    private static final int CALLS_A_CONNECTION = 8;

    private final PipelineLifecycle pipeline;
    private final Metrics metrics;

    PeerServer(PipelineLifecycle pipeline, Metrics metrics) {
        this.pipeline = pipeline;
        this.metrics = metrics;
    }

    @Override
    public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
        NettyServerBuilder server = builder.nettyBuilder().maxConcurrentCallsPerConnection(CALLS_A_CONNECTION);
        try {
            PeerListener listener = PeerListener.of(pipeline.model()).orElse(null);
            TlsClientConfig tls = listener == null ? null : listener.tls();
            if (listener != null && tls != null) {
                server.sslContext(tls(tls, listener).netty());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at its files until the engine's timer ends. */
    private TlsContext tls(TlsClientConfig tls, PeerListener listener) throws IOException {
        return TlsContext.peers(
                tls,
                new TlsContext.Owner(Components.Kind.PROCESSOR.label(), listener.of(), metrics, pipeline.timer()),
                "peers",
                TlsContext.H2);
    }
}
