package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.otlp.Batch;
import weir.otlp.Batches;
import weir.otlp.FieldCursor;
import weir.otlp.OtlpCheck;
import weir.otlp.Output;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Value;
import weir.testing.Requests;

class ItemWalkTest {
    private static final byte[] KEY = "edited".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE =
            AnyValue.newBuilder().setIntValue(1).build().toByteArray();
    private static final KeyValue ADDED = KeyValue.newBuilder()
            .setKey("edited")
            .setValue(AnyValue.newBuilder().setIntValue(1))
            .build();

    /** Whether a test drops a message: it depends on nothing but its size, which both know. */
    private static boolean drops(int bytes, int salt) {
        return (bytes * 31 + salt) % 5 == 0;
    }

    private static boolean edits(int bytes, int salt) {
        return (bytes * 17 + salt) % 3 == 0;
    }

    @ParameterizedTest
    @EnumSource
    void walk_randomRequestsEditedAndDroppedEverywhere_equalsTheSameWithProtobufsClasses(Signal signal)
            throws Exception {
        ItemWalk walk = new ItemWalk(EnumSet.allOf(Level.class), false, ItemWalkTest::visit);
        int dropped = 0;
        for (int seed = 0; seed < 300; seed++) {
            byte[] original = new RandomOtlp(seed).bytes(signal);
            byte[] bytes = new byte[original.length + 9];
            System.arraycopy(original, 0, bytes, 4, original.length);
            Batch before = OtlpCheck.check(signal, bytes, 4, original.length);

            Batch after = requireNonNull(walk.walk(before));

            Batch checked = OtlpCheck.check(signal, after.bytes(), after.offset(), after.length());
            assertThat(checked.items()).as("seed " + seed).isEqualTo(after.items());
            assertThat(after.items()).isEqualTo(before.items() - walk.dropped());
            Message expected = request(RandomOtlp.parse(signal, original));
            byte[] out = new byte[after.length()];
            System.arraycopy(after.bytes(), after.offset(), out, 0, out.length);
            assertThat(RandomOtlp.parse(signal, out)).as("seed " + seed).isEqualTo(expected);
            dropped += walk.dropped();
        }
        assertThat(dropped).isGreaterThan(100);
    }

    private static boolean visit(Level level, Item item) {
        MessageEdit message = switch (level) {
            case RESOURCE -> item.resource().message();
            case SCOPE -> item.scope().message();
            case ITEM -> item.message();
            case PART -> item.part();
        };
        int size = message.size();
        if (edits(size, level.ordinal())) {
            message.addAttribute(KEY, 0, KEY.length, VALUE, 0, VALUE.length);
            if (level == Level.RESOURCE) {
                item.resource().setUrl(KEY, 0, KEY.length);
            }
        }
        return !drops(size, level.ordinal());
    }

    private static Message request(Message request) {
        return children(request, "resource_", ItemWalkTest::resource);
    }

    private interface Edit {
        @Nullable
        Message of(Message message);
    }

    private static Message children(Message message, String field, Edit edit) {
        Message.Builder out = message.toBuilder();
        for (FieldDescriptor list : message.getDescriptorForType().getFields()) {
            if (list.isRepeated() && list.getName().startsWith(field)) {
                out.clearField(list);
                for (int i = 0; i < message.getRepeatedFieldCount(list); i++) {
                    Message after = edit.of((Message) message.getRepeatedField(list, i));
                    if (after != null) {
                        out.addRepeatedField(list, after);
                    }
                }
            }
        }
        return out.build();
    }

    private static @Nullable Message resource(Message message) {
        FieldDescriptor head = message.getDescriptorForType().findFieldByName("resource");
        Resource resource = (Resource) message.getField(head);
        if (drops(resource.getSerializedSize(), Level.RESOURCE.ordinal())) {
            return null;
        }
        Message.Builder out = children(message, "scope_", ItemWalkTest::scope).toBuilder();
        if (edits(resource.getSerializedSize(), Level.RESOURCE.ordinal())) {
            out.setField(head, resource.toBuilder().addAttributes(ADDED).build());
            out.setField(message.getDescriptorForType().findFieldByName("schema_url"), "edited");
        }
        return out.build();
    }

    private static @Nullable Message scope(Message message) {
        FieldDescriptor head = message.getDescriptorForType().findFieldByName("scope");
        InstrumentationScope scope = (InstrumentationScope) message.getField(head);
        if (drops(scope.getSerializedSize(), Level.SCOPE.ordinal())) {
            return null;
        }
        Message.Builder out = children(
                children(children(message, "spans", ItemWalkTest::span), "metrics", ItemWalkTest::metric),
                "log_records",
                ItemWalkTest::log)
                .toBuilder();
        if (edits(scope.getSerializedSize(), Level.SCOPE.ordinal())) {
            out.setField(head, scope.toBuilder().addAttributes(ADDED).build());
        }
        return out.build();
    }

    private static @Nullable Message span(Message message) {
        Span span = (Span) message;
        if (drops(span.getSerializedSize(), Level.ITEM.ordinal())) {
            return null;
        }
        Span.Builder out = ((Span) children(span, "events", ItemWalkTest::part)).toBuilder();
        return edits(span.getSerializedSize(), Level.ITEM.ordinal())
                ? out.addAttributes(ADDED).build()
                : out.build();
    }

    private static @Nullable Message log(Message message) {
        LogRecord log = (LogRecord) message;
        if (drops(log.getSerializedSize(), Level.ITEM.ordinal())) {
            return null;
        }
        return edits(log.getSerializedSize(), Level.ITEM.ordinal())
                ? log.toBuilder().addAttributes(ADDED).build()
                : log;
    }

    private static @Nullable Message metric(Message message) {
        Metric metric = (Metric) message;
        if (drops(metric.getSerializedSize(), Level.ITEM.ordinal())) {
            return null;
        }
        Metric.Builder out = metric.toBuilder();
        for (FieldDescriptor data : metric.getAllFields().keySet()) {
            if (data.getContainingOneof() != null) {
                out.setField(data, children((Message) metric.getField(data), "data_points", ItemWalkTest::part));
            }
        }
        return edits(metric.getSerializedSize(), Level.ITEM.ordinal())
                ? out.addMetadata(ADDED).build()
                : out.build();
    }

    private static @Nullable Message part(Message part) {
        int size = part.getSerializedSize();
        if (drops(size, Level.PART.ordinal())) {
            return null;
        }
        FieldDescriptor attributes = part.getDescriptorForType().findFieldByName("attributes");
        return edits(size, Level.PART.ordinal())
                ? part.toBuilder().addRepeatedField(attributes, ADDED).build()
                : part;
    }

    @ParameterizedTest
    @EnumSource
    void walk_nothingChanges_givesTheSameBatch(Signal signal) {
        Batch batch = Requests.of(signal, "a", 3);
        ItemWalk walk = new ItemWalk(EnumSet.allOf(Level.class), true, (_, _) -> true);

        assertThat(walk.walk(batch)).isSameAs(batch);
    }

    @ParameterizedTest
    @EnumSource
    void walk_allDropped_leavesNothing(Signal signal) {
        for (Level level : Level.values()) {
            if (level == Level.PART && signal != Signal.METRICS) {
                continue; // A log has no parts, and a span stays when its events go.
            }
            ItemWalk walk = new ItemWalk(Set.of(level), true, (_, _) -> false);

            assertThat(walk.walk(Requests.of(signal, "a", 3)))
                    .as(level.toString())
                    .isNull();
            assertThat(walk.dropped()).isEqualTo(3);
        }
    }

    @Test
    void walk_onlyOneOfTwoScopesKeepsSpans_theOtherGoesWithIt() throws Exception {
        Batch batch = join(Requests.traces("a", 2), Requests.traces("b", 3));
        ItemWalk walk = new ItemWalk(Set.of(Level.ITEM), true, (_, item) -> {
            var name = new Value();
            new TextField(Place.MESSAGE, 5).get(item, name);
            return !name.text().startsWith("a");
        });

        Batch after = requireNonNull(walk.walk(batch));

        assertThat(Requests.services(after)).containsExactly("b");
        assertThat(after.items()).isEqualTo(3);
    }

    @Test
    void walk_headBehindTheItemsOrInPieces_isEditedAndMerged() throws Exception {
        byte[] points = Requests.metrics("m", 1).bytes();
        FieldCursor resourceMetrics = new FieldCursor().reset(points, 0, points.length);
        assertThat(resourceMetrics.next()).isTrue();
        byte[] half = Resource.newBuilder().setDroppedAttributesCount(7).build().toByteArray();
        Output inner = new Output(64).put(points, resourceMetrics.from(), resourceMetrics.end());
        byte[] request = new Output(64)
                .field(1, inner.field(1, half).field(3, "url").toByteArray())
                .toByteArray();
        ItemWalk walk = new ItemWalk(EnumSet.allOf(Level.class), true, (level, item) -> {
            if (level == Level.PART) {
                item.resource().message().addAttribute(KEY, 0, KEY.length, VALUE, 0, VALUE.length);
                item.part().setFixed64(3, 5);
            }
            return true;
        });

        Batch after = requireNonNull(walk.walk(Batch.of(Signal.METRICS, request, 1)));

        var resource = ExportMetricsServiceRequest.parser()
                .parseFrom(after.bytes(), after.offset(), after.length())
                .getResourceMetrics(0);
        assertThat(resource.getResource().getDroppedAttributesCount()).isEqualTo(7);
        assertThat(resource.getResource().getAttributesList())
                .containsExactly(Requests.text("service.name", "m"), ADDED);
        assertThat(resource.getSchemaUrl()).isEqualTo("url");
        assertThat(resource.getScopeMetrics(0)
                        .getMetrics(0)
                        .getGauge()
                        .getDataPoints(0)
                        .getTimeUnixNano())
                .isEqualTo(5);
    }

    private static Batch join(Batch a, Batch b) {
        return Batches.concat(List.of(a, b));
    }
}
