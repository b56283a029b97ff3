package weir.transport.exporter;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;
import weir.transport.client.GrpcSettings;
import weir.transport.client.KeepaliveConfig;
import weir.transport.tls.TlsClientConfig;

/** What every section says that sends OTLP over gRPC, but for whom it sends to. */
public record GrpcClientConfig(
        @Option(doc = "gzip, zstd or none. Compression costs several times what all the rest does.", fallback = "gzip")
        String compression,

        @Option(doc = "TLS towards the backend; it is on unless `insecure` is set.")
        TlsClientConfig tls,

        @Option(doc = "Headers to send with every request; their values are treated as secrets.")
        Map<String, Secret> headers,

        @Option(doc = "How long one try may take.", fallback = "5s")
        Duration timeout,

        @Option(
                doc = "Whether a try waits for a connection until its timeout, rather than failing at once.",
                fallback = "false")
        boolean waitForReady,

        @Option(
                doc = "How to choose among the addresses that the backend's name has: round_robin or pick_first.",
                fallback = "round_robin")
        String balancerName,

        @Option(doc = "Pings that find out whether a silent connection is alive; without this section there are none.")
        @Nullable
        KeepaliveConfig keepalive,

        @Option(doc = "The authority to name in requests, in place of the backend's address.")
        String authority)
        implements Checked {
    private static final List<String> COMPRESSIONS = List.of("gzip", "zstd", "none", "");
    private static final List<String> BALANCERS = List.of("round_robin", "pick_first");

    @Override
    public void check(Complaints complaints) {
        SenderChecks.oneOf(complaints, "compression", compression, COMPRESSIONS);
        SenderChecks.oneOf(complaints, "balancer_name", balancerName, BALANCERS);
        SenderChecks.headers(complaints, headers);
        SenderChecks.timeout(complaints, timeout);
    }

    /** How to reach a backend; the endpoint must be one that {@code GrpcTarget.parse} takes. */
    public GrpcSettings settings(String endpoint) {
        return settings(endpoint, "");
    }

    /**
     * How to reach a backend at an address that is not what it is called.
     *
     * @param host what it is called, where {@code authority} names nothing else; empty: what the endpoint says
     */
    public GrpcSettings settings(String endpoint, String host) {
        return new GrpcSettings(
                endpoint,
                compression,
                tls,
                headers,
                timeout,
                waitForReady,
                balancerName,
                keepalive,
                authority.isEmpty() ? host : authority);
    }
}
