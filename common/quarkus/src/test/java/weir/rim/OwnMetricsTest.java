package weir.rim;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import weir.telemetry.Metrics;

class OwnMetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void page_counter_endsInTotal() throws IOException {
        metrics.counter("otelcol_receiver_accepted_spans", "Spans taken", "receiver", "otlp", "transport", "grpc")
                .add(7);

        assertThat(page())
                .contains("# HELP otelcol_receiver_accepted_spans_total Spans taken\n")
                .contains("# TYPE otelcol_receiver_accepted_spans_total counter\n")
                .contains("otelcol_receiver_accepted_spans_total{receiver=\"otlp\",transport=\"grpc\",} 7.0\n");
    }

    @Test
    void page_gauge_keepsItsName() throws IOException {
        metrics.gauge("otelcol_exporter_queue_size", "Requests waiting", () -> 3, "exporter", "otlp/a");

        assertThat(page())
                .contains("# TYPE otelcol_exporter_queue_size gauge\n")
                .contains("otelcol_exporter_queue_size{exporter=\"otlp/a\",} 3.0\n");
    }

    @Test
    void page_histogram_hasCumulativeBuckets() throws IOException {
        var histogram = metrics.histogram("latency", "How long", new double[] {1, 5});
        histogram.record(1);
        histogram.record(2);
        histogram.record(100);

        assertThat(page())
                .contains("latency_bucket{le=\"1.0\",} 1.0\nlatency_bucket{le=\"5.0\",} 2.0\n")
                .contains("latency_bucket{le=\"+Inf\",} 3.0\nlatency_count 3.0\nlatency_sum 103.0\n");
    }

    @Test
    void page_labelWithDot_hasUnderscore() throws IOException {
        metrics.counter("otelcol_processor_incoming_items", "Items in", "otel.signal", "traces");

        assertThat(page()).contains("otelcol_processor_incoming_items_total{otel_signal=\"traces\",} 0.0\n");
    }

    @Test
    void page_seriesRemoved_isGone() throws IOException {
        metrics.counter("gone", "Soon gone", "exporter", "a");
        metrics.remove("exporter", "a");

        assertThat(page()).doesNotContain("gone");
    }

    private String page() throws IOException {
        CollectorRegistry registry = new CollectorRegistry();
        registry.register(new OwnMetrics(metrics));
        StringWriter page = new StringWriter();
        TextFormat.write004(page, registry.metricFamilySamples());
        return page.toString();
    }
}
