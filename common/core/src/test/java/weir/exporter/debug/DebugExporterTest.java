package weir.exporter.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.exporter.debug.DebugConfig.Verbosity;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.testing.ManualTimer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class DebugExporterTest {
    private final ManualTimer timer = new ManualTimer();
    private final List<String> out = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Signal.class)
    void consume_anySignal_isAcceptedAndInTheBooks(Signal signal) {
        var context = TestContexts.of("exporter", "debug", signal, timer);
        var exporter = new DebugExporter(context, new DebugConfig(Verbosity.DETAILED, 2, 1, true), out::add);
        List<Delivery> deliveries = new ArrayList<>();

        exporter.consume(Requests.of(signal, "a", 3), deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(out).hasSize(2);
        assertThat(out.getLast()).contains("service.name: Str(a)", "InstrumentationScope tests 1", "#2");
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_manyInASecond_writesEveryTenthAfterTheFirst() {
        var context = TestContexts.of("exporter", "debug", Signal.TRACES, timer);
        var exporter = new DebugExporter(context, new DebugConfig(Verbosity.BASIC, 2, 10, true), out::add);

        for (int i = 0; i < 32; i++) {
            exporter.consume(Requests.traces("a", 1), _ -> {});
        }
        assertThat(out).hasSize(5);
        timer.advance(Duration.ofSeconds(1));
        exporter.consume(Requests.traces("a", 1), _ -> {});

        assertThat(out).hasSize(6).containsOnly("Traces {\"resource spans\": 1, \"spans\": 1}");
    }

    @Test
    void counts_metricsAndLogs_areTheCollectors() {
        assertThat(DebugText.counts(Requests.metrics("a", 3)))
                .isEqualTo("Metrics {\"resource metrics\": 1, \"metrics\": 1, \"data points\": 3}");
        assertThat(DebugText.counts(Requests.logs("a", 3)))
                .isEqualTo("Logs {\"resource logs\": 1, \"log records\": 3}");
    }

    @Test
    void normal_spans_areALineEach() {
        assertThat(DebugText.normal(Requests.traces("a", 2))).isEqualTo("""
                ResourceTraces #0 service.name=a
                ScopeTraces #0 tests@1
                a0 00000000000000610000000000000001 0000000000000001 http.route=/a
                a1 00000000000000610000000000000002 0000000000000002 http.route=/a""");
    }

    @Test
    void normal_logs_areTheirBodies() {
        assertThat(DebugText.normal(Requests.logs("a", 1))).isEqualTo("""
                ResourceLog #0 service.name=a
                ScopeLog #0 tests@1
                a0""");
    }

    @Test
    void normal_metrics_showTheirValues() {
        var resource = ResourceMetrics.newBuilder();
        var scope = resource.addScopeMetricsBuilder();
        scope.addMetricsBuilder()
                .setName("h")
                .getHistogramBuilder()
                .addDataPoints(HistogramDataPoint.newBuilder()
                        .addAttributes(Requests.text("k", "v"))
                        .setCount(3)
                        .setSum(4.5)
                        .setMin(1)
                        .setMax(2)
                        .addExplicitBounds(1.5)
                        .addBucketCounts(1)
                        .addBucketCounts(2));
        scope.addMetricsBuilder()
                .setName("s")
                .getSummaryBuilder()
                .addDataPoints(SummaryDataPoint.newBuilder()
                        .setCount(2)
                        .setSum(3)
                        .addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                                .setQuantile(0.5)
                                .setValue(1)));
        scope.addMetricsBuilder()
                .setName("g")
                .getGaugeBuilder()
                .addDataPointsBuilder()
                .setAsDouble(0.25);
        byte[] bytes = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(resource)
                .build()
                .toByteArray();

        assertThat(DebugText.normal(Batch.of(Signal.METRICS, bytes, 3))).isEqualTo("""
                ResourceMetrics #0
                ScopeMetrics #0
                h{k=v} count=3 sum=4.5 min=1 max=2 le1.5=1 le+Inf=2
                s{} count=2 sum=3 q0.5=1
                g{} 0.25""");
    }

    @Test
    void detailed_span_showsItsFields() {
        assertThat(DebugText.detailed(Requests.traces("a", 1))).isEqualTo("""
                ResourceSpans #0
                Resource SchemaURL:\s
                Resource attributes:
                     -> service.name: Str(a)
                ScopeSpans #0
                ScopeSpans SchemaURL:\s
                InstrumentationScope tests 1
                Span #0
                    Trace ID       : 00000000000000610000000000000001
                    Parent ID      :\s
                    ID             : 0000000000000001
                    Name           : a0
                    Kind           : Server
                    Start time     : 1970-01-01T00:00:01Z
                    End time       : 1970-01-01T00:00:02Z
                    Status code    : Unset
                    Status message :\s
                Attributes:
                     -> http.route: Str(/a)""");
    }

    @Test
    void normal_hugeBatch_isCutOff() {
        String text = DebugText.normal(Requests.traces("x".repeat(1000), 1500));

        assertThat(text).hasSizeLessThan(DebugText.MAX_CHARS + 100).endsWith("cut off");
    }
}
