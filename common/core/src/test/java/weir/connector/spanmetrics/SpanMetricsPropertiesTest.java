package weir.connector.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.ManualTimer;
import weir.testing.MetricPoint;
import weir.testing.RandomSpans;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

/** Random spans give what {@link SpanMetricsModel} says, whenever metrics were made in between. */
class SpanMetricsPropertiesTest {
    private static final int SEEDS = 6;
    private static final int REQUESTS = 40;

    static Stream<Arguments> configurations() {
        return Stream.of(
                argumentSet("as it is", "{}"),
                argumentSet(
                        "names",
                        "{dimensions: [{name: http.request.method, default: GET}, {name: http.route}, {name: ratio}]}"),
                argumentSet(
                        "names of one metric",
                        "{calls_dimensions: [{name: http.response.status_code}], histogram: {unit: s, dimensions:"
                                + " [{name: cache.hit, default: 'no'}]}}"),
                argumentSet("globs", "{dimensions: [{glob: 'http.**'}], calls_dimensions: [{glob: '*.type'}]}"),
                argumentSet("globs of all", "{dimensions: [{glob: '{http,cache,host}.*'}, {name: exception.type}]}"),
                argumentSet(
                        "events",
                        "{events: {enabled: true, dimensions: [{name: exception.type}, {glob: 'http.*.*'}]},"
                                + " dimensions: [{name: http.route, default: none}]}"),
                argumentSet("exponential", "{histogram: {exponential: {max_size: 20}}}"),
                argumentSet("exponential, usual size", "{histogram: {exponential: {}}}"),
                argumentSet("own buckets", "{histogram: {explicit: {buckets: [1us, 5ms, 1s]}}}"),
                argumentSet("no histogram", "{histogram: {disable: true}}"),
                argumentSet(
                        "less",
                        "{exclude_dimensions: [span.name, collector.instance.id, status.code],"
                                + " enable_metrics_sampling_method: true}"),
                argumentSet("scopes", "{include_instrumentation_scope: [http]}"),
                argumentSet(
                        "limits",
                        "{aggregation_cardinality_limit: 3, dimensions: [{name: http.route}],"
                                + " calls_dimensions: [{name: cache.hit}]}"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void cumulative_randomSpans_areAsTheModelSays(String yaml) throws Exception {
        SpanMetricsConfig config = Configs.of(yaml);
        for (int seed = 0; seed < SEEDS; seed++) {
            SpanMetricsModel model = new SpanMetricsModel(config);
            List<MetricPoint> points = points(config, seed, model);

            assertThat(SpanMetricsModel.all(points)).as("seed " + seed).containsExactlyInAnyOrderEntriesOf(model.all());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void delta_randomSpans_addUpToWhatTheModelSays(String yaml) throws Exception {
        SpanMetricsConfig config = Configs.of(yaml.replace("}", "@")
                .replaceFirst("@$", ", aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA}")
                .replace("@", "}")
                .replace("{,", "{"));
        if (config.aggregationCardinalityLimit() > 0) {
            return; // Which series come first is asked anew with each point.
        }
        for (int seed = 0; seed < SEEDS; seed++) {
            SpanMetricsModel model = new SpanMetricsModel(config);
            Map<String, Long> counts = new TreeMap<>();
            points(config, seed, model).forEach(p -> counts.merge(p.series(), p.count(), Long::sum));
            Map<String, Long> expected = new TreeMap<>();
            model.all().forEach((series, said) -> expected.put(series, Long.parseLong(said.split(" ")[0])));

            assertThat(counts).as("seed " + seed).containsExactlyInAnyOrderEntriesOf(expected);
        }
    }

    /** All points that a connector makes of random requests, of which a model is told too. */
    private static List<MetricPoint> points(SpanMetricsConfig config, int seed, SpanMetricsModel model)
            throws Exception {
        ManualTimer timer = new ManualTimer();
        ComponentContext context = TestContexts.of("connector", "span_metrics", Signal.TRACES, timer);
        RecordingConsumer metrics = new RecordingConsumer();
        SpanMetricsConnector connector =
                new SpanMetricsConnector(context, config, Map.of("metrics", metrics), Runnable::run, seed);
        connector.start();
        RandomSpans spans = new RandomSpans(seed);
        Random flushes = new Random(seed);
        long sent = 0;
        for (int i = 0; i < REQUESTS; i++) {
            ExportTraceServiceRequest request = spans.next();
            model.add(request);
            sent += RandomSpans.spans(request);
            List<Delivery> answers = new ArrayList<>();
            connector.consume(Batch.of(Signal.TRACES, request.toByteArray(), RandomSpans.spans(request)), answers::add);
            assertThat(answers).containsExactly(Delivery.ACCEPTED);
            if (flushes.nextInt(8) == 0) {
                timer.advance(config.metricsFlushInterval());
            }
        }
        assertThat(connector.drain(Duration.ofSeconds(5))).isTrue();
        connector.close();
        assertThat(context.ledger().deliveredItems()).isEqualTo(sent);
        assertThat(context.ledger().of(Signal.METRICS).heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
        List<MetricPoint> points = new ArrayList<>();
        for (Batch batch : metrics.batches()) {
            List<MetricPoint> those = MetricPoint.of(batch);
            assertThat(those).hasSize(batch.items());
            points.addAll(those);
        }
        return points;
    }
}
