package weir.gateway.prometheus;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import weir.otlp.Batch;
import weir.otlp.Signal;

/** Makes OTLP for tests, by the official classes. */
final class Otlp {
    static final AggregationTemporality CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    static final AggregationTemporality DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;

    private Otlp() {}

    /** Key, value, key, value. */
    static List<KeyValue> attributes(Object... keysAndValues) {
        List<KeyValue> attributes = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            attributes.add(KeyValue.newBuilder()
                    .setKey((String) keysAndValues[i])
                    .setValue(value(keysAndValues[i + 1]))
                    .build());
        }
        return attributes;
    }

    static AnyValue value(Object value) {
        AnyValue.Builder made = AnyValue.newBuilder();
        switch (value) {
            case String text -> made.setStringValue(text);
            case Boolean bool -> made.setBoolValue(bool);
            case Integer number -> made.setIntValue(number);
            case Double number -> made.setDoubleValue(number);
            case byte[] bytes -> made.setBytesValue(ByteString.copyFrom(bytes));
            case AnyValue any -> made.mergeFrom(any);
            default -> throw new IllegalArgumentException(value.toString());
        }
        return made.build();
    }

    static Resource resource(Object... attributes) {
        return Resource.newBuilder().addAllAttributes(attributes(attributes)).build();
    }

    static ResourceMetrics of(Resource resource, Metric... metrics) {
        return of(resource, InstrumentationScope.getDefaultInstance(), metrics);
    }

    static ResourceMetrics of(Resource resource, InstrumentationScope scope, Metric... metrics) {
        return ResourceMetrics.newBuilder()
                .setResource(resource)
                .addScopeMetrics(ScopeMetrics.newBuilder().setScope(scope).addAllMetrics(List.of(metrics)))
                .build();
    }

    static Batch batch(ResourceMetrics... resources) {
        ExportMetricsServiceRequest request = ExportMetricsServiceRequest.newBuilder()
                .addAllResourceMetrics(List.of(resources))
                .build();
        return Batch.of(Signal.METRICS, request.toByteArray(), items(request));
    }

    private static int items(ExportMetricsServiceRequest request) {
        return request.getResourceMetricsList().stream()
                .flatMap(r -> r.getScopeMetricsList().stream())
                .flatMap(s -> s.getMetricsList().stream())
                .mapToInt(m -> m.getGauge().getDataPointsCount()
                        + m.getSum().getDataPointsCount()
                        + m.getHistogram().getDataPointsCount()
                        + m.getExponentialHistogram().getDataPointsCount()
                        + m.getSummary().getDataPointsCount())
                .sum();
    }

    static Metric.Builder metric(String name, String unit) {
        return Metric.newBuilder().setName(name).setUnit(unit);
    }

    static Metric gauge(String name, String unit, NumberDataPoint.Builder... points) {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (var point : points) {
            gauge.addDataPoints(point);
        }
        return metric(name, unit).setGauge(gauge).build();
    }

    static Metric gauge(String name, String unit, double value, Object... attributes) {
        return gauge(name, unit, number(value, attributes));
    }

    static Metric counter(String name, String unit, double value, Object... attributes) {
        return sum(name, unit, true, CUMULATIVE, number(value, attributes));
    }

    static Metric sum(
            String name,
            String unit,
            boolean monotonic,
            AggregationTemporality temporality,
            NumberDataPoint.Builder... points) {
        Sum.Builder sum = Sum.newBuilder().setIsMonotonic(monotonic).setAggregationTemporality(temporality);
        for (var point : points) {
            sum.addDataPoints(point);
        }
        return metric(name, unit).setSum(sum).build();
    }

    static NumberDataPoint.Builder number(double value, Object... attributes) {
        return NumberDataPoint.newBuilder().setAsDouble(value).addAllAttributes(attributes(attributes));
    }

    static NumberDataPoint.Builder delta(double value, long startSeconds, long timeSeconds, Object... attributes) {
        return number(value, attributes)
                .setStartTimeUnixNano(startSeconds * 1_000_000_000L)
                .setTimeUnixNano(timeSeconds * 1_000_000_000L);
    }

    static Metric histogram(
            String name, String unit, AggregationTemporality temporality, HistogramDataPoint.Builder... points) {
        Histogram.Builder histogram = Histogram.newBuilder().setAggregationTemporality(temporality);
        for (var point : points) {
            histogram.addDataPoints(point);
        }
        return metric(name, unit).setHistogram(histogram).build();
    }

    static HistogramDataPoint.Builder buckets(
            List<Double> bounds, List<Long> counts, double sum, Object... attributes) {
        return HistogramDataPoint.newBuilder()
                .addAllExplicitBounds(bounds)
                .addAllBucketCounts(counts)
                .setSum(sum)
                .setCount(counts.stream().mapToLong(n -> n).sum())
                .addAllAttributes(attributes(attributes));
    }

    static Exemplar exemplar(double value, String traceId, String spanId, long timeNanos) {
        return Exemplar.newBuilder()
                .setAsDouble(value)
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(traceId)))
                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(spanId)))
                .setTimeUnixNano(timeNanos)
                .build();
    }
}
