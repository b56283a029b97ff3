package weir.rim;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.pipeline.file.ServiceTelemetry;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

/**
 * Weir's own instruments as a part of the page that Quarkus' Prometheus registry serves, as {@code service.telemetry} wants
 * it. Safe for use by any thread.
 */
final class OwnMetrics extends Collector {
    /**
     * How they are shown.
     *
     * @param total whether the names of counters end in {@code _total}
     * @param target labels of {@code target_info}; none: it is not shown
     */
    private record Look(boolean total, Map<String, String> target) {}

    private final Metrics metrics;
    private volatile Look look = new Look(true, Map.of());

    OwnMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /** From now on shows them so. */
    void show(ServiceTelemetry telemetry) {
        Map<String, String> target = new TreeMap<>();
        telemetry.resource().forEach((key, value) -> {
            if (value != null) {
                target.put(labelName(key), value.toString());
            }
        });
        look = new Look(
                telemetry.endpoint().map(ServiceTelemetry.Endpoint::suffixes).orElse(true), target);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Look now = look;
        Map<String, List<Metrics.Series>> families = new LinkedHashMap<>();
        metrics.all()
                .forEach(s -> families.computeIfAbsent(sanitizeMetricName(s.name()), _ -> new ArrayList<>())
                        .add(s));
        List<MetricFamilySamples> all = new ArrayList<>();
        families.forEach((name, series) -> all.add(family(name, series, now.total)));
        if (!now.target.isEmpty()) {
            List<MetricFamilySamples.Sample> info = List.of(sample("target_info", now.target, 1.0));
            all.add(new MetricFamilySamples("target", Type.INFO, "What service.telemetry.resource says", info));
        }
        return all;
    }

    private static MetricFamilySamples family(String name, List<Metrics.Series> series, boolean total) {
        Metrics.Series first = series.getFirst();
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        for (Metrics.Series s : series) {
            Map<String, String> labels = new TreeMap<>();
            s.labels().forEach((label, value) -> labels.put(labelName(label), value));
            switch (s.kind()) {
                case COUNTER ->
                    samples.add(sample(
                            total ? name + "_total" : name, labels, s.value().getAsDouble()));
                case GAUGE -> samples.add(sample(name, labels, s.value().getAsDouble()));
                case HISTOGRAM -> addHistogram(samples, name, labels, s.histogram());
            }
        }
        return new MetricFamilySamples(name, type(first.kind(), total), first.help(), samples);
    }

    private static Type type(Metrics.Kind kind, boolean total) {
        return switch (kind) {
            case COUNTER -> total ? Type.COUNTER : Type.UNKNOWN;
            case GAUGE -> Type.GAUGE;
            case HISTOGRAM -> Type.HISTOGRAM;
        };
    }

    private static void addHistogram(
            List<MetricFamilySamples.Sample> samples, String name, Map<String, String> labels, Histogram histogram) {
        double[] bounds = histogram.bounds();
        long count = 0;
        for (int i = 0; i <= bounds.length; i++) {
            count += histogram.bucket(i);
            Map<String, String> withBound = new TreeMap<>(labels);
            withBound.put("le", doubleToGoString(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY));
            samples.add(sample(name + "_bucket", withBound, (double) count));
        }
        // The sum of the buckets rather than another reading, so that count and last bucket agree.
        samples.add(sample(name + "_count", labels, (double) count));
        samples.add(sample(name + "_sum", labels, histogram.sum()));
    }

    private static MetricFamilySamples.Sample sample(String name, Map<String, String> labels, double value) {
        return new MetricFamilySamples.Sample(name, List.copyOf(labels.keySet()), List.copyOf(labels.values()), value);
    }

    /** The collector's label names have dots, the page's cannot. */
    private static String labelName(String label) {
        return sanitizeMetricName(label).replace(':', '_');
    }
}
