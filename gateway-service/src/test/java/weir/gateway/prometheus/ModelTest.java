package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random metrics, against a model that is a map of texts. */
final class ModelTest {
    private record Model(Map<String, Double> samples, Map<String, double[]> deltas) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void scrape_afterRandomBatches_showsWhatTheModelHolds(long seed) {
        Random random = new Random(seed);
        Model model = new Model(new TreeMap<>(), new HashMap<>());
        try (Fixture fixture = new Fixture()) {
            for (int round = 0; round < 30; round++) {
                List<ResourceMetrics> batch = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    batch.add(resource(random, model));
                }
                fixture.send(batch.toArray(ResourceMetrics[]::new));
                Parsed parsed = new Parsed(fixture.scrape());
                assertThat(parsed.samples).isEqualTo(model.samples);
            }
            assertThat(fixture.context.ledger().droppedItems()).isZero();
        }
    }

    private static ResourceMetrics resource(Random random, Model model) {
        String pod = "pod-" + random.nextInt(5);
        Resource resource = Otlp.resource("k8s.pod.name", pod, "z\"q", "a\\b\nc");
        List<Metric> metrics = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            metrics.add(metric(random, model, "k8s_pod_name=\"" + pod + "\",z_q=\"a\\\\b\\nc\""));
        }
        return Otlp.of(resource, metrics.toArray(Metric[]::new));
    }

    private static Metric metric(Random random, Model model, String resourceLabels) {
        String kind = List.of("gauge", "counter", "delta", "histogram").get(random.nextInt(4));
        String name = kind + ".m" + random.nextInt(6);
        int a = random.nextInt(3);
        boolean b = random.nextBoolean();
        List<Object> pairs = new ArrayList<>(List.of(List.of("a", a), List.of("b", b)));
        Collections.shuffle(pairs, random);
        Object[] attributes =
                pairs.stream().flatMap(p -> ((List<?>) p).stream()).toArray();
        String labels = "a=\"" + a + "\",b=\"" + b + "\"," + resourceLabels;
        String shown = name.replace('.', '_');
        double value = random.nextInt(3) == 0 ? random.nextInt(3_000_000) : random.nextGaussian() * 1e3;
        return switch (kind) {
            case "gauge" -> {
                model.samples.put(shown + "_bytes{" + labels + "}", value);
                yield Otlp.gauge(name, "By", value, attributes);
            }
            case "counter" -> {
                model.samples.put(shown + "_total{" + labels + "}", value);
                yield Otlp.counter(name, "", value, attributes);
            }
            case "delta" -> {
                String key = shown + "_total{" + labels + "}";
                // Sum and time of the last one.
                double[] state = model.deltas.computeIfAbsent(key, k -> new double[] {0, 100});
                boolean continues = random.nextInt(4) != 0;
                long start = (long) state[1] + (continues ? 0 : 1);
                state[0] = continues ? state[0] + value : value;
                state[1] = start + 10;
                model.samples.put(key, state[0]);
                yield Otlp.sum(name, "", true, Otlp.DELTA, Otlp.delta(value, start, start + 10, attributes));
            }
            default -> {
                long low = random.nextInt(5);
                long high = random.nextInt(2_000_000);
                model.samples.put(shown + "_bucket{" + labels + ",le=\"0.5\"}", (double) low);
                model.samples.put(shown + "_bucket{" + labels + ",le=\"+Inf\"}", (double) (low + high));
                model.samples.put(shown + "_sum{" + labels + "}", value);
                model.samples.put(shown + "_count{" + labels + "}", (double) (low + high));
                yield Otlp.histogram(
                        name, "", Otlp.CUMULATIVE, Otlp.buckets(List.of(0.5), List.of(low, high), value, attributes));
            }
        };
    }
}
