package weir.ottl.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Output;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;

class SpanCursorTest {
    private static final Environment NOWHERE = new Environment(() -> java.time.Instant.EPOCH, () -> 0, () -> 0);

    @Test
    void move_randomRequests_seesWhatTheWalkSees() throws Exception {
        SpanCursor cursor = new SpanCursor();
        TraceIndex index = new TraceIndex();
        int events = 0;
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(Signal.TRACES);
            Batch batch = OtlpCheck.check(Signal.TRACES, bytes, 0, bytes.length);
            List<String> walked = new ArrayList<>();
            new ItemWalk(EnumSet.of(Level.ITEM, Level.PART), false, (level, item) -> walked.add(seen(level, item)))
                    .walk(batch);

            List<String> moved = new ArrayList<>();
            index.index(bytes, 0, bytes.length);
            for (int span = 0; span < index.spans(); span++) {
                int scope = index.scopeOf(span);
                int resource = index.resourceOf(scope);
                cursor.resource(bytes, index.resourceFrom(resource), index.resourceEnd(resource));
                cursor.scope(bytes, index.scopeFrom(scope), index.scopeEnd(scope));
                cursor.span(bytes, index.spanFrom(span), index.spanEnd(span));
                moved.add(seen(Level.ITEM, cursor.item()));
                while (cursor.nextEvent()) {
                    moved.add(seen(Level.PART, cursor.item()));
                    events++;
                }
            }

            assertThat(moved).as("seed " + seed).isEqualTo(walked);
        }
        assertThat(events).isGreaterThan(100);
    }

    private static String seen(Level level, Item item) {
        String span = item.resource().urlEnd()
                - item.resource().urlFrom()
                + " "
                + text(item.resource().message())
                + " "
                + text(item.scope().message())
                + " "
                + text(item.message());
        return level == Level.ITEM ? span : span + " " + item.partIndex() + " " + text(item.part());
    }

    private static String text(MessageEdit message) {
        Output out = new Output(64);
        message.write(out);
        return message.attributes() + ":" + HexFormat.of().formatHex(out.toByteArray());
    }

    @Test
    void beforeEvents_goesThroughThemOnceMore() throws Exception {
        byte[] span = Span.newBuilder()
                .addEvents(Span.Event.newBuilder().setName("a"))
                .addEvents(Span.Event.newBuilder().setName("b"))
                .build()
                .toByteArray();
        Conditions<Item> second = Conditions.compile(
                List.of("name == \"b\" and event_index == 1"), Contexts.SPAN_EVENT, ErrorMode.PROPAGATE, NOWHERE);
        SpanCursor cursor = new SpanCursor();
        cursor.resource(span, 0, 0);
        cursor.scope(span, 0, 0);
        cursor.span(span, 0, span.length);

        for (int round = 0; round < 2; round++) {
            cursor.beforeEvents();
            assertThat(cursor.nextEvent()).isTrue();
            assertThat(second.test(cursor.item())).isFalse();
            assertThat(cursor.nextEvent()).isTrue();
            assertThat(second.test(cursor.item())).isTrue();
            assertThat(cursor.nextEvent()).isFalse();
        }
    }
}
