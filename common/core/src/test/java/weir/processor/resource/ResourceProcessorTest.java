package weir.processor.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.attribute.AttributeStep;
import weir.attribute.AttributeStep.To;
import weir.attribute.AttributeStep.What;
import weir.config.Checked;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class ResourceProcessorTest {
    private final ComponentContext context = TestContexts.of("processor", "resource", Signal.TRACES);
    private final RecordingConsumer next = new RecordingConsumer();

    @AfterEach
    void ledgerBalances() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_constantValues_insertsUpdatesUpsertsAndDeletes() throws Exception {
        assertThat(after(
                        put(What.INSERT, "service.name", "other"),
                        put(What.INSERT, "cluster", "c1"),
                        put(What.UPDATE, "replicas", 5),
                        put(What.UPDATE, "absent", "x"),
                        put(What.UPSERT, "ratio", 0.5),
                        put(What.UPSERT, "host", true),
                        new AttributeStep("secret", What.DELETE, null, null, null, null)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "service.name", "shop", "replicas", "5", "host", "true", "cluster", "c1", "ratio", "0.5"));
    }

    @Test
    void consume_stepsThatLookAtTheResource_actInTheirOrder() throws Exception {
        assertThat(after(
                        new AttributeStep("copy", What.INSERT, null, "host", null, null),
                        new AttributeStep("nothing", What.INSERT, null, "absent", null, null),
                        new AttributeStep("", What.DELETE, null, null, "^sec", null),
                        new AttributeStep("host", What.EXTRACT, null, null, "(?P<zone>[a-z]+)-(?P<number>\\d+)", null),
                        new AttributeStep("number", What.CONVERT, null, null, null, To.INT),
                        new AttributeStep("replicas", What.CONVERT, null, null, null, To.STRING),
                        new AttributeStep("service.name", What.CONVERT, null, null, null, To.INT)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "service.name",
                        "shop",
                        "replicas",
                        "3",
                        "host",
                        "node-17",
                        "copy",
                        "node-17",
                        "zone",
                        "node",
                        "number",
                        "17"));
        Resource resource = resource(next.batches().getFirst());
        assertThat(value(resource, "number").getIntValue()).isEqualTo(17);
        assertThat(value(resource, "replicas").hasStringValue()).isTrue();
    }

    @Test
    void consume_hash_isSha256OfTheValueOnce() throws Exception {
        Map<String, String> after = after(new AttributeStep("secret", What.HASH, null, null, "sec", null));

        // printf %s x | sha256sum
        assertThat(after).containsEntry("secret", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    }

    @Test
    void consume_nothingChanges_passesTheSameBatchOn() {
        Batch batch = Requests.traces("a", 1);

        processor(new AttributeStep("absent", What.HASH, null, null, null, null))
                .consume(batch, _ -> {});

        assertThat(next.batches()).containsExactly(batch);
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void consume_anySignal_keepsItsItems(Signal signal) throws Exception {
        processor(put(What.UPSERT, "cluster", "c1")).consume(Requests.of(signal, "a", 3), _ -> {});

        Batch batch = next.batches().getFirst();
        assertThat(batch.signal()).isEqualTo(signal);
        assertThat(batch.items()).isEqualTo(3);
        assertThat(Requests.count(batch)).isEqualTo(3);
    }

    @Test
    void consume_nextRefuses_senderIsTold() {
        List<Delivery> deliveries = new ArrayList<>();
        Delivery refusal = Delivery.rejected(Reason.UNSUPPORTED, "no");
        next.answer(refusal);

        processor(put(What.UPSERT, "cluster", "c1")).consume(Requests.traces("a", 3), deliveries::add);

        assertThat(deliveries).containsExactly(refusal);
        assertThat(context.ledger().refusedItems()).isEqualTo(3);
    }

    @Test
    void check_contradictions_areNamed() {
        assertThat(errors(new AttributeStep("", What.INSERT, 1, null, null, null)))
                .containsExactly("key");
        assertThat(errors(new AttributeStep("a", What.INSERT, 1, "b", null, null)))
                .containsExactly("");
        assertThat(errors(new AttributeStep("a", What.UPSERT, List.of(1), null, null, null)))
                .containsExactly("value");
        assertThat(errors(new AttributeStep("a", What.DELETE, 1, null, "(", null)))
                .containsExactly("pattern", "value");
        assertThat(errors(new AttributeStep("a", What.EXTRACT, null, null, "(b)", null)))
                .containsExactly("pattern");
        assertThat(errors(new AttributeStep("a", What.CONVERT, null, null, null, null)))
                .containsExactly("converted_type");
        assertThat(errors(put(What.INSERT, "a", "b"))).isEmpty();
    }

    private Map<String, String> after(AttributeStep... steps) throws Exception {
        var request = ExportTraceServiceRequest.newBuilder();
        var spans = request.addResourceSpansBuilder();
        spans.getResourceBuilder()
                .addAttributes(Requests.text("service.name", "shop"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("replicas")
                        .setValue(AnyValue.newBuilder().setIntValue(3)))
                .addAttributes(Requests.text("secret", "x"))
                .addAttributes(Requests.text("host", "node-17"));
        spans.addScopeSpansBuilder().addSpansBuilder().setName("s");
        processor(steps).consume(Batch.of(Signal.TRACES, request.build().toByteArray(), 1), _ -> {});
        Resource resource = resource(next.batches().getLast());
        Map<String, String> attributes = new LinkedHashMap<>();
        resource.getAttributesList().forEach(a -> {
            byte[] value = a.getValue().toByteArray();
            attributes.put(a.getKey(), AnyValueText.of(value, 0, value.length));
        });
        assertThat(attributes).hasSize(resource.getAttributesCount());
        return attributes;
    }

    private static Resource resource(Batch batch) throws Exception {
        return ExportTraceServiceRequest.parser()
                .parseFrom(batch.bytes(), batch.offset(), batch.length())
                .getResourceSpans(0)
                .getResource();
    }

    private static AnyValue value(Resource resource, String key) {
        return resource.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private ResourceProcessor processor(AttributeStep... steps) {
        return new ResourceProcessor(context, List.of(steps), next);
    }

    private static AttributeStep put(What what, String key, Object value) {
        return new AttributeStep(key, what, value, null, null, null);
    }

    private static List<@Nullable String> errors(AttributeStep step) {
        List<@Nullable String> options = new ArrayList<>();
        step.check(new Checked.Complaints() {
            @Override
            public void error(String option, String what) {
                options.add(option);
            }

            @Override
            public void warning(String option, String what) {}
        });
        return options;
    }
}
