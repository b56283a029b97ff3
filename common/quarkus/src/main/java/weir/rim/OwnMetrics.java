package weir.rim;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

/** Weir's own instruments as a part of the page that Quarkus' Prometheus registry serves. Safe for use by any thread. */
final class OwnMetrics extends Collector {
    private final Metrics metrics;

    OwnMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Map<String, List<Metrics.Series>> families = new LinkedHashMap<>();
        metrics.all()
                .forEach(s -> families.computeIfAbsent(sanitizeMetricName(s.name()), _ -> new ArrayList<>())
                        .add(s));
        List<MetricFamilySamples> all = new ArrayList<>();
        families.forEach((name, series) -> all.add(family(name, series)));
        return all;
    }

    private static MetricFamilySamples family(String name, List<Metrics.Series> series) {
        Metrics.Series first = series.getFirst();
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        for (Metrics.Series s : series) {
            Map<String, String> labels = new TreeMap<>();
            s.labels().forEach((label, value) -> labels.put(labelName(label), value));
            switch (s.kind()) {
                case COUNTER ->
                    samples.add(sample(name + "_total", labels, s.value().getAsDouble()));
                case GAUGE -> samples.add(sample(name, labels, s.value().getAsDouble()));
                case HISTOGRAM -> addHistogram(samples, name, labels, s.histogram());
            }
        }
        return new MetricFamilySamples(name, type(first.kind()), first.help(), samples);
    }

    private static Type type(Metrics.Kind kind) {
        return switch (kind) {
            case COUNTER -> Type.COUNTER;
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
