package weir.processor.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.attribute.AttributeStep;
import weir.attribute.AttributeStep.What;
import weir.config.Problem;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.selection.MatchProperties;
import weir.selection.MatchProperties.Attribute;
import weir.selection.MatchProperties.MatchType;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class AttributesProcessorTest {
    private static final AttributeStep SEEN = new AttributeStep("seen", What.UPSERT, 1, null, null, null);

    private final ComponentContext context = TestContexts.of("processor", "attributes", Signal.TRACES);
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> answers = new ArrayList<>();

    @AfterEach
    void ledgerBalances() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_steps_changeEachSpanAndNothingElse() throws Exception {
        Batch batch = OtlpSamples.traceBatch(1, 2, 3).routed(7, true);

        processor(
                        null,
                        null,
                        new AttributeStep("server.port", What.DELETE, null, null, null, null),
                        new AttributeStep("port", What.INSERT, 80, null, null, null),
                        new AttributeStep("method", What.UPSERT, null, "http.request.method", null, null))
                .consume(batch, answers::add);

        Batch edited = next.batches().getFirst();
        assertThat(edited.routedBy()).isEqualTo(7);
        assertThat(edited.isForwarded()).isTrue();
        List<Span> before = spans(batch);
        List<Span> after = spans(edited);
        assertThat(after).hasSize(6);
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).toBuilder().clearAttributes().build())
                    .isEqualTo(before.get(i).toBuilder().clearAttributes().build());
            assertThat(attributes(after.get(i)))
                    .containsEntry("port", "80")
                    .containsEntry("method", "POST")
                    .doesNotContainKey("server.port")
                    .hasSize(before.get(i).getAttributesCount() + 1);
        }
    }

    @Test
    void consume_nothingMatches_isTheSameBatch() {
        Batch batch = OtlpSamples.traceBatch(1, 2, 3);

        processor(spans(MatchType.STRICT, List.of("no such name"), List.of()), null, SEEN)
                .consume(batch, answers::add);
        processor(null, null, new AttributeStep("http.request.method", What.UPSERT, "POST", null, null, null))
                .consume(batch, answers::add);

        assertThat(next.batches()).allSatisfy(b -> assertThat(b.bytes()).isSameAs(batch.bytes()));
    }

    @Test
    void consume_includeAndExclude_changeWhatIsMeant() throws Exception {
        processor(
                        spans(
                                MatchType.REGEXP,
                                List.of("^(POST|SELECT)"),
                                List.of(new Attribute("server.port", "^80"))),
                        spans(MatchType.STRICT, List.of(), List.of(new Attribute("cache.hit", true))),
                        SEEN)
                .consume(OtlpSamples.traceBatch(1, 1, 4), answers::add);

        assertThat(spans(next.batches().getFirst()).stream()
                        .map(span -> attributes(span).containsKey("seen")))
                .containsExactly(false, true, false, true);
    }

    @ParameterizedTest
    @EnumSource
    void consume_anySignal_keepsItsItems(Signal signal) throws Exception {
        ComponentContext own = TestContexts.of("processor", "attributes", signal);

        new AttributesProcessorFactory()
                .create(own, new AttributesConfig(List.of(SEEN), null, null), next)
                .consume(Requests.of(signal, "a", 3), answers::add);

        Batch batch = next.batches().getFirst();
        assertThat(batch.items()).isEqualTo(3);
        assertThat(Requests.count(batch)).isEqualTo(3);
        if (signal == Signal.METRICS) {
            ExportMetricsServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                    .getResourceMetrics(0)
                    .getScopeMetrics(0)
                    .getMetrics(0)
                    .getGauge()
                    .getDataPointsList()
                    .forEach(p -> assertThat(p.getAttributes(0).getKey()).isEqualTo("seen"));
        }
    }

    @Test
    void consume_nextRefuses_senderIsTold() {
        Delivery refusal = Delivery.rejected(Reason.UNSUPPORTED, "no");
        next.answer(refusal);

        processor(null, null, SEEN).consume(OtlpSamples.traceBatch(1, 2, 3), answers::add);

        assertThat(answers).containsExactly(refusal);
        assertThat(context.ledger().refusedItems()).isEqualTo(6);
    }

    @Test
    void check_expressionsThatWouldTakeAllMemory_areRefusedWhereTheyStand() {
        String rendered = Problem.render(Bound.problems(AttributesConfig.class, """
                        include:
                          match_type: regexp
                          span_names: ['((a{1,100}){1,100}){1,100}']
                        actions:
                          - action: delete
                            pattern: ((a{1,100}){1,100}){1,100}
                        """), false);

        assertThat(rendered).contains("f.yaml:3:").contains("f.yaml:6:14").contains("too large");
    }

    @Test
    void create_propertiesOfOtherSignals_saysWhich() {
        MatchProperties names = spans(MatchType.STRICT, List.of("a"), List.of());
        ComponentContext logs = TestContexts.of("processor", "attributes", Signal.LOGS);

        assertThatThrownBy(() -> new AttributesProcessorFactory()
                        .create(logs, new AttributesConfig(List.of(SEEN), names, null), next))
                .hasMessage("include: span_names cannot be asked of logs");
        assertThatThrownBy(() -> processor(null, spans(MatchType.STRICT, List.of(), List.of()), SEEN))
                .hasMessage("exclude: nothing is named that can be asked of traces");
    }

    private AttributesProcessor processor(
            @Nullable MatchProperties include, @Nullable MatchProperties exclude, AttributeStep... steps) {
        return (AttributesProcessor) new AttributesProcessorFactory()
                .create(context, new AttributesConfig(List.of(steps), include, exclude), next);
    }

    private static MatchProperties spans(MatchType type, List<String> names, List<Attribute> attributes) {
        return new MatchProperties(
                type,
                null,
                List.of(),
                names,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                attributes,
                List.of(),
                List.of());
    }

    private static List<Span> spans(Batch batch) throws Exception {
        List<Span> spans = new ArrayList<>();
        ExportTraceServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                .getResourceSpansList()
                .forEach(r -> r.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList())));
        return spans;
    }

    private static Map<String, String> attributes(Span span) {
        Map<String, String> attributes = new java.util.HashMap<>();
        for (KeyValue attribute : span.getAttributesList()) {
            byte[] value = attribute.getValue().toByteArray();
            assertThat(attributes.put(attribute.getKey(), AnyValueText.of(value, 0, value.length)))
                    .isNull();
        }
        return attributes;
    }
}
