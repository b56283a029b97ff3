package weir.transport.exporter;

import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.transport.client.GrpcTarget;

/** The section of an {@code otlp} exporter. */
public record OtlpGrpcExporterConfig(
        @Option(
                doc = "The backend: host:port, or http://host:port for plaintext whatever tls says, https://host:port,"
                        + " dns:///host:port.",
                required = true)
        String endpoint,

        @Inlined GrpcClientConfig client,

        @Option(doc = "What is held until the backend takes it.")
        SendingQueueConfig sendingQueue,

        @Option(doc = "When to try again what failed for now.")
        RetryPolicy retryOnFailure,

        @Option(doc = "Weir's own options.") ExporterLimits weir)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        try {
            GrpcTarget.parse(endpoint);
        } catch (IllegalArgumentException e) {
            complaints.error("endpoint", String.valueOf(e.getMessage()));
        }
    }
}
