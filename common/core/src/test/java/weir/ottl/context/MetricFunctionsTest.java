package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.OtlpJson;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.Limits;
import weir.ottl.StatementException;
import weir.ottl.Statements;

/** Functions about metrics, beside what the collector made of the same ones: its answers are in the table. */
class MetricFunctionsTest {
    private final SplittableRandom random = new SplittableRandom(7);
    private final Environment environment = new Environment(() -> Instant.EPOCH, () -> 0, random::nextLong);

    static Stream<CollectorCase> cases() throws IOException {
        return CollectorCase.all("metric-functions.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void edit_metricsOfEveryType_equalsTheCollectorsAnswer(CollectorCase one) throws Exception {
        if (one.refused()) {
            assertThatThrownBy(() -> statements(one.context(), one.statements()))
                    .isInstanceOf(StatementException.class);
            return;
        }
        boolean rounds = one.toString().contains("percentile");
        List<Metric> expected = metrics(batch(one.ofWeir().isEmpty() ? one.expected() : one.ofWeir()));
        Batch given = batch(one.given());

        ItemWalk walk = walk(one.context(), one.statements());
        Batch after = requireNonNull(walk.walk(given));

        assertThat(after.items()).isEqualTo(given.items() + walk.made() - walk.merged());
        assertThat(comparable(metrics(after), rounds)).isEqualTo(comparable(expected, rounds));
        if (!one.ofWeir().isEmpty()) {
            assertThat(metrics(batch(one.expected()))).isNotEqualTo(expected);
        }
    }

    private Statements<Item> statements(String context, List<String> statements) throws StatementException {
        return Statements.compile(statements, context(context), ErrorMode.SILENT, environment);
    }

    private static ItemContext context(String name) {
        return Contexts.of(Signal.METRICS, ContextFunctions.ofTransform()).stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ItemWalk walk(String context, List<String> texts) throws StatementException {
        Statements<Item> statements = statements(context, texts);
        return new ItemWalk(Set.of(context(context).level()), false, (_, item) -> {
            statements.execute(item);
            return true;
        });
    }

    private static Batch batch(List<String> metrics) throws Exception {
        String json = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + String.join(",", metrics) + "]}]}]}";
        byte[] bytes = OtlpJson.toProtobuf(Signal.METRICS, json.getBytes(StandardCharsets.UTF_8));
        return OtlpCheck.check(Signal.METRICS, bytes, 0, bytes.length);
    }

    /** Of the only scope of a request, whose count of items is right. */
    private static List<Metric> metrics(Batch batch) throws Exception {
        assertThat(OtlpCheck.check(Signal.METRICS, batch.bytes(), batch.offset(), batch.length())
                        .items())
                .isEqualTo(batch.items());
        return ExportMetricsServiceRequest.parser()
                .parseFrom(batch.bytes(), batch.offset(), batch.length())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetricsList();
    }

    /** With data points in an order; and without the last digits of percentiles, which powers and logarithms may round. */
    private static List<Metric> comparable(List<Metric> metrics, boolean rounds) {
        return metrics.stream().map(m -> comparable(m, rounds)).toList();
    }

    private static Metric comparable(Metric metric, boolean rounds) {
        Metric.Builder out = metric.toBuilder();
        Comparator<Object> byText = Comparator.comparing(Object::toString);
        switch (metric.getDataCase()) {
            case GAUGE -> {
                List<NumberDataPoint> points = metric.getGauge().getDataPointsList().stream()
                        .map(p -> rounds && p.hasAsDouble()
                                ? p.toBuilder()
                                        .setAsDouble(new BigDecimal(p.getAsDouble())
                                                .round(new MathContext(12))
                                                .doubleValue())
                                        .build()
                                : p)
                        .sorted(byText)
                        .toList();
                out.getGaugeBuilder().clearDataPoints().addAllDataPoints(points);
            }
            case SUM ->
                out.getSumBuilder()
                        .clearDataPoints()
                        .addAllDataPoints(metric.getSum().getDataPointsList().stream()
                                .sorted(byText)
                                .toList());
            case HISTOGRAM ->
                out.getHistogramBuilder()
                        .clearDataPoints()
                        .addAllDataPoints(metric.getHistogram().getDataPointsList().stream()
                                .sorted(byText)
                                .toList());
            case EXPONENTIAL_HISTOGRAM ->
                out.getExponentialHistogramBuilder()
                        .clearDataPoints()
                        .addAllDataPoints(metric.getExponentialHistogram().getDataPointsList().stream()
                                .sorted(byText)
                                .toList());
            default -> {}
        }
        return out.build();
    }

    private static final String GAUGE = "{\"name\":\"m\",\"gauge\":{\"dataPoints\":[{\"asInt\":\"1\"}]}}";

    @Test
    void copy_withoutACondition_endsAfterSomeGenerations() throws Exception {
        Batch given = batch(List.of(GAUGE, GAUGE));
        Statements<Item> statements = statements("metric", List.of("copy_metric()"));
        ItemWalk walk = new ItemWalk(Set.of(Level.ITEM), false, (_, item) -> {
            statements.execute(item);
            return true;
        });

        Batch after = requireNonNull(walk.walk(given));

        assertThat(metrics(after)).hasSize(2 + 2 * Limits.MAX_GENERATIONS_OF_METRICS);
        assertThat(statements.errors()).isEqualTo(2);
    }

    @Test
    void copy_manyTimesWithoutACondition_endsAtTheLimit() throws Exception {
        List<String> eight =
                IntStream.range(0, 8).mapToObj(_ -> "copy_metric()").toList();

        ItemWalk walk = walk("metric", eight);
        Batch after = requireNonNull(walk.walk(batch(List.of(GAUGE))));

        assertThat(metrics(after)).hasSize(1 + Limits.MAX_MADE_METRICS);
    }

    @Test
    void copy_argumentThatIsNoText_makesNothing() throws Exception {
        assertThat(metrics(requireNonNull(
                        walk("metric", List.of("copy_metric(name = 1)")).walk(batch(List.of(GAUGE))))))
                .hasSize(1);
    }

    /** A second group must see what the first made, the first not what the second made. */
    @Test
    void groups_ofMakers_eachSeeWhatThoseBeforeMade() throws Exception {
        List<Programs.Step> steps = new ArrayList<>();
        for (String text : List.of(
                "copy_metric(name = \"first\") where name == \"m\"",
                "copy_metric(name = \"second\") where name == \"first\"",
                "set(unit, \"seen\")")) {
            steps.add(step(statements("metric", List.of(text))));
        }
        steps.addFirst(step(statements("metric", List.of("set(description, \"begun\")"))));

        Programs.Outcome outcome = new Programs(steps, false).run(batch(List.of(GAUGE)));

        List<Metric> metrics = metrics(requireNonNull(outcome.batch()));
        assertThat(metrics).extracting(Metric::getName).containsExactly("m", "first", "second");
        assertThat(metrics).allMatch(m -> m.getUnit().equals("seen"));
        assertThat(metrics).allMatch(m -> m.getDescription().equals("begun"));
        assertThat(outcome.made()).isEqualTo(2);
    }

    private static Programs.Step step(Statements<Item> statements) {
        return new Programs.Step() {
            @Override
            public Level level() {
                return Level.ITEM;
            }

            @Override
            public boolean at(Item item) {
                statements.execute(item);
                return true;
            }

            @Override
            public Programs.Step copy() {
                return this;
            }

            @Override
            public long errors() {
                return statements.errors();
            }
        };
    }

    @Test
    void convert_byChance_givesAllValuesToBoundsThatLieInTheBucket() throws Exception {
        String given = "{\"name\":\"m\",\"exponentialHistogram\":{\"dataPoints\":[{\"count\":\"100000\",\"scale\":0,"
                + "\"positive\":{\"offset\":3,\"bucketCounts\":[\"100000\"]}}]}}";
        ItemWalk walk = walk(
                "metric",
                List.of("convert_exponential_histogram_to_histogram(\"random\", [1.0, 9.0, 11.0, 15.0, 20.0, 50.0])"));

        Metric after = metrics(requireNonNull(walk.walk(batch(List.of(given))))).getFirst();

        List<Long> counts = after.getHistogram().getDataPoints(0).getBucketCountsList();
        assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(100_000);
        assertThat(counts.getFirst()).isZero();
        assertThat(counts.subList(1, 5)).allMatch(n -> n > 0);
        assertThat(counts.getLast()).isZero();
    }

    /** Whatever comes, what goes out is well-formed and counted. */
    @Test
    void edit_randomRequests_staysWellFormed() throws Exception {
        ItemWalk ofMetrics = walk(
                "metric",
                List.of(
                        "extract_count_metric(true) where not IsMatch(name, \"_p\")",
                        "extract_sum_metric(true)",
                        "extract_percentile_metric(90.0)",
                        "convert_summary_quantile_val_to_gauge()",
                        "aggregate_on_attributes(\"median\", [\"a\"])",
                        "convert_exponential_histogram_to_histogram(\"random\", [0.0, 1.0, 5.0])",
                        "copy_metric(name = \"copy\") where name != \"copy\""));
        ItemWalk ofPoints = walk(
                "datapoint",
                List.of(
                        "set(attributes[\"a\"], 1)",
                        "set(time_unix_nano, 5)",
                        "convert_summary_count_val_to_sum(\"delta\", true)",
                        "convert_summary_sum_val_to_sum(\"delta\", true)",
                        "merge_histogram_buckets(2, \"limit_buckets\")"));
        int made = 0;
        int merged = 0;
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(Signal.METRICS);
            Batch before = OtlpCheck.check(Signal.METRICS, bytes, 0, bytes.length);
            for (ItemWalk walk : List.of(ofPoints, ofMetrics)) {
                Batch after = requireNonNull(walk.walk(before));

                assertThat(OtlpCheck.check(Signal.METRICS, after.bytes(), after.offset(), after.length())
                                .items())
                        .as("seed " + seed)
                        .isEqualTo(after.items());
                assertThat(after.items()).isEqualTo(before.items() + walk.made() - walk.merged());
                made += walk.made();
                merged += walk.merged();
                before = after;
            }
        }
        assertThat(made).isGreaterThan(100);
        assertThat(merged).isGreaterThan(10);
    }
}
