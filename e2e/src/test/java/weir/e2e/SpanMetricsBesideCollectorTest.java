package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.load.Ports;
import weir.testing.MetricPoint;
import weir.testing.RandomSpans;

/**
 * The real collector and Weir with the same file of many {@code span_metrics} connectors, given the same random spans: both must
 * make the same metrics, field by field, but for their times. {@code -Dspans.seed=N} sends others.
 */
@Tag("peers")
class SpanMetricsBesideCollectorTest {
    private static final long SEED = Long.getLong("spans.seed", 20261121);
    private static final Duration A_WHILE = Duration.ofMinutes(2);
    private static final int REQUESTS = 400;
    private static final double ROUNDING = 1e-9;

    /** Connectors by name; none shows the instance, which is a random number in the collector. */
    private static final Map<String, String> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("usual", "");
        SHAPES.put("named", "namespace: shop");
        SHAPES.put("seconds", "histogram: {unit: s}");
        SHAPES.put("own_buckets", "histogram: {explicit: {buckets: [1us, 5ms, 1s]}}");
        SHAPES.put("exponential", "histogram: {exponential: {}}");
        SHAPES.put("small_exponential", "histogram: {unit: s, exponential: {max_size: 9}}");
        SHAPES.put("no_histogram", "histogram: {disable: true}");
        SHAPES.put(
                "dimensions",
                "dimensions: [{name: http.request.method, default: GET}, {name: http.route}, {name: ratio}, {name: host.name}]");
        SHAPES.put(
                "dimensions_of_each",
                "calls_dimensions: [{name: http.response.status_code}], histogram: {dimensions: [{name: cache.hit, default: none}]}");
        SHAPES.put("globs", "dimensions: [{glob: 'http.*.*'}, {glob: '*.hit'}, {name: exception.type}]");
        SHAPES.put("glob_of_calls", "calls_dimensions: [{glob: '{http,cache}.**'}]");
        SHAPES.put(
                "events",
                "events: {enabled: true, dimensions: [{name: exception.type}, {name: host.name}]},"
                        + " dimensions: [{name: http.route, default: '-'}]");
        SHAPES.put("sampling_method", "enable_metrics_sampling_method: true");
        SHAPES.put("few_resources", "resource_metrics_key_attributes: [service.name, host.name]");
        SHAPES.put("limited", "aggregation_cardinality_limit: 5");
        SHAPES.put("delta", "aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA");
        SHAPES.put(
                "delta_events",
                "aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA,"
                        + " events: {enabled: true, dimensions: [{name: cache.hit}]}");
    }

    private static Map<String, Map<String, MetricPoint>> collector = Map.of();
    private static Map<String, Map<String, MetricPoint>> weir = Map.of();

    @BeforeAll
    static void sendTheSameToBoth(@TempDir Path directory) throws Exception {
        RandomSpans spans = new RandomSpans(SEED);
        List<ExportTraceServiceRequest> requests =
                Stream.generate(spans::next).limit(REQUESTS).toList();
        Path file = Files.writeString(directory.resolve("both.yaml"), file());
        collector = made("otelcol", directory, file, requests);
        weir = made("weir", directory, file, requests);
    }

    private static Map<String, Map<String, MetricPoint>> made(
            String name, Path directory, Path file, List<ExportTraceServiceRequest> requests) {
        int[] ports = Ports.free(2);
        try (MetricBackends backends = new MetricBackends();
                Program program =
                        BesideCollector.start(name, directory.resolve(name), file, ports, backends.port(), Map.of());
                GrpcPost target = GrpcPost.to("127.0.0.1:" + ports[0])) {
            for (ExportTraceServiceRequest request : requests) {
                assertThat(target.send(request.toByteArray()))
                        .as(() -> target.last().toString())
                        .isEqualTo(Status.Code.OK);
            }
            // A series is shown with its count when it is shown for the second time. Delta points come no later.
            Map<String, Integer> before = new HashMap<>();
            SHAPES.keySet().forEach(s -> before.put(s, backends.requests(s)));
            List<String> cumulative =
                    SHAPES.keySet().stream().filter(s -> !s.startsWith("delta")).toList();
            Await.until(
                    name + " making metrics of all",
                    A_WHILE,
                    () -> cumulative.stream().allMatch(s -> backends.requests(s) >= before.getOrDefault(s, 0) + 4),
                    () -> program.stdout() + program.stderr());
            return SHAPES.keySet().stream().collect(Collectors.toMap(s -> s, s -> lastOrSum(backends.points(s))));
        }
    }

    private static String file() {
        StringBuilder file = new StringBuilder("""
                receivers:
                  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${env:OTLP_PORT}"}}}
                exporters:
                """);
        SHAPES.forEach((name, _) -> file.append("""
                  otlphttp/%s: {endpoint: "http://127.0.0.1:${env:BACKEND_PORT}/%s", compression: none}
                """.formatted(name, name)));
        file.append("connectors:\n");
        SHAPES.forEach((name, options) -> file.append("""
                  span_metrics/%s: {metrics_flush_interval: 1s, exclude_dimensions: [collector.instance.id]%s}
                """.formatted(name, options.isEmpty() ? "" : ", " + options)));
        file.append("""
                service:
                  telemetry:
                    metrics:
                      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: "${env:METRICS_PORT}"}}}}]
                  pipelines:
                    traces: {receivers: [otlp], exporters: [%s]}
                """.formatted(
                        SHAPES.keySet().stream().map(s -> "span_metrics/" + s).collect(Collectors.joining(", "))));
        SHAPES.forEach((name, _) -> file.append("""
                    metrics/%s: {receivers: [span_metrics/%s], exporters: [otlphttp/%s]}
                """.formatted(name, name, name)));
        return file.toString();
    }

    static Stream<String> shapes() {
        return SHAPES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void bothMakeTheSameMetrics(String shape) {
        Map<String, MetricPoint> expected = collector.getOrDefault(shape, Map.of());
        Map<String, MetricPoint> made = weir.getOrDefault(shape, Map.of());

        assertThat(expected).hasSizeGreaterThan(50);
        assertThat(made.keySet()).as("seed " + SEED).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((series, point) -> {
            MetricPoint same = requireNonNull(made.get(series));
            assertThat(text(same)).as("seed %d, %s", SEED, series).isEqualTo(text(point));
            assertThat(same.sum())
                    .as("seed %d, sum of %s", SEED, series)
                    .isCloseTo(point.sum(), within(ROUNDING * Math.abs(point.sum())));
        });
    }

    /** All that a point says but for its times, and its sum, of which the last digits depend on the order of additions. */
    private static String text(MetricPoint p) {
        return String.join(" ", p.kind(), p.isDelta() + "", p.unit(), p.count() + "", p.buckets(), p.extremes());
    }

    /** The last point of each cumulative series, the sum of all of each delta series. */
    private static Map<String, MetricPoint> lastOrSum(List<MetricPoint> points) {
        Map<String, MetricPoint> all = new TreeMap<>();
        points.forEach(p -> all.merge(p.series(), p, (a, b) -> b.isDelta() ? sum(a, b) : b));
        return all;
    }

    private static MetricPoint sum(MetricPoint a, MetricPoint b) {
        return new MetricPoint(
                a.resource(),
                a.metric(),
                a.unit(),
                a.attributes(),
                a.kind(),
                true,
                a.count() + b.count(),
                a.sum() + b.sum(),
                sumOfBuckets(a.buckets(), b.buckets()),
                "",
                List.of(),
                0,
                0);
    }

    /** Of explicit histograms: {@code [1, 2] of [0.1]}. */
    private static String sumOfBuckets(String a, String b) {
        if (a.isEmpty()) {
            return a;
        }
        String[] left = a.substring(1, a.indexOf(']')).split(", ");
        String[] right = b.substring(1, b.indexOf(']')).split(", ");
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < left.length; i++) {
            sums.add(Long.parseLong(left[i]) + Long.parseLong(right[i]));
        }
        return sums + a.substring(a.indexOf(']') + 1);
    }
}
