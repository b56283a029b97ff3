package weir.connector.spanmetrics;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.connector.spanmetrics.SpanMetricsConfig.Dimension;
import weir.match.Glob;
import weir.otlp.AnyValueText;
import weir.testing.MetricPoint;

/** What span metrics must be, said plainly: objects, maps and all values kept until they are asked for. */
final class SpanMetricsModel {
    private static final String OVERFLOW = "{otel.metric.overflow=BOOL_VALUE true}";

    private record Observed(double value, long times) {}

    private final SpanMetricsConfig config;
    /** By resource, metric and attributes. */
    private final Map<String, Map<String, Map<String, List<Observed>>>> series = new LinkedHashMap<>();

    SpanMetricsModel(SpanMetricsConfig config) {
        this.config = config;
    }

    void add(ExportTraceServiceRequest request) {
        for (ResourceSpans resource : request.getResourceSpansList()) {
            if (find(resource.getResource().getAttributesList(), "service.name") != null) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(s -> add(resource.getResource(), scope, s));
                }
            }
        }
    }

    private void add(Resource resource, ScopeSpans scope, Span span) {
        long nanos = Math.max(0, span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
        Observed seen = new Observed((double) nanos / config.histogram().unit().nanos(), times(span.getTraceState()));
        List<KeyValue> of = resource.getAttributesList();
        observe(of, "calls", attributes(of, scope, span, of, config.callsDimensions()), seen);
        if (!config.histogram().disable()) {
            observe(
                    of,
                    "duration",
                    attributes(of, scope, span, of, config.histogram().dimensions()),
                    seen);
        }
        if (config.events().enabled()) {
            for (Span.Event event : span.getEventsList()) {
                List<KeyValue> around = new ArrayList<>(event.getAttributesList());
                of.stream()
                        .filter(a -> find(event.getAttributesList(), a.getKey()) == null)
                        .forEach(around::add);
                observe(
                        of,
                        "events",
                        attributes(of, scope, span, around, config.events().dimensions()),
                        seen);
            }
        }
    }

    private static long times(String state) {
        return switch (state) {
            case "ot=th:8" -> 2;
            case "ot=th:c;x:y" -> 4;
            case "a=b, ot=th:e ,c=d" -> 8;
            default -> 1;
        };
    }

    private void observe(List<KeyValue> resource, String metric, String attributes, Observed seen) {
        Map<String, List<Observed>> those = series.computeIfAbsent(
                        MetricPoint.text(resource), r -> new LinkedHashMap<>())
                .computeIfAbsent(metric, m -> new LinkedHashMap<>());
        int limit = config.aggregationCardinalityLimit();
        boolean full = limit > 0
                && !those.containsKey(attributes)
                && those.keySet().stream().filter(a -> !a.equals(OVERFLOW)).count() >= limit;
        those.computeIfAbsent(full ? OVERFLOW : attributes, a -> new ArrayList<>())
                .add(seen);
    }

    private String attributes(
            List<KeyValue> resource, ScopeSpans scope, Span span, List<KeyValue> around, List<Dimension> more) {
        TreeMap<String, String> all = new TreeMap<>();
        all.put("service.name", value(resource, "service.name"));
        all.put("span.name", "STRING_VALUE " + span.getName());
        all.put("span.kind", "STRING_VALUE " + span.getKind());
        all.put("status.code", "STRING_VALUE " + span.getStatus().getCode());
        all.put("collector.instance.id", "STRING_VALUE test-0");
        all.keySet().removeAll(config.excludeDimensions());
        if (config.includeInstrumentationScope().contains(scope.getScope().getName())) {
            all.put(
                    "span.instrumentation.scope.name",
                    "STRING_VALUE " + scope.getScope().getName());
            all.put("span.instrumentation.scope.version", "STRING_VALUE 1.0");
        }
        if (config.enableMetricsSamplingMethod()) {
            boolean says = span.getTraceState().contains("ot=th:")
                    && !span.getTraceState().contains("zz");
            all.put("sampling.method", "STRING_VALUE " + (says ? "extrapolated" : "counted"));
        }
        for (List<Dimension> dimensions : List.of(config.dimensions(), more)) {
            dimensions.forEach(d -> add(all, d, span.getAttributesList(), around));
        }
        return all.toString();
    }

    private static void add(
            Map<String, String> all, Dimension dimension, List<KeyValue> ofSpan, List<KeyValue> around) {
        if (!dimension.glob().isEmpty()) {
            Glob glob = dimension.asGlob();
            around.stream().filter(a -> glob.matches(a.getKey())).forEach(a -> all.put(a.getKey(), value(a)));
            ofSpan.stream().filter(a -> glob.matches(a.getKey())).forEach(a -> all.put(a.getKey(), value(a)));
            return;
        }
        KeyValue found = find(ofSpan, dimension.name());
        found = found == null ? find(around, dimension.name()) : found;
        if (found != null) {
            all.put(dimension.name(), value(found));
        } else if (dimension.fallback() != null) {
            all.put(dimension.name(), "STRING_VALUE " + dimension.fallback());
        }
    }

    private static @Nullable KeyValue find(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(a -> a.getKey().equals(key))
                .findFirst()
                .orElse(null);
    }

    private static String value(List<KeyValue> attributes, String key) {
        KeyValue found = find(attributes, key);
        return found == null ? "" : value(found);
    }

    private static String value(KeyValue attribute) {
        byte[] bytes = attribute.getValue().toByteArray();
        return attribute.getValue().getValueCase() + " " + AnyValueText.of(bytes, 0, bytes.length);
    }

    /** What there is of each series, as text. */
    Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        series.forEach((resource, metrics) -> metrics.forEach((metric, those) -> those.forEach((attributes, seen) -> {
            String name = resource + " traces.span.metrics." + metric + " " + attributes;
            long count = seen.stream().mapToLong(Observed::times).sum();
            if (metric.equals("duration")) {
                double sum = 0;
                for (Observed o : seen) {
                    sum += o.value * o.times;
                }
                all.put(name, count + " " + sum + " " + buckets(seen));
            } else {
                all.put(name, count + "");
            }
        })));
        return all;
    }

    /** The same of points, of which those of one series follow each other. */
    static Map<String, String> all(Iterable<MetricPoint> points) {
        Map<String, String> all = new TreeMap<>();
        for (MetricPoint p : points) {
            all.put(
                    p.series(),
                    p.kind().equals("sum")
                            ? p.count() + ""
                            : p.count() + " " + p.sum() + " " + p.buckets() + p.extremes());
        }
        return all;
    }

    private String buckets(List<Observed> seen) {
        return config.histogram().exponential() == null ? explicit(seen) : exponential(seen);
    }

    private String explicit(List<Observed> seen) {
        double[] bounds = config.histogram().bounds();
        List<Long> counts = new ArrayList<>();
        List<Double> shown = new ArrayList<>();
        for (int i = 0; i <= bounds.length; i++) {
            double low = i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1];
            double high = i == bounds.length ? Double.POSITIVE_INFINITY : bounds[i];
            counts.add(seen.stream()
                    .filter(o -> o.value > low && o.value <= high)
                    .mapToLong(Observed::times)
                    .sum());
            if (i < bounds.length) {
                shown.add(bounds[i]);
            }
        }
        return counts + " of " + shown;
    }

    private String exponential(List<Observed> seen) {
        int size = Objects.requireNonNull(config.histogram().exponential()).size();
        double min = seen.stream().mapToDouble(Observed::value).min().orElseThrow();
        double max = seen.stream().mapToDouble(Observed::value).max().orElseThrow();
        List<Observed> positive = seen.stream().filter(o -> o.value > 0).toList();
        long zeros = seen.stream()
                .filter(o -> o.value == 0)
                .mapToLong(Observed::times)
                .sum();
        if (positive.isEmpty()) {
            return "0 " + zeros + " 0 [][]" + min + " " + max;
        }
        int scale = ExponentialHistogram.MAX_SCALE;
        SortedMap<Integer, Long> counts = counts(positive, scale);
        while (counts.lastKey() - counts.firstKey() >= size) {
            counts = counts(positive, --scale);
        }
        List<Long> all = new ArrayList<>();
        for (int i = counts.firstKey(); i <= counts.lastKey(); i++) {
            all.add(counts.getOrDefault(i, 0L));
        }
        return scale + " " + zeros + " " + counts.firstKey() + " " + all + "[]" + min + " " + max;
    }

    /** Bucket {@code i} is {@code (b^i, b^(i+1)]} with {@code b = 2^(2^-scale)}. */
    private static SortedMap<Integer, Long> counts(List<Observed> seen, int scale) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        for (Observed o : seen) {
            double exact = StrictMath.log(o.value) / StrictMath.log(2);
            double whole = Math.rint(exact);
            exact = Math.pow(2, whole) == o.value ? whole : exact;
            counts.merge((int) Math.ceil(exact * Math.pow(2, scale)) - 1, o.times, Long::sum);
        }
        return counts;
    }
}
