package weir.agent.routing;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.transport.client.GrpcSettings;
import weir.transport.client.KeepaliveConfig;
import weir.transport.exporter.OtlpGrpcExporterConfig;
import weir.transport.exporter.SenderChecks;
import weir.transport.tls.TlsClientConfig;

/** The section {@code protocol.otlp}: the options of the {@code otlp} exporter but for the endpoint, for each backend. */
public record BackendProtocol(
        @Option(doc = "gzip, zstd or none. Compression costs several times what all the rest does.", fallback = "gzip")
        String compression,

        @Option(doc = "TLS towards the backends; it is on unless `insecure` is set.")
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
                doc = "How to choose among the addresses that a backend's name has: round_robin or pick_first.",
                fallback = "round_robin")
        String balancerName,

        @Option(doc = "Pings that find out whether a silent connection is alive; without this section there are none.")
        @Nullable
        KeepaliveConfig keepalive,

        @Option(doc = "The authority to name in requests, in place of the backend's address.")
        String authority,

        @Option(doc = "What is held for each backend until it takes it.")
        SendingQueueConfig sendingQueue,

        @Option(doc = "When to try again what failed for now, at the same backend.")
        RetryPolicy retryOnFailure)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        SenderChecks.oneOf(complaints, "compression", compression, OtlpGrpcExporterConfig.COMPRESSIONS);
        SenderChecks.oneOf(complaints, "balancer_name", balancerName, OtlpGrpcExporterConfig.BALANCERS);
        SenderChecks.headers(complaints, headers);
        SenderChecks.timeout(complaints, timeout);
        if (!sendingQueue.enabled()) {
            complaints.warning(
                    "sending_queue.enabled",
                    "each backend keeps its queue all the same: when one backend refuses its part of a request, the parts"
                            + " of the others must not be sent twice");
        }
        if (sendingQueue.blockOnOverflow()) {
            complaints.error(
                    "sending_queue.block_on_overflow",
                    "not for a backend's queue; set it in the sending_queue of load_balancing itself");
        }
        if (sendingQueue.waitForResult()) {
            complaints.error(
                    "sending_queue.wait_for_result",
                    "not for a backend's queue, which holds parts of requests; remove it");
        }
    }

    GrpcSettings settings(String endpoint) {
        return new GrpcSettings(
                endpoint, compression, tls, headers, timeout, waitForReady, balancerName, keepalive, authority);
    }

    SendingQueueConfig queue() {
        return new SendingQueueConfig(
                true, sendingQueue.numConsumers(), sendingQueue.queueSize(), sendingQueue.sizer(), false, false);
    }
}
