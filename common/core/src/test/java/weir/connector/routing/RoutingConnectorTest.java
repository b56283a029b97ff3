package weir.connector.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.otlp.Batch;
import weir.otlp.Batches;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.testing.AwaitingCallback;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class RoutingConnectorTest {
    private static final String BY_SERVICE = """
            table:
              - {condition: 'attributes["service.name"] == "a"', pipelines: [SIGNAL/one]}
              - {condition: 'attributes["service.name"] == "b"', pipelines: [SIGNAL/two]}
            """;
    private static final Delivery LATER = Delivery.retryLater(Duration.ofSeconds(1), Reason.QUEUE_FULL, "full");

    private final RecordingConsumer one = new RecordingConsumer();
    private final RecordingConsumer two = new RecordingConsumer();
    private final RecordingConsumer rest = new RecordingConsumer();
    private final List<ComponentContext> contexts = new ArrayList<>();
    private final List<Delivery> answers = new ArrayList<>();

    @AfterEach
    void ledgersBalance() {
        for (ComponentContext context : contexts) {
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
        }
    }

    private RoutingConnector connector(Signal signal, String yaml) {
        return connector(signal, yaml, two);
    }

    private RoutingConnector connector(Signal signal, String yaml, Consumer second) {
        Map<String, Consumer> fed = new LinkedHashMap<>();
        fed.put(signal.label() + "/one", one);
        fed.put(signal.label() + "/two", second);
        fed.put(signal.label() + "/rest", rest);
        ComponentContext context = TestContexts.of("connector", "routing", signal);
        contexts.add(context);
        return new RoutingConnector(context, config(signal, yaml), fed);
    }

    private static RoutingConfig config(Signal signal, String yaml) {
        return Bound.of(RoutingConfig.class, yaml.replace("SIGNAL", signal.label()));
    }

    private ComponentContext context() {
        return contexts.getLast();
    }

    private static String withRest(String yaml) {
        return yaml + "\ndefault_pipelines: [SIGNAL/rest]\n";
    }

    private static Batch abc() {
        return Batches.concat(List.of(
                Requests.traces("a", 2), Requests.traces("b", 3), Requests.traces("c", 1), Requests.traces("a", 1)));
    }

    @ParameterizedTest
    @EnumSource
    void consume_allOfItIsForOnePipeline_passesTheSameBatchOn(Signal signal) {
        RoutingConnector connector = connector(signal, withRest(BY_SERVICE));
        Batch a = Requests.of(signal, "a", 3);
        Batch other = Requests.of(signal, "c", 2);

        connector.consume(a, answers::add);
        connector.consume(other, answers::add);

        assertThat(one.batches()).containsExactly(a);
        assertThat(two.batches()).isEmpty();
        assertThat(rest.batches()).containsExactly(other);
        assertThat(answers).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        assertThat(context().ledger().deliveredItems()).isEqualTo(5);
        assertThat(context().metrics().value("weir_routing_items", "pipeline", signal.label() + "/one"))
                .isEqualTo(3);
    }

    @Test
    void consume_wholeBatchWithALentIndex_lendsItOn() throws Exception {
        TraceIndex index = new TraceIndex();
        Batch plain = Requests.traces("a", 2);
        index.index(plain.bytes(), plain.offset(), plain.length());
        List<TraceIndex> lent = new ArrayList<>();
        Consumer looks = (batch, done) -> {
            try {
                lent.add(batch.index(new TraceIndex()));
            } catch (MalformedOtlpException e) {
                throw new AssertionError(e);
            }
            done.complete(Delivery.ACCEPTED);
        };

        connector(Signal.TRACES, "table: [{condition: 'true', pipelines: [SIGNAL/two]}]", looks)
                .consume(Batch.indexed(index), answers::add);

        assertThat(lent).containsExactly(index);
    }

    @ParameterizedTest
    @EnumSource
    void consume_resourcesOfSeveral_eachGoesWhereItsFirstEntrySays(Signal signal) throws Exception {
        Batch batch = Batches.concat(
                List.of(Requests.of(signal, "a", 2), Requests.of(signal, "b", 3), Requests.of(signal, "c", 1)));

        connector(signal, withRest(BY_SERVICE)).consume(batch, answers::add);

        assertThat(List.of(one.items(), two.items(), rest.items())).containsExactly(2L, 3L, 1L);
        assertThat(Requests.count(two.batches().getFirst())).isEqualTo(3);
        assertThat(answers).containsExactly(Delivery.ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource
    void consume_noEntryIsForIt_withoutDefaultPipelinesItIsDropped(Signal signal) {
        RoutingConnector connector = connector(signal, BY_SERVICE);

        connector.consume(Requests.of(signal, "c", 2), answers::add);
        connector.consume(
                Batches.concat(List.of(Requests.of(signal, "a", 3), Requests.of(signal, "c", 4))), answers::add);

        assertThat(one.items()).isEqualTo(3);
        assertThat(answers).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        assertThat(context().ledger().droppedItems(Reason.NOT_ROUTED)).isEqualTo(6);
    }

    @Test
    void consume_copy_laterEntriesAndDefaultSeeItToo() throws Exception {
        connector(Signal.TRACES, withRest("""
                table:
                  - {condition: 'IsMatch(attributes["service.name"], "^[ab]")', action: copy, pipelines: [SIGNAL/one]}
                  - {condition: 'attributes["service.name"] == "b"', pipelines: [SIGNAL/two]}
                """)).consume(abc(), answers::add);

        assertThat(Requests.services(one.batches().getFirst())).containsExactly("a", "b", "a");
        assertThat(Requests.services(two.batches().getFirst())).containsExactly("b");
        assertThat(Requests.services(rest.batches().getFirst())).containsExactly("a", "c", "a");
        assertThat(context().ledger().deliveredItems()).isEqualTo(7);
    }

    @Test
    void consume_copiedAndThenForNobody_isNotDropped() {
        connector(Signal.TRACES, """
                table:
                  - {condition: 'attributes["service.name"] == "a"', action: copy, pipelines: [SIGNAL/one]}
                  - {context: span, condition: 'name == "b0"', pipelines: [SIGNAL/two]}
                """).consume(abc(), answers::add);

        assertThat(one.items()).isEqualTo(3);
        assertThat(two.items()).isEqualTo(1);
        assertThat(context().ledger().droppedItems(Reason.NOT_ROUTED)).isEqualTo(3);
        assertThat(context().ledger().deliveredItems()).isEqualTo(4);
    }

    @Test
    void consume_twoEntriesForTheSamePipelines_areOneRequest() throws Exception {
        connector(Signal.TRACES, withRest("""
                table:
                  - {condition: 'attributes["service.name"] == "c"', pipelines: [SIGNAL/one]}
                  - {condition: 'attributes["service.name"] == "a"', pipelines: [SIGNAL/one]}
                """)).consume(abc(), answers::add);

        assertThat(one.batches()).hasSize(1);
        assertThat(Requests.services(one.batches().getFirst())).containsExactly("c", "a", "a");
    }

    @Test
    void consume_severalPipelines_allGetIt() {
        connector(Signal.TRACES, "table: [{statement: route(), pipelines: [SIGNAL/one, SIGNAL/two]}]")
                .consume(abc(), answers::add);

        assertThat(one.items()).isEqualTo(7);
        assertThat(two.items()).isEqualTo(7);
        assertThat(context().ledger().deliveredItems()).isEqualTo(7);
    }

    @Test
    void consume_spans_takeResourceAndScopeAlong_andLeaveNothingEmptyBehind() throws Exception {
        Batch batch = Batches.concat(List.of(Requests.traces("a", 2), Requests.traces("b", 1)));

        connector(Signal.TRACES, withRest("table: [{condition: 'span.name != \"a1\"', pipelines: [SIGNAL/one]}]"))
                .consume(batch, answers::add);

        var moved = traces(one.batches().getFirst());
        assertThat(moved.getResourceSpansCount()).isEqualTo(2);
        assertThat(moved.getResourceSpans(0).getScopeSpans(0).getScope().getName())
                .isEqualTo("tests");
        var left = traces(rest.batches().getFirst());
        assertThat(left.getResourceSpansCount()).isEqualTo(1);
        assertThat(left.getResourceSpans(0).getScopeSpans(0).getSpans(0).getName())
                .isEqualTo("a1");
        assertThat(left.getResourceSpans(0).getResource())
                .isEqualTo(moved.getResourceSpans(0).getResource());
    }

    private static ExportTraceServiceRequest traces(Batch batch) throws Exception {
        return ExportTraceServiceRequest.parser().parseFrom(batch.bytes(), batch.offset(), batch.length());
    }

    /** The collector forgets the metadata of a metric whose data points it tells apart; Weir keeps it. */
    @Test
    void consume_dataPoints_takeAllThatTheirMetricSaysAlong() throws Exception {
        var request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .addScopeMetricsBuilder()
                .addMetrics(gauge(1, 5, 2))
                .addMetrics(gauge(1));

        connector(
                        Signal.METRICS,
                        withRest("table: [{context: datapoint, condition: value_int > 1, pipelines: [SIGNAL/one]}]"))
                .consume(Batch.of(Signal.METRICS, request.build().toByteArray(), 4), answers::add);

        assertThat(metrics(one.batches().getFirst())).containsExactly(gauge(5, 2));
        assertThat(metrics(rest.batches().getFirst())).containsExactly(gauge(1), gauge(1));
    }

    private static Metric gauge(long... values) {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (long value : values) {
            gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(value));
        }
        return Metric.newBuilder()
                .setName("m")
                .setUnit("1")
                .setGauge(gauge)
                .addMetadata(Requests.text("from", "test"))
                .build();
    }

    private static List<Metric> metrics(Batch batch) throws Exception {
        return ExportMetricsServiceRequest.parser()
                .parseFrom(batch.bytes(), batch.offset(), batch.length())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetricsList();
    }

    @Test
    void consume_deleteKey_isDoneToWhatIsRoutedOnly() throws Exception {
        connector(Signal.TRACES, withRest("""
                table:
                  - statement: delete_key(attributes, "service.name") where attributes["service.name"] == "a"
                    pipelines: [SIGNAL/one]
                """)).consume(abc(), answers::add);

        assertThat(traces(one.batches().getFirst()).getResourceSpansList())
                .hasSize(2)
                .allSatisfy(r -> assertThat(r.getResource().getAttributesList()).isEmpty());
        assertThat(Requests.services(rest.batches().getFirst())).containsExactly("b", "c");
    }

    @Test
    void consume_conditionThatCannotBeEvaluated_refusesTheRequest_orIsNotMet() {
        String table =
                "table: [{condition: 'ParseJSON(attributes[\"service.name\"]) != nil', pipelines: [SIGNAL/one]}]\n";
        connector(Signal.TRACES, withRest(table)).consume(abc(), answers::add);

        assertThat(answers).singleElement().isInstanceOf(Delivery.Rejected.class);
        assertThat(context().ledger().refusedItems(Reason.STATEMENT_FAILED)).isEqualTo(7);

        connector(Signal.TRACES, withRest(table) + "error_mode: ignore\n").consume(abc(), answers::add);

        assertThat(answers.getLast()).isEqualTo(Delivery.ACCEPTED);
        assertThat(rest.items()).isEqualTo(7);
        assertThat(one.items()).isZero();
        assertThat(context().metrics().value("weir_connector_statement_errors")).isEqualTo(4);
    }

    @Test
    void consume_partsAreAnsweredApart_theSenderIsAnsweredOnce() {
        one.hold();
        two.hold();
        connector(Signal.TRACES, BY_SERVICE).consume(abc(), answers::add);

        two.completeNext(Delivery.ACCEPTED);
        assertThat(answers).isEmpty();
        one.completeNext(new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "two of them"));

        assertThat(answers).containsExactly(new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "two of them"));
        assertThat(context().ledger().deliveredItems()).isEqualTo(4);
        assertThat(context().ledger().refusedItems(Reason.BACKEND_PARTIAL)).isEqualTo(2);
        assertThat(context().ledger().droppedItems(Reason.NOT_ROUTED)).isEqualTo(1);
    }

    @Test
    void consume_oneWantsItsPartLater_allIsWantedAgain() {
        two.answer(LATER);
        connector(Signal.TRACES, withRest(BY_SERVICE)).consume(abc(), answers::add);

        assertThat(answers).containsExactly(LATER);
        assertThat(rest.items()).isEqualTo(1);
        assertThat(context().ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(7);
    }

    @Test
    void consume_partsAreRejected_asMuchIsSaid() {
        one.answer(Delivery.rejected(Reason.BACKEND_REJECTED, "no"));
        connector(Signal.TRACES, withRest(BY_SERVICE)).consume(abc(), answers::add);
        two.answer(Delivery.rejected(Reason.TOO_LARGE, "never"));
        rest.answer(Delivery.rejected(Reason.BACKEND_REJECTED, "no"));
        connector(Signal.TRACES, withRest(BY_SERVICE)).consume(abc(), answers::add);

        assertThat(answers.getFirst()).isEqualTo(new Delivery.Partial(3, Reason.BACKEND_REJECTED, "no"));
        assertThat(answers.getLast()).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    void consume_senderWaitsForTheBackend_allPipelinesAreTold() {
        List<Boolean> awaits = new ArrayList<>();
        Consumer asks = (batch, done) -> {
            awaits.add(done.awaitsBackend());
            done.complete(Delivery.ACCEPTED);
        };
        RoutingConnector connector = connector(Signal.TRACES, withRest(BY_SERVICE), asks);

        connector.consume(abc(), new AwaitingCallback(answers));
        connector.consume(Requests.traces("b", 1), new AwaitingCallback(answers));

        assertThat(awaits).containsExactly(true, true);
    }

    @Test
    void consume_pipelineThatOnlyCounts_isGivenItsPartWhenTheOthersHaveTaken() {
        List<Batch> counted = new ArrayList<>();
        Consumer counts = new Consumer() {
            @Override
            public void consume(Batch batch, DeliveryCallback done) {
                counted.add(batch);
                done.complete(Delivery.ACCEPTED);
            }

            @Override
            public boolean isWitness() {
                return true;
            }
        };
        one.then(LATER).hold();
        RoutingConnector connector = connector(Signal.TRACES, BY_SERVICE, counts);

        connector.consume(abc(), answers::add);
        connector.consume(abc(), answers::add);
        assertThat(counted).isEmpty();
        one.completeNext(Delivery.ACCEPTED);

        assertThat(counted).hasSize(1);
        assertThat(answers).containsExactly(LATER, Delivery.ACCEPTED);
        assertThat(connector.isWitness()).isFalse();
    }

    @Test
    void consume_sentOnByAnotherGateway_partsSayIt() {
        connector(Signal.TRACES, withRest(BY_SERVICE)).consume(abc().routed(17, true), answers::add);

        for (RecordingConsumer end : List.of(one, two, rest)) {
            assertThat(end.batches().getFirst().isForwarded()).isTrue();
            assertThat(end.batches().getFirst().routedBy()).isEqualTo(17);
        }
    }

    @Test
    void reload_otherTable_holdsFromThenOn() {
        RoutingConnector connector = connector(Signal.TRACES, withRest(BY_SERVICE));
        connector.consume(Requests.traces("a", 2), answers::add);

        connector.reload(config(Signal.TRACES, "table: [{condition: 'true', pipelines: [SIGNAL/two]}]"));
        connector.consume(Requests.traces("a", 3), answers::add);

        assertThat(one.items()).isEqualTo(2);
        assertThat(two.items()).isEqualTo(3);
    }

    @Test
    void reload_pipelineThatItDidNotLeadTo_isRefused_andTheFormerTableHolds() {
        RoutingConnector connector = connector(Signal.TRACES, withRest(BY_SERVICE));

        RoutingConfig changed = config(Signal.TRACES, "table: [{condition: 'true', pipelines: [SIGNAL/new]}]");
        assertThatThrownBy(() -> connector.reload(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'traces/new'")
                .hasMessageContaining("restart");
        connector.consume(Requests.traces("a", 2), answers::add);

        assertThat(one.items()).isEqualTo(2);
    }

    @Test
    void consume_emptyRequest_isAccepted() {
        connector(Signal.LOGS, withRest(BY_SERVICE)).consume(Batch.of(Signal.LOGS, new byte[0], 0), answers::add);

        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(rest.batches()).isEmpty();
    }
}
