package weir.otlp.edit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.otlp.Wire;

class MessageEditTest {
    private static final List<String> KEYS = List.of("", "a", "service.name", "größe", "a.longer.key", "b.longer.key");

    private final MessageEdit edit = new MessageEdit();

    @Test
    void write_randomEditsOfRandomSpans_equalsTheSameEditsOfProtobufsClasses() throws Exception {
        int edited = 0;
        for (int seed = 0; seed < 400; seed++) {
            byte[] request = new RandomOtlp(seed).bytes(Signal.TRACES);
            SplittableRandom random = new SplittableRandom(seed);
            for (Span span : spans(request)) {
                byte[] bytes = span.toByteArray();
                Span.Builder expected = span.toBuilder();
                edit.reset(bytes, 0, bytes.length, Fields.SPAN_ATTRIBUTES);
                for (int step = random.nextInt(8); step > 0; step--) {
                    step(random, expected);
                }
                Output out = new Output(16);
                edit.write(out);
                assertThat(out.size()).isEqualTo(edit.size());
                assertThat(Span.parseFrom(out.toByteArray())).as("seed " + seed).isEqualTo(expected.build());
                edited += edit.changed() ? 1 : 0;
            }
        }
        assertThat(edited).isGreaterThan(500);
    }

    private static List<Span> spans(byte[] request) throws Exception {
        List<Span> spans = new ArrayList<>();
        ExportTraceServiceRequest.parseFrom(request)
                .getResourceSpansList()
                .forEach(r -> r.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList())));
        return spans;
    }

    private void step(SplittableRandom random, Span.Builder expected) {
        byte[] key = KEYS.get(random.nextInt(KEYS.size())).getBytes(StandardCharsets.UTF_8);
        String text = "x".repeat(random.nextInt(4) * 60);
        AnyValue value = AnyValue.newBuilder().setStringValue(text).build();
        byte[] encoded = value.toByteArray();
        int n = edit.attribute(key, 0, key.length);
        int wanted = indexOf(expected, new String(key, StandardCharsets.UTF_8));
        assertThat(n).isEqualTo(wanted);
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                if (n >= 0) {
                    edit.removeAttribute(n);
                    expected.removeAttributes(n);
                }
            }
            case 2, 3 -> {
                if (n >= 0) {
                    edit.setValue(n, encoded, 0, encoded.length);
                    expected.setAttributes(
                            n,
                            KeyValue.newBuilder()
                                    .setKey(expected.getAttributes(n).getKey())
                                    .setValue(value));
                } else {
                    edit.addAttribute(key, 0, key.length, encoded, 0, encoded.length);
                    expected.addAttributes(KeyValue.newBuilder()
                            .setKey(new String(key, StandardCharsets.UTF_8))
                            .setValue(value));
                }
            }
            case 4 -> {
                edit.setVarint(6, 3);
                expected.setKind(Span.SpanKind.SPAN_KIND_CLIENT);
            }
            case 5 -> {
                byte[] name = text.getBytes(StandardCharsets.UTF_8);
                edit.setBytes(Fields.SPAN_NAME, name, 0, name.length);
                expected.setName(text);
            }
            case 6 -> {
                edit.setFixed64(7, 99);
                edit.setFixed32(16, -1);
                expected.setStartTimeUnixNano(99).setFlags(-1);
            }
            case 7 -> {
                edit.removeAll(Fields.SPAN_LINKS << 3 | Wire.BYTES);
                expected.clearLinks();
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    edit.clearAttributes();
                    expected.clearAttributes();
                }
            }
        }
    }

    private static int indexOf(Span.Builder span, String key) {
        for (int i = 0; i < span.getAttributesCount(); i++) {
            if (span.getAttributes(i).getKey().equals(key)) {
                return i;
            }
        }
        return MessageEdit.ABSENT;
    }

    @Test
    void number_fieldThatComesTwice_isTheLast() {
        byte[] bytes = new Output(16).varint(6, 2).varint(6, 300).toByteArray();
        edit.reset(bytes, 0, bytes.length, Fields.SPAN_ATTRIBUTES);

        assertThat(edit.number(6 << 3)).isEqualTo(300);
        edit.setVarint(6, 1);
        assertThat(edit.number(6 << 3)).isEqualTo(1);
        assertThat(edit.number(7 << 3)).isZero();
    }

    @Test
    void bytes_readBeforeManyChanges_stayAsTheyWere() {
        byte[] bytes = new Output(16).field(5, "name").toByteArray();
        edit.reset(bytes, 0, bytes.length, Fields.SPAN_ATTRIBUTES);
        byte[] first = "first".getBytes(StandardCharsets.UTF_8);
        edit.setBytes(5, first, 0, first.length);
        int entry = edit.find(5 << 3 | Wire.BYTES);
        byte[] in = edit.bytes(entry);
        int from = edit.from(entry);

        for (int i = 0; i < 1000; i++) {
            edit.setBytes(5, bytes, 0, bytes.length);
        }

        assertThat(ByteString.copyFrom(in, from, first.length)).isEqualTo(ByteString.copyFrom(first));
    }

    @Test
    void reset_afterAChange_forgetsIt() {
        byte[] bytes = new Output(16).field(5, "name").toByteArray();
        edit.reset(bytes, 0, bytes.length, Fields.SPAN_ATTRIBUTES).setVarint(6, 1);

        edit.reset(bytes, 0, bytes.length, Fields.SPAN_ATTRIBUTES);

        Output out = new Output(16);
        edit.write(out);
        assertThat(edit.changed()).isFalse();
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(edit.size()).isEqualTo(bytes.length);
    }

    /** Entries are looked for where the last one of their field was noted; that must hold through all that is done to them. */
    @Test
    void find_afterEntriesWereRemovedReplacedAndAdded_isTheLastOfTheTag() {
        int name = 5 << 3 | Wire.BYTES;
        int state = 3 << 3 | Wire.BYTES;
        byte[] text = {'x'};
        // Field 5 twice, then field 5 as a number.
        byte[] message = {(5 << 3) | Wire.BYTES, 1, 'a', (5 << 3) | Wire.BYTES, 1, 'b', 5 << 3 | Wire.VARINT, 7};
        edit.reset(message, 0, message.length, Fields.SPAN_ATTRIBUTES);

        assertThat(edit.find(name)).isEqualTo(1);
        assertThat(edit.find(5 << 3 | Wire.VARINT)).isEqualTo(2);
        assertThat(edit.find(state)).isEqualTo(MessageEdit.ABSENT);
        edit.remove(1);
        assertThat(edit.find(name)).isZero();
        edit.replaceBytes(0, 3, text, 0, 1);
        assertThat(edit.find(state)).isZero();
        assertThat(edit.find(name)).isEqualTo(MessageEdit.ABSENT);
        edit.setBytes(5, text, 0, 1);
        assertThat(edit.find(name)).isEqualTo(3);
        edit.replaceBytes(2, 5, text, 0, 1);
        assertThat(edit.find(name)).isEqualTo(3);
        edit.remove(3);
        assertThat(edit.find(name)).isEqualTo(2);
        assertThat(edit.find(20 << 3 | Wire.BYTES)).isEqualTo(MessageEdit.ABSENT);
    }
}
