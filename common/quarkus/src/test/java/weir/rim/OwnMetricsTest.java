package weir.rim;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.pipeline.file.ServiceTelemetry;
import weir.telemetry.Metrics;

class OwnMetricsTest {
    private final Metrics metrics = new Metrics();
    private final OwnMetrics own = new OwnMetrics(metrics);

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

    @Test
    void page_withoutTypeSuffix_countersKeepTheirNames() throws IOException {
        metrics.counter("otelcol_receiver_accepted_spans", "Spans taken", "receiver", "otlp")
                .add(7);
        own.show(telemetry(true, Map.of()));

        assertThat(page())
                .contains("# TYPE otelcol_receiver_accepted_spans untyped\n")
                .contains("otelcol_receiver_accepted_spans{receiver=\"otlp\",} 7.0\n")
                .doesNotContain("_total")
                .doesNotContain("target_info");
    }

    @Test
    void page_resource_isTargetInfo() throws IOException {
        Map<String, @Nullable Object> resource = new HashMap<>(Map.of("service.name", "edge", "replica", 3));
        resource.put("service.instance.id", null);
        own.show(telemetry(false, resource));

        assertThat(page())
                .contains("# TYPE target_info gauge\n")
                .contains("target_info{replica=\"3\",service_name=\"edge\",} 1.0\n");
    }

    @SuppressWarnings("unchecked") // A value that the file leaves empty is null.
    private static ServiceTelemetry telemetry(boolean withoutTypeSuffix, Map<String, ?> resource) {
        var prometheus = new ServiceTelemetry.Prometheus("localhost", 8888, withoutTypeSuffix, true, true);
        var reader =
                new ServiceTelemetry.Reader(new ServiceTelemetry.Pull(new ServiceTelemetry.PullExporter(prometheus)));
        return new ServiceTelemetry(
                new ServiceTelemetry.Logs(ServiceTelemetry.LogLevel.INFO),
                new ServiceTelemetry.Metrics(ServiceTelemetry.MetricsLevel.NORMAL, null, List.of(reader)),
                (Map<String, Object>) resource);
    }

    private String page() throws IOException {
        CollectorRegistry registry = new CollectorRegistry();
        registry.register(own);
        StringWriter page = new StringWriter();
        TextFormat.write004(page, registry.metricFamilySamples());
        return page.toString();
    }
}
