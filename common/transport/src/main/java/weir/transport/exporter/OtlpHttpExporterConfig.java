package weir.transport.exporter;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.otlp.Signal;
import weir.transport.client.HttpSettings;
import weir.transport.client.HttpTarget;
import weir.transport.compress.Encoding;
import weir.transport.tls.TlsClientConfig;

/** The section of an {@code otlp_http} exporter. */
public record OtlpHttpExporterConfig(
        @Option(doc = "The backend's base URL, such as https://host:4318; each signal's path is appended (/v1/traces).")
        String endpoint,

        @Option(doc = "The URL for traces, taken as it is, in place of the endpoint's.")
        String tracesEndpoint,

        @Option(doc = "The URL for metrics, taken as it is, in place of the endpoint's.")
        String metricsEndpoint,

        @Option(doc = "The URL for logs, taken as it is, in place of the endpoint's.")
        String logsEndpoint,

        @Option(doc = "How requests are written: proto. Weir does not write OTLP's JSON.", fallback = "proto")
        String encoding,

        @Option(
                doc = "gzip, zstd, zlib, deflate or none. Compression costs several times what all the rest does.",
                fallback = "gzip")
        String compression,

        @Option(doc = "TLS towards the backend, used when the URL's scheme is https.")
        TlsClientConfig tls,

        @Option(doc = "Headers to send with every request; their values are treated as secrets.")
        Map<String, Secret> headers,

        @Option(doc = "How long one try may take, from connecting to the last byte of the answer.", fallback = "30s")
        Duration timeout,

        @Option(doc = "After how long a connection that nobody uses is closed.", fallback = "90s")
        Duration idleConnTimeout,

        @Option(doc = "What is held until the backend takes it.")
        SendingQueueConfig sendingQueue,

        @Option(doc = "When to try again what failed for now.")
        RetryPolicy retryOnFailure,

        @Option(doc = "Weir's own options.") ExporterLimits weir)
        implements Checked {
    private static final List<String> COMPRESSIONS = List.of("gzip", "zstd", "zlib", "deflate", "none", "");

    @Override
    public void check(Complaints complaints) {
        if (endpoint.isEmpty() && tracesEndpoint.isEmpty() && metricsEndpoint.isEmpty() && logsEndpoint.isEmpty()) {
            complaints.error("endpoint", "set the backend's URL, such as https://host:4318");
        }
        url(complaints, "endpoint", endpoint);
        url(complaints, "traces_endpoint", tracesEndpoint);
        url(complaints, "metrics_endpoint", metricsEndpoint);
        url(complaints, "logs_endpoint", logsEndpoint);
        if (!encoding.equals("proto")) {
            complaints.error(
                    "encoding",
                    encoding.equals("json")
                            ? "Weir does not write OTLP's JSON; every OTLP/HTTP backend takes proto, so remove this"
                            : "\"" + encoding + "\" is not an encoding of OTLP; remove this, proto is what is sent");
        }
        SenderChecks.oneOf(complaints, "compression", compression, COMPRESSIONS);
        SenderChecks.headers(complaints, headers);
        SenderChecks.timeout(complaints, timeout);
        if (idleConnTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            complaints.error("idle_conn_timeout", "must be 1s or more");
        }
    }

    private static void url(Complaints complaints, String option, String url) {
        if (!url.isEmpty()) {
            try {
                HttpTarget.of("", url, Signal.TRACES);
            } catch (IllegalArgumentException e) {
                complaints.error(option, String.valueOf(e.getMessage()));
            }
        }
    }

    /** @throws IllegalArgumentException if the file names no URL for this signal */
    HttpSettings settings(Signal signal) {
        String own = switch (signal) {
            case TRACES -> tracesEndpoint;
            case METRICS -> metricsEndpoint;
            case LOGS -> logsEndpoint;
        };
        if (own.isEmpty() && endpoint.isEmpty()) {
            throw new IllegalArgumentException("it is used for " + signal.label() + " but has neither endpoint nor "
                    + signal.label() + "_endpoint");
        }
        Encoding encodingOfBody = Encoding.of(compression.isEmpty() ? "none" : compression);
        return new HttpSettings(
                HttpTarget.of(endpoint, own, signal),
                encodingOfBody == null ? Encoding.NONE : encodingOfBody,
                tls,
                headers,
                timeout,
                idleConnTimeout);
    }
}
