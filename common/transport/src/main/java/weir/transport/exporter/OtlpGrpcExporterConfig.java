package weir.transport.exporter;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.transport.client.GrpcSettings;
import weir.transport.client.GrpcTarget;
import weir.transport.client.KeepaliveConfig;
import weir.transport.tls.TlsClientConfig;

/** The section of an {@code otlp} exporter. */
public record OtlpGrpcExporterConfig(
        @Option(
                doc = "The backend: host:port, or http://host:port for plaintext whatever tls says, https://host:port,"
                        + " dns:///host:port.",
                required = true)
        String endpoint,

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
                doc = "How to choose among the addresses that the endpoint's name has: round_robin or pick_first.",
                fallback = "round_robin")
        String balancerName,

        @Option(doc = "Pings that find out whether a silent connection is alive; without this section there are none.")
        @Nullable
        KeepaliveConfig keepalive,

        @Option(doc = "The authority to name in requests, in place of the endpoint's.")
        String authority,

        @Option(doc = "What is held until the backend takes it.")
        SendingQueueConfig sendingQueue,

        @Option(doc = "When to try again what failed for now.")
        RetryPolicy retryOnFailure,

        @Option(doc = "Weir's own options.") ExporterLimits weir)
        implements Checked {
    /** What gRPC clients can compress with. */
    public static final List<String> COMPRESSIONS = List.of("gzip", "zstd", "none", "");

    /** How gRPC clients can choose among addresses. */
    public static final List<String> BALANCERS = List.of("round_robin", "pick_first");

    @Override
    public void check(Complaints complaints) {
        try {
            GrpcTarget.parse(endpoint);
        } catch (IllegalArgumentException e) {
            complaints.error("endpoint", String.valueOf(e.getMessage()));
        }
        SenderChecks.oneOf(complaints, "compression", compression, COMPRESSIONS);
        SenderChecks.oneOf(complaints, "balancer_name", balancerName, BALANCERS);
        SenderChecks.headers(complaints, headers);
        SenderChecks.timeout(complaints, timeout);
    }

    GrpcSettings settings() {
        return new GrpcSettings(
                endpoint, compression, tls, headers, timeout, waitForReady, balancerName, keepalive, authority);
    }
}
