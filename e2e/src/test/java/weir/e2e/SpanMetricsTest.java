package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** A gateway that counts all spans and keeps a tenth of the traces. */
class SpanMetricsTest {
    private static final Duration A_WHILE = Duration.ofSeconds(40);
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 10, 5, 0);
    private static final String CALLS = "traces_span_metrics_calls_total";
    private static final String DURATION = "traces_span_metrics_duration_milliseconds";

    @TempDir
    Path directory;

    private final int[] ports = Ports.free(3);

    private Service gateway(int backend) {
        return Service.ready("gateway", directory, ports[2], """
                receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}}
                processors:
                  tail_sampling:
                    decision_wait: 1s
                    policies: [{name: some, type: probabilistic, probabilistic: {sampling_percentage: 10}}]
                connectors:
                  forward:
                  span_metrics:
                    metrics_flush_interval: 1s
                    dimensions: [{name: http.request.method}]
                    # Of each service there are several pods, which are no labels in Prometheus.
                    resource_metrics_key_attributes: [service.name, service.namespace]
                exporters:
                  otlp: {endpoint: 127.0.0.1:%d, tls: {insecure: true}}
                  prometheus: {endpoint: 127.0.0.1:%d}
                service:
                  pipelines:
                    traces: {receivers: [otlp], exporters: [span_metrics, forward]}
                    traces/sampled: {receivers: [forward], processors: [tail_sampling], exporters: [otlp]}
                    metrics: {receivers: [span_metrics], exporters: [prometheus]}
                """.formatted(ports[0], backend, ports[1]));
    }

    @Test
    void metricsEqualWhatWasSent_whileATenthIsKept() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Service gateway = gateway(backend.port());
                Sender sender = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 4, 10_000, 11)) {
            Await.pause(5_000);
            sender.stop();
            assertThat(sender.unacknowledged()).isEmpty();
            Balance.settle(List.of(gateway), A_WHILE);

            long traces = sender.traces();
            // As pages of metrics have them.
            double spans = traces * (double) SHAPE.spans();
            double failed = LongStream.range(0, traces).filter(SHAPE::isError).count();
            double slow = LongStream.range(0, traces).filter(SHAPE::isSlow).count();
            assertThat(failed).isPositive();
            assertThat(slow).isPositive();
            String page = "http://127.0.0.1:" + ports[1] + "/metrics";
            Await.asserted(A_WHILE, () -> assertThat(Scrape.of(page).sum(CALLS)).isEqualTo(spans));
            Scrape seen = Scrape.of(page);
            assertThat(seen.sum(CALLS, "status_code", "STATUS_CODE_ERROR")).isEqualTo(failed);
            assertThat(seen.sum(CALLS, "status_code", "STATUS_CODE_OK")).isEqualTo(spans - failed);
            assertThat(seen.sum(CALLS, "span_kind", "SPAN_KIND_SERVER", "http_request_method", "GET"))
                    .isEqualTo(spans);
            assertThat(seen.sum(DURATION + "_count")).isEqualTo(spans);
            assertThat(seen.sum(DURATION + "_sum")).isEqualTo(4.0 * (spans - slow) + 3000.0 * slow);
            assertThat(seen.sum(DURATION + "_bucket", "le", "2")).isZero();
            assertThat(seen.sum(DURATION + "_bucket", "le", "4")).isEqualTo(spans - slow);
            assertThat(seen.sum(DURATION + "_bucket", "le", "2000")).isEqualTo(spans - slow);
            assertThat(seen.sum(DURATION + "_bucket", "le", "5000")).isEqualTo(spans);
            assertThat(backend.spans() / spans).as("kept of all").isBetween(0.05, 0.16);
            assertThat(gateway.metrics()
                            .sum("weir_ledger_delivered_items_total", "component", "span_metrics", "signal", "traces"))
                    .isEqualTo(spans);
            assertThat(gateway.stderr()).isEmpty();
        }
    }

    /** The queries of docs/span-metrics.md. */
    @Test
    @Tag("peers")
    void prometheusAnswers_rateErrorsAndDurations() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Service gateway = gateway(backend.port());
                Sender _ = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 2, 4_000, 12);
                Prometheus prometheus = Prometheus.start(directory, List.of("127.0.0.1:" + ports[1]))) {
            String of = "[10s]";
            Await.asserted(
                    A_WHILE,
                    () -> assertThat(prometheus.query("sum(rate(" + CALLS + of + "))"))
                            .isBetween(3_000.0, 5_000.0));

            assertThat(prometheus.query("sum(rate(" + CALLS + "{status_code=\"STATUS_CODE_ERROR\"}" + of + "))"
                            + " / sum(rate(" + CALLS + of + "))"))
                    .as("one of eight spans of a tenth of the traces")
                    .isBetween(0.008, 0.017);
            assertThat(prometheus.query(
                            "histogram_quantile(0.95, sum by (le) (rate(" + DURATION + "_bucket" + of + ")))"))
                    .as("those that are not slow take 4 ms")
                    .isBetween(2.0, 4.0);
            assertThat(prometheus.query(
                            "histogram_quantile(0.999, sum by (le) (rate(" + DURATION + "_bucket" + of + ")))"))
                    .as("slow ones take 3 s")
                    .isBetween(2000.0, 5000.0);
            assertThat(prometheus.query("topk(1, sum by (service_name) (rate(" + CALLS + of + ")))"))
                    .isPositive();
            assertThat(gateway.alive()).isTrue();
        }
    }
}
