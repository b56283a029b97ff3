package weir.connector.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.TraceVerdicts;
import weir.pipeline.TraceVerdicts.Verdict;
import weir.testing.ManualTimer;
import weir.testing.MetricPoint;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class KeptExemplarsTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final String OPTIONS =
            "exemplars: {enabled: true, max_per_data_point: 2, weir: {kept_by: tail_sampling, max_wait: 150s}}";

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("connector", "span_metrics", Signal.TRACES, timer);
    private final RecordingConsumer metrics = new RecordingConsumer();
    /** By the second half of a trace's id. */
    private final Map<Long, Verdict> decided = new TreeMap<>();

    private final TraceVerdicts sampler = ids -> {
        Verdict[] verdicts = new Verdict[ids.length / 2];
        Arrays.setAll(verdicts, i -> decided.getOrDefault(ids[2 * i + 1], Verdict.UNKNOWN));
        return verdicts;
    };
    private int looked;

    private SpanMetricsConnector connector(String yaml) {
        SpanMetricsConnector connector =
                new SpanMetricsConnector(context, Configs.of(yaml), Map.of("metrics", metrics), Runnable::run, 7);
        assertThat(connector.sampler()).isEqualTo("tail_sampling");
        connector.sampledBy(sampler);
        connector.start();
        return connector;
    }

    private void count(SpanMetricsConnector connector, String name, long... traces) {
        var request = ExportTraceServiceRequest.newBuilder();
        var resource = request.addResourceSpansBuilder();
        resource.getResourceBuilder().addAttributes(OtlpSamples.text("service.name", "shop"));
        var scope = resource.addScopeSpansBuilder();
        for (long trace : traces) {
            scope.addSpans(Span.newBuilder()
                    .setTraceId(Requests.id(16, 1, trace))
                    .setSpanId(Requests.id(8, 0, trace))
                    .setName(name));
        }
        List<Delivery> deliveries = new ArrayList<>();
        connector.consume(Batch.of(Signal.TRACES, request.build().toByteArray(), traces.length), deliveries::add);
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
    }

    /** The traces of the exemplars that the next points show, by the point's metric. */
    private Map<String, List<Long>> flush() throws InvalidProtocolBufferException {
        timer.advance(MINUTE);
        Map<String, List<Long>> shown = new TreeMap<>();
        List<Batch> batches = metrics.batches();
        for (; looked < batches.size(); looked++) {
            for (MetricPoint point : MetricPoint.of(batches.get(looked))) {
                List<Long> traces = point.exemplars().stream()
                        .map(e -> Long.parseUnsignedLong(e.substring(16, 32), 16))
                        .toList();
                shown.computeIfAbsent(point.metric().replaceAll(".*[.]", ""), _ -> new ArrayList<>())
                        .addAll(traces);
            }
        }
        return shown;
    }

    @Test
    void flush_showsKeptTracesOnly_whenTheyAreDecided() throws Exception {
        SpanMetricsConnector connector = connector(OPTIONS);
        count(connector, "a", 1, 2);
        decided.put(1L, Verdict.DROPPED);

        assertThat(flush()).isEqualTo(Map.of("calls", List.of(), "duration", List.of()));
        assertThat(context.metrics().value("weir_span_metrics_waiting_exemplars"))
                .isEqualTo(1);
        decided.put(2L, Verdict.KEPT);

        assertThat(flush()).isEqualTo(Map.of("calls", List.of(2L), "duration", List.of(2L)));
        assertThat(flush()).isEqualTo(Map.of("calls", List.of(), "duration", List.of()));
        assertThat(context.metrics().value("weir_span_metrics_exemplars_given_up"))
                .isZero();
    }

    @Test
    void flush_decidedBefore_showsThemAtOnce_asManyAsAPointMayHave() throws Exception {
        SpanMetricsConnector connector = connector(OPTIONS);
        for (long trace = 1; trace <= 3; trace++) {
            decided.put(trace, Verdict.KEPT);
        }

        count(connector, "a", 1, 2, 3);

        assertThat(flush()).containsEntry("duration", List.of(1L, 2L));
    }

    @Test
    void flush_neverDecided_isGivenUp() throws Exception {
        SpanMetricsConnector connector = connector(OPTIONS);
        count(connector, "a", 1, 2);

        flush();
        flush();
        assertThat(context.metrics().value("weir_span_metrics_waiting_exemplars"))
                .isEqualTo(2);
        flush();
        flush();

        assertThat(context.metrics().value("weir_span_metrics_exemplars_given_up"))
                .isEqualTo(2);
        decided.put(1L, Verdict.KEPT);
        assertThat(flush()).containsEntry("duration", List.of());
    }

    @Test
    void flush_moreWaitThanMay_areGivenUp() throws Exception {
        SpanMetricsConnector connector = connector(OPTIONS.replace("150s", "150s, max_waiting_exemplars: 3"));
        count(connector, "a", 1, 2);
        count(connector, "b", 3, 4);

        flush();

        assertThat(context.metrics().value("weir_span_metrics_exemplars_given_up"))
                .isEqualTo(1);
        assertThat(context.held().bytes()).isPositive();
        connector.close();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void flush_deltaSeriesThatIsSilentWhenItsTraceIsDecided_showsItWithItsNextPoint() throws Exception {
        SpanMetricsConnector connector =
                connector(OPTIONS + "\naggregation_temporality: AGGREGATION_TEMPORALITY_DELTA");
        count(connector, "a", 1);
        flush();
        decided.put(1L, Verdict.KEPT);

        assertThat(flush()).isEmpty();
        count(connector, "a", 2);

        assertThat(flush()).containsEntry("duration", List.of(1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGGREGATION_TEMPORALITY_CUMULATIVE", "AGGREGATION_TEMPORALITY_DELTA"})
    void flush_samplerThatKeepsATenth_allShownAreKept_andManyKeptAreShown(String temporality) throws Exception {
        SpanMetricsConnector connector = connector(OPTIONS + "\naggregation_temporality: " + temporality);
        TreeSet<Long> shown = new TreeSet<>();
        long last = 0;
        for (int minute = 0; minute < 200; minute++) {
            for (int i = 0; i < 20; i++) {
                count(connector, "a", ++last);
            }
            flush().values().forEach(shown::addAll);
            // What came in this minute is decided before the next is shown.
            for (long trace = last - 19; trace <= last; trace++) {
                decided.put(trace, trace % 10 == minute % 10 ? Verdict.KEPT : Verdict.DROPPED);
            }
        }

        assertThat(shown)
                .allSatisfy(trace -> assertThat(decided.get(trace)).isEqualTo(Verdict.KEPT))
                .hasSizeGreaterThan(20);
        assertThat(context.metrics().value("weir_span_metrics_exemplars_given_up"))
                .isZero();
    }

    @Test
    void sampler_exemplarsAreOffOrForAll_noneIsAsked() {
        for (String yaml : List.of("{}", "exemplars: {enabled: true}", "exemplars: {weir: {kept_by: tail_sampling}}")) {
            ComponentContext fresh = TestContexts.of("connector", "span_metrics", Signal.TRACES, timer);
            SpanMetricsConnector connector =
                    new SpanMetricsConnector(fresh, Configs.of(yaml), Map.of("metrics", metrics), Runnable::run, 7);
            assertThat(connector.sampler()).isEmpty();
        }
    }
}
