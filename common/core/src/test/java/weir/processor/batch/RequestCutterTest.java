package weir.processor.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.testing.Requests;

class RequestCutterTest {
    @Test
    void cut_withinAScope_keepsResourceScopeAndSchemaInBoth() throws Exception {
        var request = ExportTraceServiceRequest.newBuilder();
        var first = request.addResourceSpansBuilder().setSchemaUrl("resource-schema");
        first.getResourceBuilder().addAttributes(Requests.text("service.name", "a"));
        first.addScopeSpansBuilder().addSpans(span("1"));
        var scope = first.addScopeSpansBuilder().setSchemaUrl("scope-schema");
        scope.getScopeBuilder().setName("s");
        scope.addSpans(span("2")).addSpans(span("3"));
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span("4"));

        var cut =
                new RequestCutter(2).cut(Batch.of(Signal.TRACES, request.build().toByteArray(), 4));

        var head = ExportTraceServiceRequest.parseFrom(cut.head().bytes());
        var tail = ExportTraceServiceRequest.parseFrom(cut.tail().bytes());
        assertThat(cut.head().items()).isEqualTo(2);
        assertThat(cut.tail().items()).isEqualTo(2);
        scope.removeSpans(1);
        request.removeResourceSpans(1);
        assertThat(head).isEqualTo(request.build());
        assertThat(tail.getResourceSpansCount()).isEqualTo(2);
        assertThat(tail.getResourceSpans(0).getResource()).isEqualTo(first.getResource());
        assertThat(tail.getResourceSpans(0).getSchemaUrl()).isEqualTo("resource-schema");
        assertThat(tail.getResourceSpans(0).getScopeSpansList()).hasSize(1);
        assertThat(tail.getResourceSpans(0).getScopeSpans(0).getScope().getName())
                .isEqualTo("s");
        assertThat(tail.getResourceSpans(0).getScopeSpans(0).getSchemaUrl()).isEqualTo("scope-schema");
        assertThat(tail.getResourceSpans(0).getScopeSpans(0).getSpansList()).containsExactly(span("3"));
        assertThat(tail.getResourceSpans(1).getScopeSpans(0).getSpansList()).containsExactly(span("4"));
    }

    @Test
    void cut_withinAMetric_keepsItsNameAndTemporality() throws Exception {
        Metric.Builder metric = Metric.newBuilder().setName("requests").setUnit("1");
        Sum.Builder sum = metric.getSumBuilder()
                .setIsMonotonic(true)
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
        for (int i = 0; i < 5; i++) {
            sum.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i));
        }
        var resource = ResourceMetrics.newBuilder();
        resource.addScopeMetricsBuilder().addMetrics(metric);
        byte[] bytes = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(resource)
                .build()
                .toByteArray();

        var cut = new RequestCutter(3).cut(Batch.of(Signal.METRICS, bytes, 5));

        Metric tail = ExportMetricsServiceRequest.parseFrom(cut.tail().bytes())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetrics(0);
        assertThat(tail.getName()).isEqualTo("requests");
        assertThat(tail.getUnit()).isEqualTo("1");
        assertThat(tail.getSum().getIsMonotonic()).isTrue();
        assertThat(tail.getSum().getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
        assertThat(tail.getSum().getDataPointsList())
                .extracting(NumberDataPoint::getAsInt)
                .containsExactly(3L, 4L);
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void cut_anywhere_losesNoItem(Signal signal) throws Exception {
        Batch whole = Requests.of(signal, "a", 10);
        for (int i = 1; i < 10; i++) {
            var cut = new RequestCutter(i).cut(whole);
            assertThat(cut.head().length() + cut.tail().length()).isGreaterThan(whole.length());
            assertThat(Requests.count(cut.head())).isEqualTo(i);
            assertThat(Requests.count(cut.tail())).isEqualTo(10 - i);
        }
    }

    private static Span span(String name) {
        return Span.newBuilder().setName(name).build();
    }
}
