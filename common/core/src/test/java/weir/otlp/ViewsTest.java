package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final int REQUESTS = 100;

    private final AttributeCursor attributes = new AttributeCursor();
    private final ValueRange range = new ValueRange();

    @Test
    void spanView_randomSpans_saysWhatTheParsedSpanSays() throws Exception {
        SpanView view = new SpanView();
        TraceIndex index = new TraceIndex();
        for (int seed = 0; seed < REQUESTS; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(Signal.TRACES);
            index.index(bytes, 0, bytes.length);
            int i = 0;
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList()) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    for (Span span : scope.getSpansList()) {
                        assertSpan(view.reset(index, i++), span);
                    }
                }
            }
        }
    }

    void assertSpan(SpanView view, Span span) {
        assertThat(bytes(view.traceId())).isEqualTo(span.getTraceId());
        assertThat(bytes(view.spanId())).isEqualTo(span.getSpanId());
        assertThat(bytes(view.parentSpanId())).isEqualTo(span.getParentSpanId());
        assertThat(view.traceState().text()).isEqualTo(span.getTraceState());
        assertThat(view.name().text()).isEqualTo(span.getName());
        assertThat(view.kind()).isEqualTo(span.getKindValue());
        assertThat(view.flags()).isEqualTo(span.getFlags());
        assertThat(view.statusCode()).isEqualTo(span.getStatus().getCodeValue());
        assertThat(view.statusMessage().text()).isEqualTo(span.getStatus().getMessage());
        assertThat(view.startNanos()).isEqualTo(span.getStartTimeUnixNano());
        assertThat(view.endNanos()).isEqualTo(span.getEndTimeUnixNano());
        assertThat(view.events()).isEqualTo(span.getEventsCount());
        assertThat(view.links()).isEqualTo(span.getLinksCount());
        assertThat(view.droppedAttributes()).isEqualTo(span.getDroppedAttributesCount());
        assertThat(view.droppedEvents()).isEqualTo(span.getDroppedEventsCount());
        assertThat(view.droppedLinks()).isEqualTo(span.getDroppedLinksCount());
        assertAttributes(view.attributes(attributes), span.getAttributesList());
    }

    @Test
    void resourceView_randomRequests_saysWhatTheParsedMessageSays() throws Exception {
        ResourceView view = new ResourceView();
        for (int seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new RandomOtlp(seed).bytes(Signal.TRACES);
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
                view.reset(resource.toByteArray(), 0, resource.getSerializedSize());
                range.set(view.bytes(), view.schemaUrlFrom(), view.schemaUrlEnd());
                assertThat(range.text()).isEqualTo(resource.getSchemaUrl());
                assertAttributes(
                        view.resourceAttributes(attributes),
                        resource.getResource().getAttributesList());
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    view.reset(scope.toByteArray(), 0, scope.getSerializedSize());
                    assertThat(view.scopeName(range).text())
                            .isEqualTo(scope.getScope().getName());
                    assertThat(view.scopeVersion(range).text())
                            .isEqualTo(scope.getScope().getVersion());
                    assertAttributes(
                            view.scopeAttributes(attributes), scope.getScope().getAttributesList());
                }
            }
        }
    }

    @Test
    void find_keyAmongOthers_leavesTheCursorThere() {
        byte[] b = OtlpSamples.resource("checkout").toByteArray();
        attributes.reset(b, 0, b.length, Fields.RESOURCE_ATTRIBUTES);

        assertThat(attributes.find(Attributes.key("k8s.pod.ip"))).isTrue();
        assertThat(attributes.value().isString(Attributes.key("10.1.2.3"))).isTrue();
        assertThat(attributes.value().isString(Attributes.key("10.1.2"))).isFalse();
        assertThat(attributes.find(Attributes.key("service.name"))).isFalse();
    }

    @Test
    void next_valueBeforeKeyAndUnknownFields_readsBoth() {
        byte[] attribute = new Output(16)
                .varint(3, 7)
                .field(2, Attributes.value(42L))
                .field(1, "answer")
                .toByteArray();
        byte[] message = new Output(16).varint(7, 1).field(9, attribute).toByteArray();
        attributes.reset(message, 0, message.length, Fields.SPAN_ATTRIBUTES);

        assertThat(attributes.next()).isTrue();
        assertThat(attributes.key()).isEqualTo("answer");
        assertThat(attributes.value().longValue()).isEqualTo(42);
        assertThat(attributes.next()).isFalse();
    }

    @Test
    void value_ofEachKind_readsWhatWasWritten() throws Exception {
        assertThat(AnyValue.parseFrom(Attributes.value("größe")).getStringValue())
                .isEqualTo("größe");
        assertThat(AnyValue.parseFrom(Attributes.value(true)).getBoolValue()).isTrue();
        assertThat(AnyValue.parseFrom(Attributes.value(-5L)).getIntValue()).isEqualTo(-5);
        assertThat(AnyValue.parseFrom(Attributes.value(2.5)).getDoubleValue()).isEqualTo(2.5);
        byte[] attribute = Attributes.attribute(9, "key", Attributes.value("value"));
        assertThat(Span.parseFrom(attribute).getAttributesList()).containsExactly(OtlpSamples.text("key", "value"));
    }

    @Test
    void fieldCursor_groupsAndAllWireTypes_stepsOverEach() {
        UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder()
                .addVarint(-1)
                .addFixed32(-2)
                .addFixed64(-3)
                .addLengthDelimited(ByteString.copyFromUtf8("text"))
                .addGroup(UnknownFieldSet.newBuilder()
                        .addField(
                                2,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        byte[] b = UnknownFieldSet.newBuilder()
                .addField(77, field)
                .addField(1, field)
                .build()
                .toByteArray();
        FieldCursor cursor = new FieldCursor().reset(b, 0, b.length);
        long numbers = 0;
        int texts = 0;
        int fields = 0;
        while (cursor.next()) {
            numbers += cursor.number();
            texts += cursor.isBytes(77) || cursor.isBytes(1) ? cursor.end() - cursor.from() : 0;
            fields++;
        }
        assertThat(numbers).isEqualTo(2 * (-1 + 0xffff_fffeL - 3));
        assertThat(texts).isEqualTo(8);
        assertThat(fields).isEqualTo(10);
    }

    void assertAttributes(AttributeCursor cursor, List<KeyValue> expected) {
        for (KeyValue attribute : expected) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key()).isEqualTo(attribute.getKey());
            assertThat(cursor.keyEquals(attribute.getKeyBytes().toByteArray())).isTrue();
            assertValue(cursor.value(), attribute.getValue());
        }
        assertThat(cursor.next()).isFalse();
    }

    private void assertValue(ValueView view, AnyValue value) {
        switch (value.getValueCase()) {
            case VALUE_NOT_SET -> assertThat(view.type()).isEqualTo(ValueType.EMPTY);
            case STRING_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.STRING);
                assertThat(view.stringValue()).isEqualTo(value.getStringValue());
            }
            case BOOL_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.BOOL);
                assertThat(view.booleanValue()).isEqualTo(value.getBoolValue());
            }
            case INT_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.INT);
                assertThat(view.longValue()).isEqualTo(value.getIntValue());
            }
            case DOUBLE_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.DOUBLE);
                assertThat(Double.compare(view.doubleValue(), value.getDoubleValue()))
                        .isZero();
            }
            case BYTES_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.BYTES);
                assertThat(ByteString.copyFrom(Arrays.copyOfRange(view.bytes(), view.from(), view.end())))
                        .isEqualTo(value.getBytesValue());
            }
            case KVLIST_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.KEY_VALUES);
                assertAttributes(
                        new AttributeCursor().reset(view),
                        value.getKvlistValue().getValuesList());
            }
            case ARRAY_VALUE -> {
                assertThat(view.type()).isEqualTo(ValueType.ARRAY);
                FieldCursor elements = new FieldCursor().reset(view.bytes(), view.from(), view.end());
                for (AnyValue element : value.getArrayValue().getValuesList()) {
                    do {
                        assertThat(elements.next()).isTrue();
                    } while (!elements.isBytes(Fields.VALUES));
                    assertValue(new ValueView().reset(view.bytes(), elements.from(), elements.end()), element);
                }
            }
        }
    }

    private static ByteString bytes(ValueRange range) {
        return ByteString.copyFrom(range.bytes(), range.from(), range.length());
    }
}
