package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResourceEditTest {
    private static final List<String> KEYS = List.of("a", "b", "c", "service.name");

    private final ResourceEdit resources = new ResourceEdit();

    @Test
    void apply_randomSteps_equalsTheStepsOneByOne() throws Exception {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<KeyValue> expected = new ArrayList<>();
            for (String key : KEYS) {
                if (random.nextBoolean()) {
                    expected.add(OtlpSamples.text(key, "old"));
                }
            }
            byte[] before = Resource.newBuilder()
                    .addAllAttributes(expected)
                    .setDroppedAttributesCount(3)
                    .build()
                    .toByteArray();
            AttributeEdit edit = new AttributeEdit();
            for (int step = random.nextInt(6); step > 0; step--) {
                step(random.nextInt(4), KEYS.get(random.nextInt(KEYS.size())), "new " + step, edit, expected);
            }
            Output out = new Output(0);
            edit.apply(before, 0, before.length, Fields.RESOURCE_ATTRIBUTES, out);

            Resource after = Resource.parseFrom(out.toByteArray());
            assertThat(after.getAttributesList()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(after.getDroppedAttributesCount()).isEqualTo(3);
        }
    }

    private static void step(int action, String key, String text, AttributeEdit edit, List<KeyValue> attributes) {
        KeyValue value = OtlpSamples.text(key, text);
        boolean present = attributes.stream().anyMatch(a -> a.getKey().equals(key));
        switch (action) {
            case 0 -> edit.insert(key, Attributes.value(text));
            case 1 -> edit.update(key, Attributes.value(text));
            case 2 -> edit.upsert(key, Attributes.value(text));
            default -> edit.delete(key);
        }
        if (present && action != 0) {
            attributes.removeIf(a -> a.getKey().equals(key));
        }
        if (action == 2 || (action == 0 && !present) || (action == 1 && present)) {
            attributes.add(value);
        }
    }

    @Test
    void apply_keyThatComesTwice_changesItOnceAndRemovesItEverywhere() throws Exception {
        byte[] before = Resource.newBuilder()
                .addAttributes(OtlpSamples.text("a", "1"))
                .addAttributes(OtlpSamples.text("b", "2"))
                .addAttributes(OtlpSamples.text("a", "3"))
                .build()
                .toByteArray();

        assertThat(edited(before, new AttributeEdit().upsert("a", Attributes.value("x"))))
                .containsExactly(OtlpSamples.text("a", "x"), OtlpSamples.text("b", "2"));
        assertThat(edited(before, new AttributeEdit().delete("a"))).containsExactly(OtlpSamples.text("b", "2"));
        assertThat(edited(before, new AttributeEdit().insert("a", Attributes.value("x"))))
                .hasSize(3);
    }

    private static List<KeyValue> edited(byte[] b, AttributeEdit edit) throws Exception {
        Output out = new Output(0);
        edit.apply(b, 0, b.length, Fields.RESOURCE_ATTRIBUTES, out);
        return Resource.parseFrom(out.toByteArray()).getAttributesList();
    }

    @ParameterizedTest
    @EnumSource
    void apply_randomRequests_changesNothingButResources(Signal signal) throws Exception {
        AttributeEdit edit = new AttributeEdit()
                .delete("a")
                .upsert("service.name", Attributes.value("edited"))
                .append("k8s.pod.name", Attributes.value("checkout-0"));
        for (int seed = 0; seed < 100; seed++) {
            byte[] original = new RandomOtlp(seed).bytes(signal);
            byte[] bytes = new byte[original.length + 9];
            System.arraycopy(original, 0, bytes, 4, original.length);

            Batch after = resources.apply(OtlpCheck.check(signal, bytes, 4, original.length), edit);

            byte[] out = Arrays.copyOfRange(after.bytes(), after.offset(), after.end());
            assertThat(OtlpCheck.check(signal, out, 0, out.length).items()).isEqualTo(after.items());
            Message parsed = RandomOtlp.parse(signal, out);
            Message before = RandomOtlp.parse(signal, original);
            assertThat(withoutResources(parsed)).as("seed " + seed).isEqualTo(withoutResources(before));
            FieldDescriptor list = before.getDescriptorForType().findFieldByNumber(1);
            for (int i = 0; i < before.getRepeatedFieldCount(list); i++) {
                Resource was = resource((Message) before.getRepeatedField(list, i));
                Resource is = resource((Message) parsed.getRepeatedField(list, i));
                assertThat(is).as("seed " + seed).isEqualTo(expected(was));
            }
        }
    }

    private static Resource expected(Resource was) {
        Resource.Builder expected = was.toBuilder().clearAttributes();
        boolean named = false;
        for (KeyValue attribute : was.getAttributesList()) {
            if (attribute.getKey().equals("service.name")) {
                if (!named) {
                    expected.addAttributes(OtlpSamples.text("service.name", "edited"));
                }
                named = true;
            } else if (!attribute.getKey().equals("a")) {
                expected.addAttributes(attribute);
            }
        }
        if (!named) {
            expected.addAttributes(OtlpSamples.text("service.name", "edited"));
        }
        return expected.addAttributes(OtlpSamples.text("k8s.pod.name", "checkout-0"))
                .build();
    }

    private static Resource resource(Message message) {
        return (Resource) message.getField(message.getDescriptorForType().findFieldByNumber(1));
    }

    private static Message withoutResources(Message request) {
        Message.Builder out = request.toBuilder();
        FieldDescriptor list = request.getDescriptorForType().findFieldByNumber(1);
        for (int i = 0; i < request.getRepeatedFieldCount(list); i++) {
            Message inner = (Message) request.getRepeatedField(list, i);
            out.setRepeatedField(
                    list,
                    i,
                    inner.toBuilder()
                            .clearField(inner.getDescriptorForType().findFieldByNumber(1))
                            .build());
        }
        return out.build();
    }

    @Test
    void apply_resourceInTwoParts_editsTheMergedOne() throws Exception {
        byte[] part = Resource.newBuilder()
                .addAttributes(OtlpSamples.text("a", "1"))
                .build()
                .toByteArray();
        byte[] other = Resource.newBuilder()
                .addAttributes(OtlpSamples.text("b", "2"))
                .build()
                .toByteArray();
        byte[] request = new Output(16)
                .field(
                        1,
                        new Output(16)
                                .field(1, part)
                                .field(3, "schema")
                                .field(1, other)
                                .toByteArray())
                .toByteArray();

        Batch after = resources.apply(
                Batch.of(Signal.TRACES, request, 0), new AttributeEdit().update("a", Attributes.value("x")));

        ResourceSpans resource = ExportTraceServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceSpans(0);
        assertThat(resource.getSchemaUrl()).isEqualTo("schema");
        assertThat(resource.getResource().getAttributesList())
                .containsExactly(OtlpSamples.text("a", "x"), OtlpSamples.text("b", "2"));
    }

    @Test
    void apply_noResourceChosen_givesTheSameBatch() {
        Batch batch = OtlpSamples.traceBatch(1, 1, 1);

        assertThat(resources.apply(batch, _ -> null)).isSameAs(batch);
        assertThat(resources.apply(batch, new AttributeEdit())).isSameAs(batch);
    }

    @ParameterizedTest
    @EnumSource
    void concat_randomRequests_equalsTheMergedMessage(Signal signal) throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            byte[] a = new RandomOtlp(seed).bytes(signal);
            byte[] b = new RandomOtlp(seed + 1000).bytes(signal);

            Batch joined = Batches.concat(
                    List.of(OtlpCheck.check(signal, a, 0, a.length), OtlpCheck.check(signal, b, 0, b.length)));

            assertThat(RandomOtlp.parse(signal, joined.bytes()))
                    .isEqualTo(RandomOtlp.parse(signal, a).toBuilder()
                            .mergeFrom(RandomOtlp.parse(signal, b))
                            .build());
            assertThat(OtlpCheck.check(signal, joined.bytes(), 0, joined.length())
                            .items())
                    .isEqualTo(joined.items());
        }
    }

    @Test
    void concat_differentSignals_isRefused() {
        List<Batch> batches = List.of(Batch.of(Signal.TRACES, new byte[0], 0), Batch.of(Signal.LOGS, new byte[0], 0));

        assertThatThrownBy(() -> Batches.concat(batches)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void value_empty_isAnEmptyAnyValue() throws Exception {
        assertThat(edited(new byte[0], new AttributeEdit().insert("k", new byte[0])))
                .containsExactly(KeyValue.newBuilder()
                        .setKey("k")
                        .setValue(AnyValue.getDefaultInstance())
                        .build());
    }
}
