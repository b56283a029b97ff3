package weir.processor.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.config.Problem;
import weir.otlp.Batch;
import weir.otlp.Batches;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class FilterProcessorTest {
    private final List<ComponentContext> contexts = new ArrayList<>();
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();

    @AfterEach
    void ledgersBalance() {
        for (ComponentContext context : contexts) {
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
        }
    }

    private FilterProcessor filter(Signal signal, String yaml) {
        ComponentContext context = TestContexts.of("processor", "filter/x", signal);
        contexts.add(context);
        return new FilterProcessor(context, Bound.of(FilterConfig.class, yaml), next);
    }

    private ComponentContext context() {
        return contexts.getLast();
    }

    private List<Span> spansAfter(String yaml, Span... spans) throws Exception {
        filter(Signal.TRACES, yaml).consume(traces(spans), deliveries::add);
        List<Span> after = new ArrayList<>();
        for (Batch batch : next.batches()) {
            ExportTraceServiceRequest.parser()
                    .parseFrom(batch.bytes(), batch.offset(), batch.length())
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpansList().forEach(s -> after.addAll(s.getSpansList())));
        }
        return after;
    }

    private static Batch traces(Span... spans) {
        var request = ExportTraceServiceRequest.newBuilder();
        var resource = request.addResourceSpansBuilder();
        resource.getResourceBuilder().addAttributes(Requests.text("service.name", "shop"));
        resource.addScopeSpansBuilder()
                .addAllSpans(List.of(spans))
                .getScopeBuilder()
                .setName("lib");
        return Batch.of(Signal.TRACES, request.build().toByteArray(), spans.length);
    }

    private static Span span(String name, KeyValue... attributes) {
        return Span.newBuilder()
                .setName(name)
                .addAllAttributes(List.of(attributes))
                .build();
    }

    private static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    @Test
    void consume_conditionsOfAllKinds_dropWhatMeetsOne() throws Exception {
        assertThat(spansAfter(
                        """
                        trace_conditions:
                          - span.name == "b"
                          - span.attributes["code"] == 404 and IsMatch(span.name, "^c")
                          - spanevent.name == "noise"
                          - scope.name == "other"
                        """,
                        span("a"),
                        span("b"),
                        span("c", integer("code", 404)),
                        span("c", integer("code", 200)),
                        span("d").toBuilder()
                                .addEvents(Span.Event.newBuilder().setName("noise"))
                                .addEvents(Span.Event.newBuilder().setName("signal"))
                                .build()))
                .containsExactly(
                        span("a"),
                        span("c", integer("code", 200)),
                        span("d").toBuilder()
                                .addEvents(Span.Event.newBuilder().setName("signal"))
                                .build());
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(context().ledger().droppedItems(Reason.FILTERED)).isEqualTo(2);
        assertThat(context().ledger().deliveredItems()).isEqualTo(3);
        assertThat(context().metrics().value("otelcol_processor_filter_spans_filtered", "filter", "filter/x"))
                .isEqualTo(2);
    }

    @Test
    void consume_groupsAndFormerStyle_meanTheSame() throws Exception {
        String groups = """
                trace_conditions:
                  - context: span
                    conditions: ['name == "b"']
                  - {context: spanevent, error_mode: silent, conditions: ['name == "e"']}
                """;
        String former = """
                error_mode: silent
                traces:
                  span: ['name == "b"']
                  spanevent: ['name == "e"']
                """;
        for (String yaml : List.of(groups, former)) {
            assertThat(spansAfter(
                            yaml,
                            span("b"),
                            span("a").toBuilder()
                                    .addEvents(Span.Event.newBuilder().setName("e"))
                                    .build()))
                    .last()
                    .isEqualTo(span("a"));
        }
        assertThat(next.items()).isEqualTo(2);
    }

    @Test
    void consume_nothingDropped_passesTheSameBatchOn() {
        Batch batch = Requests.traces("a", 3);

        filter(Signal.TRACES, "trace_conditions: ['span.name == \"none\"']").consume(batch, deliveries::add);

        assertThat(next.batches()).containsExactly(batch);
    }

    @ParameterizedTest
    @EnumSource
    void consume_allDropped_isAcceptedAndEnds(Signal signal) {
        String option = switch (signal) {
            case TRACES -> "trace_conditions";
            case METRICS -> "metric_conditions";
            case LOGS -> "log_conditions";
        };
        filter(signal, option + ": ['resource.attributes[\"service.name\"] == \"a\"']")
                .consume(Requests.of(signal, "a", 3), deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(next.batches()).isEmpty();
        assertThat(context().ledger().droppedItems(Reason.FILTERED)).isEqualTo(3);
    }

    @Test
    void consume_oneOfTwoResourcesIsLeftEmpty_itGoes() throws Exception {
        Batch both = Batches.concat(List.of(Requests.traces("a", 2), Requests.traces("b", 1)));

        filter(Signal.TRACES, "trace_conditions: ['IsMatch(span.name, \"^a\")']")
                .consume(both, deliveries::add);

        assertThat(Requests.services(next.batches().getFirst())).containsExactly("b");
    }

    @Test
    void consume_metricsWithoutDataPointsLeft_go() throws Exception {
        var request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .addScopeMetricsBuilder()
                .addMetrics(gauge("all", 1, 2))
                .addMetrics(gauge("some", 2, 3))
                .addMetrics(gauge("keyed").toBuilder()
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder()
                                        .setAsInt(5)
                                        .addAttributes(Requests.text("internal", "yes")))));
        String yaml = """
                metric_conditions:
                  - datapoint.value_int < 3
                  - context: metric
                    conditions: ['HasAttrOnDatapoint("internal", "yes")']
                """;
        assertThat(Bound.problems(FilterConfig.class, yaml)).hasSize(1);
        filter(Signal.METRICS, """
                        metrics:
                          metric: ['HasAttrOnDatapoint("internal", "yes")', 'HasAttrKeyOnDatapoint("nobody")']
                          datapoint: ['value_int < 3']
                        """)
                .consume(Batch.of(Signal.METRICS, request.build().toByteArray(), 5), deliveries::add);

        Batch after = next.batches().getFirst();
        assertThat(ExportMetricsServiceRequest.parser()
                        .parseFrom(after.bytes(), after.offset(), after.length())
                        .getResourceMetrics(0)
                        .getScopeMetrics(0)
                        .getMetricsList())
                .containsExactly(gauge("some", 3));
        assertThat(after.items()).isEqualTo(1);
        assertThat(context().metrics().value("otelcol_processor_filter_datapoints_filtered"))
                .isEqualTo(4);
    }

    private static Metric gauge(String name, long... values) {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (long value : values) {
            gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(value));
        }
        return Metric.newBuilder().setName(name).setGauge(gauge).build();
    }

    @Test
    void consume_logs_areDroppedByBodyAndSeverity() throws Exception {
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(log("keep", 9))
                .addLogRecords(log("debug me", 9))
                .addLogRecords(log("quiet", 5));
        filter(Signal.LOGS, """
                        log_conditions:
                          - IsMatch(log.body, "debug")
                          - log.severity_number < SEVERITY_NUMBER_INFO
                        """).consume(Batch.of(Signal.LOGS, request.build().toByteArray(), 3), deliveries::add);

        Batch after = next.batches().getFirst();
        assertThat(ExportLogsServiceRequest.parser()
                        .parseFrom(after.bytes(), after.offset(), after.length())
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecordsList())
                .containsExactly(log("keep", 9));
    }

    private static LogRecord log(String body, int severity) {
        return LogRecord.newBuilder()
                .setBody(AnyValue.newBuilder().setStringValue(body))
                .setSeverityNumberValue(severity)
                .build();
    }

    @Test
    void consume_errorModes_keepTheItemOrRefuseTheRequest() {
        String failing = "conditions: ['attributes[\"a\"][0] == 1']}]";
        filter(Signal.TRACES, "trace_conditions: [{context: span, error_mode: silent, " + failing)
                .consume(traces(span("a", integer("a", 1))), deliveries::add);
        assertThat(next.items()).isEqualTo(1);
        assertThat(context().metrics().value("weir_processor_statement_errors")).isEqualTo(1);

        filter(Signal.TRACES, "trace_conditions: [{context: span, error_mode: propagate, " + failing)
                .consume(traces(span("a", integer("a", 1))), deliveries::add);
        assertThat(deliveries.getLast()).isInstanceOf(Delivery.Rejected.class);
        assertThat(context().ledger().refusedItems(Reason.STATEMENT_FAILED)).isEqualTo(1);
        assertThat(next.items()).isEqualTo(1);
    }

    @Test
    void consume_nextRefuses_senderIsToldAndWhatWasDroppedStaysDropped() {
        next.answer(Delivery.rejected(Reason.UNSUPPORTED, "no"));

        filter(Signal.TRACES, "trace_conditions: ['span.name == \"b\"']")
                .consume(traces(span("a"), span("b")), deliveries::add);

        assertThat(deliveries.getFirst()).isInstanceOf(Delivery.Rejected.class);
        assertThat(context().ledger().refusedItems(Reason.UNSUPPORTED)).isEqualTo(1);
    }

    @Test
    void reload_otherConditions_holdFromThen() {
        FilterProcessor filter = filter(Signal.TRACES, "trace_conditions: ['span.name == \"b\"']");
        filter.consume(traces(span("b")), deliveries::add);
        assertThat(next.items()).isZero();

        filter.reload(Bound.of(FilterConfig.class, "trace_conditions: ['span.name == \"a\"']"));
        filter.consume(traces(span("b")), deliveries::add);

        assertThat(next.items()).isEqualTo(1);
    }

    @Test
    void check_mistakes_areShownWhereTheyStand() {
        String rendered = Problem.render(Bound.problems(FilterConfig.class, """
                        trace_conditions:
                          - span.name == "a" and span.nome == "b"
                          - span.name == 1 1
                        logs: {log_record: ['body == ']}
                        """), false);

        assertThat(rendered)
                .contains("f.yaml:2:")
                .contains("nome")
                .contains("f.yaml:3:")
                .contains("f.yaml:4:");
        assertThat(rendered).containsPattern("- span.name == \"a\" and span.nome == \"b\"\n +\\| {24,32}\\^");
    }

    @Test
    void check_contradictions_areNamed() {
        assertThat(Bound.problems(FilterConfig.class, """
                        trace_conditions:
                          - span.name == "a"
                          - {context: span, conditions: ['name == "a"']}
                        traces: {span: ['name == "a"']}
                        metric_conditions: [{context: span, conditions: ['name == "a"']}]
                        log_conditions: [{context: log}]
                        """))
                .extracting(Problem::message)
                .anyMatch(m -> m.contains("both texts and groups"))
                .anyMatch(m -> m.contains("newer way"))
                .anyMatch(m -> m.contains("no context 'span'"))
                .anyMatch(m -> m.contains("no conditions"));
    }
}
