package weir.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;

/**
 * A point of a metric, flat and comparable: what it is of, and what it says.
 *
 * @param resource attributes of the resource, in order
 * @param metric its name
 * @param unit of the metric
 * @param attributes of the point, in order, with their types
 * @param kind sum, histogram or exponential
 * @param isDelta or cumulative
 * @param count of a histogram, or the value of a sum
 * @param sum of a histogram
 * @param buckets their counts; of an exponential histogram also scale, offset and zero count
 * @param extremes the least and the largest value, of an exponential histogram
 * @param exemplars trace id, span id and value of each, in order
 * @param startUnixNanos when it began
 * @param unixNanos when it was
 */
public record MetricPoint(
        String resource,
        String metric,
        String unit,
        String attributes,
        String kind,
        boolean isDelta,
        long count,
        double sum,
        String buckets,
        String extremes,
        List<String> exemplars,
        long startUnixNanos,
        long unixNanos) {

    private static final HexFormat HEX = HexFormat.of();

    /** What it is of. */
    public String series() {
        return resource + " " + metric + " " + attributes;
    }

    /** All points of a request. */
    public static List<MetricPoint> of(Batch batch) throws InvalidProtocolBufferException {
        return of(ExportMetricsServiceRequest.parseFrom(
                ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length())));
    }

    public static List<MetricPoint> of(ExportMetricsServiceRequest request) {
        List<MetricPoint> points = new ArrayList<>();
        for (ResourceMetrics resource : request.getResourceMetricsList()) {
            String of = text(resource.getResource().getAttributesList());
            for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                scope.getMetricsList().forEach(m -> add(points, of, m));
            }
        }
        return points;
    }

    private static void add(List<MetricPoint> points, String resource, Metric metric) {
        String name = metric.getName();
        String unit = metric.getUnit();
        metric.getSum()
                .getDataPointsList()
                .forEach(p -> points.add(new MetricPoint(
                        resource,
                        name,
                        unit,
                        text(p.getAttributesList()),
                        metric.getSum().getIsMonotonic() ? "sum" : "odd sum",
                        isDelta(metric.getSum().getAggregationTemporality()),
                        p.getAsInt(),
                        0,
                        "",
                        "",
                        exemplars(p.getExemplarsList()),
                        p.getStartTimeUnixNano(),
                        p.getTimeUnixNano())));
        metric.getHistogram()
                .getDataPointsList()
                .forEach(p -> points.add(new MetricPoint(
                        resource,
                        name,
                        unit,
                        text(p.getAttributesList()),
                        "histogram",
                        isDelta(metric.getHistogram().getAggregationTemporality()),
                        p.getCount(),
                        p.getSum(),
                        p.getBucketCountsList() + " of " + p.getExplicitBoundsList(),
                        "",
                        exemplars(p.getExemplarsList()),
                        p.getStartTimeUnixNano(),
                        p.getTimeUnixNano())));
        metric.getExponentialHistogram()
                .getDataPointsList()
                .forEach(p -> points.add(new MetricPoint(
                        resource,
                        name,
                        unit,
                        text(p.getAttributesList()),
                        "exponential",
                        isDelta(metric.getExponentialHistogram().getAggregationTemporality()),
                        p.getCount(),
                        p.getSum(),
                        p.getScale() + " " + p.getZeroCount() + " "
                                + p.getPositive().getOffset() + " "
                                + p.getPositive().getBucketCountsList()
                                + p.getNegative().getBucketCountsList(),
                        p.getMin() + " " + p.getMax(),
                        exemplars(p.getExemplarsList()),
                        p.getStartTimeUnixNano(),
                        p.getTimeUnixNano())));
    }

    private static boolean isDelta(AggregationTemporality temporality) {
        return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
    }

    private static List<String> exemplars(List<Exemplar> exemplars) {
        return exemplars.stream()
                .map(e -> HEX.formatHex(e.getTraceId().toByteArray()) + " "
                        + HEX.formatHex(e.getSpanId().toByteArray()) + " " + e.getAsDouble())
                .toList();
    }

    /** Attributes in the order of their keys, as their value's type and text. */
    public static String text(List<KeyValue> attributes) {
        TreeMap<String, String> sorted = new TreeMap<>();
        attributes.forEach(a -> sorted.put(a.getKey(), a.getValue().getValueCase() + " " + text(a.getValue())));
        return sorted.toString();
    }

    private static String text(AnyValue value) {
        byte[] bytes = value.toByteArray();
        return AnyValueText.of(bytes, 0, bytes.length);
    }
}
