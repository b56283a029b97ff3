package weir.processor.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.config.Problem;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class TransformProcessorTest {
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

    private TransformProcessor transform(Signal signal, String yaml) {
        ComponentContext context = TestContexts.of("processor", "transform", signal);
        contexts.add(context);
        return new TransformProcessor(context, Bound.of(TransformConfig.class, yaml), next);
    }

    private ResourceSpans after(String yaml, Span... spans) throws Exception {
        var request = ExportTraceServiceRequest.newBuilder();
        var resource = request.addResourceSpansBuilder();
        resource.getResourceBuilder().addAttributes(Requests.text("service.name", "shop"));
        resource.addScopeSpansBuilder()
                .addAllSpans(List.of(spans))
                .getScopeBuilder()
                .setName("lib");
        transform(Signal.TRACES, yaml)
                .consume(Batch.of(Signal.TRACES, request.build().toByteArray(), spans.length), deliveries::add);
        Batch after = next.batches().getLast();
        return ExportTraceServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceSpans(0);
    }

    private Span spanAfter(String yaml, Span span) throws Exception {
        return after(yaml, span).getScopeSpans(0).getSpans(0);
    }

    private static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    @Test
    void consume_statementsOfASpan_areDoneInTheirOrder() throws Exception {
        Span span = Span.newBuilder()
                .setName("GET /cart/17")
                .addAttributes(Requests.text("user.email", "a@b"))
                .addAttributes(integer("http.status", 500))
                .addAttributes(Requests.text("kept", "yes"))
                .build();

        assertThat(spanAfter("""
                        trace_statements:
                          - delete_key(span.attributes, "user.email")
                          - delete_key(span.attributes, "nobody")
                          - set(span.status.code, STATUS_CODE_ERROR) where span.attributes["http.status"] >= 500
                          - set(span.attributes["route"], "/cart") where IsMatch(span.name, "^GET /cart/")
                          - set(span.name, Concat(["GET", span.attributes["route"]], " "))
                          - set(span.attributes["nested"]["of"], resource.attributes["service.name"])
                          - set(span.attributes["none"], span.attributes["nobody"])
                        """, span))
                .isEqualTo(span.toBuilder()
                        .removeAttributes(0)
                        .setName("GET /cart")
                        .addAttributes(Requests.text("route", "/cart"))
                        .addAttributes(KeyValue.newBuilder()
                                .setKey("nested")
                                .setValue(AnyValue.newBuilder()
                                        .setKvlistValue(
                                                KeyValueList.newBuilder().addValues(Requests.text("of", "shop")))))
                        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
                        .build());
        assertThat(contexts.getLast().ledger().deliveredItems()).isEqualTo(1);
    }

    @Test
    void consume_groupsWithConditions_areDoneWhereOneHolds() throws Exception {
        ResourceSpans after = after(
                """
                trace_statements:
                  - context: resource
                    statements: ['set(attributes["seen"], true)', 'keep_keys(attributes, ["seen"])']
                  - context: span
                    conditions: ['name == "a"', 'name == "b"']
                    statements: ['set(attributes["named"], resource.attributes["seen"])']
                  - context: spanevent
                    statements: ['set(attributes["of"], span.name)', 'set(name, "renamed")']
                """,
                Span.newBuilder()
                        .setName("a")
                        .addEvents(Span.Event.newBuilder().setName("e"))
                        .build(),
                Span.newBuilder().setName("c").build());

        assertThat(after.getResource().getAttributesList())
                .containsExactly(KeyValue.newBuilder()
                        .setKey("seen")
                        .setValue(AnyValue.newBuilder().setBoolValue(true))
                        .build());
        Span first = after.getScopeSpans(0).getSpans(0);
        assertThat(first.getAttributesCount()).isEqualTo(1);
        assertThat(first.getEvents(0))
                .isEqualTo(Span.Event.newBuilder()
                        .setName("renamed")
                        .addAttributes(Requests.text("of", "a"))
                        .build());
        assertThat(after.getScopeSpans(0).getSpans(1).getAttributesCount()).isZero();
    }

    /** The collector does each group to all spans before the next; so the second sees what the last span wrote. */
    @Test
    void consume_groupsThatEditTheResource_areDoneOneAfterTheOther() throws Exception {
        ResourceSpans after = after(
                """
                trace_statements:
                  - {context: span, statements: ['set(resource.attributes["last"], name)']}
                  - {context: span, statements: ['set(attributes["last"], resource.attributes["last"])']}
                """,
                Span.newBuilder().setName("a").build(),
                Span.newBuilder().setName("b").build());

        assertThat(after.getScopeSpans(0).getSpansList())
                .allSatisfy(s -> assertThat(s.getAttributesList()).containsExactly(Requests.text("last", "b")));
    }

    @Test
    void consume_cache_isEmptyForEachItemAndGroup() throws Exception {
        Span span = spanAfter("""
                trace_statements:
                  - context: span
                    statements:
                      - set(cache["n"], name)
                      - set(attributes["first"], cache["n"])
                  - context: span
                    statements: ['set(attributes["second"], cache["n"])']
                """, Span.newBuilder().setName("a").build());

        assertThat(span.getAttributesList()).containsExactly(Requests.text("first", "a"));
    }

    @Test
    void consume_logs_bodiesAreReadAndWrittenInside() throws Exception {
        AnyValue body = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder()
                        .addValues(Requests.text("level", "warn"))
                        .addValues(KeyValue.newBuilder()
                                .setKey("list")
                                .setValue(AnyValue.newBuilder()
                                        .setArrayValue(ArrayValue.newBuilder()
                                                .addValues(AnyValue.newBuilder().setIntValue(1))))))
                .build();
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(LogRecord.newBuilder().setBody(body));
        transform(Signal.LOGS, """
                        log_statements:
                          - context: log
                            statements:
                              - set(severity_text, body["level"])
                              - set(severity_number, SEVERITY_NUMBER_WARN) where severity_text == "warn"
                              - set(body["list"][0], "one")
                              - delete_key(body, "level")
                        """)
                .consume(Batch.of(Signal.LOGS, request.build().toByteArray(), 1), deliveries::add);

        Batch after = next.batches().getLast();
        LogRecord record = ExportLogsServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceLogs(0)
                .getScopeLogs(0)
                .getLogRecords(0);
        assertThat(record.getSeverityText()).isEqualTo("warn");
        assertThat(record.getSeverityNumberValue()).isEqualTo(13);
        assertThat(record.getBody().getKvlistValue().getValuesList())
                .singleElement()
                .satisfies(v -> assertThat(
                                v.getValue().getArrayValue().getValues(0).getStringValue())
                        .isEqualTo("one"));
    }

    @Test
    void consume_metrics_areRenamedConvertedAndScaled() throws Exception {
        Metric gauge = Metric.newBuilder()
                .setName("g")
                .setUnit("ms")
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder().setAsDouble(1500))
                        .addDataPoints(NumberDataPoint.newBuilder().setAsInt(-2500)))
                .build();
        Metric sum = Metric.newBuilder()
                .setName("s")
                .setSum(Sum.newBuilder()
                        .setIsMonotonic(true)
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(NumberDataPoint.newBuilder().setAsInt(4)))
                .build();
        var request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .addScopeMetricsBuilder()
                .addMetrics(gauge)
                .addMetrics(sum);
        transform(Signal.METRICS, """
                        metric_statements:
                          - context: metric
                            statements:
                              - scale_metric(0.001, "s") where unit == "ms"
                              - convert_gauge_to_sum("cumulative", true) where name == "g"
                              - convert_sum_to_gauge() where name == "s"
                              - set(description, "new")
                          - context: datapoint
                            statements:
                              - set(attributes["type"], metric.type)
                              - set(value_int, 5) where metric.name == "s"
                        """)
                .consume(Batch.of(Signal.METRICS, request.build().toByteArray(), 3), deliveries::add);

        Batch after = next.batches().getLast();
        List<Metric> metrics = ExportMetricsServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetricsList();
        assertThat(metrics)
                .containsExactly(
                        Metric.newBuilder()
                                .setName("g")
                                .setUnit("s")
                                .setDescription("new")
                                .setSum(Sum.newBuilder()
                                        .setAggregationTemporality(
                                                AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                                        .setIsMonotonic(true)
                                        .addDataPoints(NumberDataPoint.newBuilder()
                                                .setAsDouble(1.5)
                                                .addAttributes(integer("type", 2)))
                                        .addDataPoints(NumberDataPoint.newBuilder()
                                                .setAsInt(-2)
                                                .addAttributes(integer("type", 2))))
                                .build(),
                        Metric.newBuilder()
                                .setName("s")
                                .setDescription("new")
                                .setGauge(Gauge.newBuilder()
                                        .addDataPoints(NumberDataPoint.newBuilder()
                                                .setAsInt(5)
                                                .addAttributes(integer("type", 1))))
                                .build());
        assertThat(after.items()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void consume_randomRequests_doesNotFailAndStaysWellFormed(Signal signal) throws Exception {
        String item = switch (signal) {
            case TRACES -> "trace_statements: [{context: span, statements: [";
            case METRICS -> "metric_statements: [{context: datapoint, statements: [";
            case LOGS -> "log_statements: [{context: log, statements: [";
        };
        TransformProcessor transform = transform(
                signal,
                item
                        + "'set(attributes[\"a\"][\"b\"][0], 1)', 'set(attributes[\"service.name\"], attributes)',"
                        + " 'delete_key(attributes, \"a\")', 'truncate_all(attributes, 3)', 'limit(attributes, 1, [])',"
                        + " 'set(resource.attributes[\"x\"], Concat([resource.attributes[\"x\"], \"y\"], \"\"))']}]");
        for (int seed = 0; seed < 200; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(signal);
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length);

            transform.consume(batch, deliveries::add);

            Batch after = next.batches().getLast();
            assertThat(OtlpCheck.check(signal, after.bytes(), after.offset(), after.length())
                            .items())
                    .as("seed " + seed)
                    .isEqualTo(batch.items());
        }
        assertThat(deliveries).containsOnly(Delivery.ACCEPTED);
    }

    @Test
    void consume_nothingChanges_passesTheSameBatchOn() {
        Batch batch = Requests.traces("a", 2);

        transform(Signal.TRACES, "trace_statements: ['delete_key(span.attributes, \"nobody\")']")
                .consume(batch, deliveries::add);
        transform(Signal.TRACES, "log_statements: ['set(log.body, 1)']").consume(batch, deliveries::add);

        assertThat(next.batches()).containsExactly(batch, batch);
    }

    @Test
    void consume_errorModes_goOnOrRefuseTheRequest() throws Exception {
        String failing = "'set(trace_id.string, \"no\")', 'set(name, \"next\")']}]";
        assertThat(spanAfter(
                                "trace_statements: [{context: span, error_mode: silent, statements: [" + failing,
                                Span.newBuilder().setName("a").build())
                        .getName())
                .isEqualTo("next");

        transform(Signal.TRACES, "trace_statements: [{context: span, error_mode: propagate, statements: [" + failing)
                .consume(Requests.traces("a", 2), deliveries::add);

        assertThat(deliveries.getLast()).isInstanceOf(Delivery.Rejected.class);
        assertThat(contexts.getLast().ledger().refusedItems(Reason.STATEMENT_FAILED))
                .isEqualTo(2);
        assertThat(next.batches()).hasSize(1);
    }

    @Test
    void consume_edited_lendsOneIndexUntilItIsDelivered() throws Exception {
        List<TraceIndex> lent = new ArrayList<>();
        List<DeliveryCallback> open = new ArrayList<>();
        ComponentContext context = TestContexts.of("processor", "transform", Signal.TRACES);
        contexts.add(context);
        TransformConfig config = Bound.of(TransformConfig.class, "trace_statements: ['set(span.name, \"new\")']");
        var transform = new TransformProcessor(context, config, (batch, done) -> {
            open.add(done);
            try {
                lent.add(batch.index(new TraceIndex()));
                lent.add(batch.index(new TraceIndex()));
            } catch (MalformedOtlpException e) {
                throw new AssertionError(e);
            }
        });

        transform.consume(Requests.traces("a", 2), deliveries::add);

        assertThat(lent).hasSize(2);
        assertThat(lent.getLast()).isSameAs(lent.getFirst());
        assertThat(lent.getFirst().spans()).isEqualTo(2);
        open.getFirst().complete(Delivery.ACCEPTED);
        assertThat(lent.getFirst().spans()).isZero();
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
    }

    @Test
    void reload_otherStatements_holdFromThen() {
        TransformProcessor transform = transform(Signal.TRACES, "{}");
        Batch batch = Requests.traces("a", 1);
        transform.consume(batch, deliveries::add);
        transform.reload(Bound.of(TransformConfig.class, "trace_statements: ['set(span.name, \"new\")']"));

        transform.consume(batch, deliveries::add);

        assertThat(next.batches().getFirst()).isSameAs(batch);
        assertThat(next.batches().getLast()).isNotSameAs(batch);
    }

    @Test
    void consume_metricsMadeAndMerged_areBookedAsSuch() throws Exception {
        Batch batch = Requests.metrics("m", 3);

        transform(Signal.METRICS, """
                metric_statements:
                  - context: metric
                    statements:
                      - set(metric.unit, "a")
                  - context: metric
                    statements:
                      - copy_metric(name = "copy") where name == "m"
                  - context: datapoint
                    statements:
                      - set(time_unix_nano, 7)
                  - context: metric
                    statements:
                      - aggregate_on_attributes("sum", [])
                """).consume(batch, deliveries::add);

        Batch after = next.batches().getLast();
        List<Metric> metrics = ExportMetricsServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetricsList();
        NumberDataPoint sum =
                NumberDataPoint.newBuilder().setTimeUnixNano(7).setAsInt(3).build();
        assertThat(metrics).extracting(Metric::getName).containsExactly("m", "copy");
        assertThat(metrics).allMatch(m -> m.getGauge().getDataPointsList().equals(List.of(sum)));
        assertThat(after.items()).isEqualTo(2);
        assertThat(contexts.getLast().ledger().receivedItems()).isEqualTo(6);
        assertThat(contexts.getLast().ledger().droppedItems(Reason.MERGED)).isEqualTo(4);
        assertThat(contexts.getLast().ledger().deliveredItems()).isEqualTo(2);
    }

    @Test
    void check_mistakes_areShownWhereTheyStand() {
        String rendered = Problem.render(Bound.problems(TransformConfig.class, """
                        trace_statements:
                          - context: span
                            conditions: ['name =! "a"']
                            statements:
                              - set(nome, "b")
                              - |
                                copy_metric(name="x")
                        """), false);

        assertThat(rendered)
                .contains("f.yaml:3:")
                .contains("f.yaml:5:")
                .contains("f.yaml:7:")
                .contains("copy_metric");
        assertThat(rendered).containsPattern("- set\\(nome, \"b\"\\)\n +\\| {13,14}\\^");
    }
}
