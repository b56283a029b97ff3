package weir.connector.routing;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.testing.Requests;

/** Random requests, as bytes and as the rows that a slow model routes. */
final class Telemetry {
    /** An item; what lies around it is shared with its neighbours. */
    record Row(Map<String, String> resource, String scope, String metric, Map<String, String> item) {
        @Override
        public String toString() {
            return resource + " " + scope + " " + metric + " " + item;
        }
    }

    private final Random random;
    private final Signal signal;
    private final List<Row> rows = new ArrayList<>();
    private int number;

    Telemetry(Signal signal, long seed) {
        this.signal = signal;
        this.random = new Random(seed);
    }

    /** The items of the request that was made last. */
    List<Row> rows() {
        return rows;
    }

    /** The next request; some of its resources, scopes and metrics hold nothing. */
    Batch next() throws Exception {
        rows.clear();
        byte[] bytes = switch (signal) {
            case TRACES -> traces();
            case METRICS -> metrics();
            case LOGS -> logs();
        };
        return OtlpCheck.check(signal, bytes, 0, bytes.length);
    }

    private byte[] traces() {
        var request = ExportTraceServiceRequest.newBuilder();
        for (int r = random.nextInt(5); r > 0; r--) {
            Map<String, String> attributes = resourceAttributes();
            var resource = request.addResourceSpansBuilder().setResource(resource(attributes));
            for (int s = random.nextInt(4); s > 0; s--) {
                String name = "s" + number++;
                var scope = resource.addScopeSpansBuilder();
                scope.getScopeBuilder().setName(name);
                for (int i = random.nextInt(5); i > 0; i--) {
                    Map<String, String> item = itemAttributes();
                    rows.add(new Row(attributes, name, "", item));
                    scope.addSpans(Span.newBuilder().addAllAttributes(list(item)));
                }
            }
        }
        return request.build().toByteArray();
    }

    private byte[] logs() {
        var request = ExportLogsServiceRequest.newBuilder();
        for (int r = random.nextInt(5); r > 0; r--) {
            Map<String, String> attributes = resourceAttributes();
            var resource = request.addResourceLogsBuilder().setResource(resource(attributes));
            for (int s = random.nextInt(4); s > 0; s--) {
                String name = "s" + number++;
                var scope = resource.addScopeLogsBuilder();
                scope.getScopeBuilder().setName(name);
                for (int i = random.nextInt(5); i > 0; i--) {
                    Map<String, String> item = itemAttributes();
                    rows.add(new Row(attributes, name, "", item));
                    scope.addLogRecords(LogRecord.newBuilder().addAllAttributes(list(item)));
                }
            }
        }
        return request.build().toByteArray();
    }

    private byte[] metrics() {
        var request = ExportMetricsServiceRequest.newBuilder();
        for (int r = random.nextInt(5); r > 0; r--) {
            Map<String, String> attributes = resourceAttributes();
            var resource = request.addResourceMetricsBuilder().setResource(resource(attributes));
            for (int s = random.nextInt(3); s > 0; s--) {
                String name = "s" + number++;
                var scope = resource.addScopeMetricsBuilder();
                scope.getScopeBuilder().setName(name);
                for (int m = random.nextInt(4); m > 0; m--) {
                    scope.addMetrics(metric(attributes, name));
                }
            }
        }
        return request.build().toByteArray();
    }

    private Metric metric(Map<String, String> resource, String scope) {
        String name = "m" + random.nextInt(3);
        Metric.Builder metric = Metric.newBuilder().setName(name).setUnit("1");
        metric.addMetadata(Requests.text("from", "test"));
        boolean isSum = random.nextBoolean();
        if (random.nextInt(5) == 0) {
            return metric.build();
        }
        if (isSum) {
            metric.getSumBuilder().setIsMonotonic(true);
        } else {
            metric.getGaugeBuilder();
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            Map<String, String> item = itemAttributes();
            rows.add(new Row(resource, scope, name, item));
            NumberDataPoint.Builder point = NumberDataPoint.newBuilder().addAllAttributes(list(item));
            if (isSum) {
                metric.getSumBuilder().addDataPoints(point);
            } else {
                metric.getGaugeBuilder().addDataPoints(point);
            }
        }
        return metric.build();
    }

    private Map<String, String> resourceAttributes() {
        Map<String, String> attributes = new TreeMap<>(Map.of("id", "r" + number++));
        some(attributes, "tenant", "a", "b", "c");
        some(attributes, "zone", "1", "2");
        return attributes;
    }

    private Map<String, String> itemAttributes() {
        Map<String, String> attributes = new TreeMap<>(Map.of("id", "i" + number++));
        some(attributes, "kind", "x", "y");
        return attributes;
    }

    private void some(Map<String, String> attributes, String key, String... values) {
        int i = random.nextInt(values.length + 1);
        if (i < values.length) {
            attributes.put(key, values[i]);
        }
    }

    private static Resource resource(Map<String, String> attributes) {
        return Resource.newBuilder().addAllAttributes(list(attributes)).build();
    }

    private static List<KeyValue> list(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .map(e -> Requests.text(e.getKey(), e.getValue()))
                .toList();
    }

    private static Map<String, String> map(List<KeyValue> attributes) {
        Map<String, String> map = new TreeMap<>();
        attributes.forEach(a -> map.put(a.getKey(), a.getValue().getStringValue()));
        return map;
    }

    /** The items of a request that came out, as rows' texts. */
    static List<String> rows(Batch batch) throws IOException {
        List<String> rows = new ArrayList<>();
        byte[] bytes = batch.bytes();
        int from = batch.offset();
        int length = batch.length();
        switch (batch.signal()) {
            case TRACES ->
                ExportTraceServiceRequest.parser()
                        .parseFrom(bytes, from, length)
                        .getResourceSpansList()
                        .forEach(r -> r.getScopeSpansList()
                                .forEach(s -> s.getSpansList()
                                        .forEach(i -> add(
                                                rows,
                                                r.getResource(),
                                                s.getScope().getName(),
                                                "",
                                                i.getAttributesList()))));
            case LOGS ->
                ExportLogsServiceRequest.parser()
                        .parseFrom(bytes, from, length)
                        .getResourceLogsList()
                        .forEach(r -> r.getScopeLogsList()
                                .forEach(s -> s.getLogRecordsList()
                                        .forEach(i -> add(
                                                rows,
                                                r.getResource(),
                                                s.getScope().getName(),
                                                "",
                                                i.getAttributesList()))));
            case METRICS ->
                ExportMetricsServiceRequest.parser()
                        .parseFrom(bytes, from, length)
                        .getResourceMetricsList()
                        .forEach(r -> r.getScopeMetricsList()
                                .forEach(s -> s.getMetricsList().forEach(m -> {
                                    List<NumberDataPoint> points = m.hasSum()
                                            ? m.getSum().getDataPointsList()
                                            : m.getGauge().getDataPointsList();
                                    points.forEach(p -> add(
                                            rows,
                                            r.getResource(),
                                            s.getScope().getName(),
                                            m.getName(),
                                            p.getAttributesList()));
                                })));
        }
        return rows;
    }

    private static void add(List<String> rows, Resource resource, String scope, String metric, List<KeyValue> item) {
        rows.add(new Row(map(resource.getAttributesList()), scope, metric, map(item)).toString());
    }
}
