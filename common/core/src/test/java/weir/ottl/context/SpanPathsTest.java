package weir.ottl.context;

import static weir.ottl.context.OneItem.OTHER;
import static weir.ottl.context.OneItem.SPAN;
import static weir.ottl.context.OneItem.T;
import static weir.ottl.context.OneItem.TRACE;
import static weir.ottl.context.OneItem.attribute;
import static weir.ottl.context.OneItem.hex;
import static weir.ottl.context.OneItem.id;
import static weir.ottl.context.OneItem.text;
import static weir.ottl.context.PathRow.bytes;
import static weir.ottl.context.PathRow.integer;
import static weir.ottl.context.PathRow.map;
import static weir.ottl.context.PathRow.row;
import static weir.ottl.context.PathRow.string;
import static weir.ottl.context.PathRow.time;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpanPathsTest {
    static List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        ItemContext span = Contexts.SPAN;
        rows.add(row(
                span,
                "trace_id",
                SPAN,
                hex(TRACE),
                bytes(OTHER),
                s -> s.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                span,
                "trace_id.string",
                SPAN,
                text(TRACE),
                string(OTHER),
                s -> s.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                span,
                "span_id.string",
                SPAN,
                text("0102030405060708"),
                string("00000000000000ab"),
                s -> s.toBuilder().setSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                span,
                "parent_span_id",
                SPAN,
                hex("0000000000000000"),
                bytes("00000000000000ab"),
                s -> s.toBuilder().setParentSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                span,
                "trace_state",
                SPAN,
                text("vendor=1,other=2"),
                string("a=b"),
                s -> s.toBuilder().setTraceState("a=b").build()));
        rows.add(row(
                span,
                "trace_state[other]",
                SPAN,
                text("2"),
                string("3"),
                s -> s.toBuilder().setTraceState("other=3,vendor=1").build()));
        rows.add(row(
                span,
                "name",
                SPAN,
                text("GET /"),
                string("new"),
                s -> s.toBuilder().setName("new").build()));
        rows.add(row(
                span,
                "kind",
                SPAN,
                "int 2",
                integer(3),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_CLIENT).build()));
        rows.add(row(
                span,
                "kind.string",
                SPAN,
                text("Server"),
                string("Client"),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_CLIENT).build()));
        rows.add(row(
                span,
                "kind.deprecated_string",
                SPAN,
                text("SPAN_KIND_SERVER"),
                string("SPAN_KIND_PRODUCER"),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_PRODUCER).build()));
        rows.add(row(
                span,
                "start_time_unix_nano",
                SPAN,
                "int " + T,
                integer(8),
                s -> s.toBuilder().setStartTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "start_time",
                SPAN,
                "time " + T,
                time(8),
                s -> s.toBuilder().setStartTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "end_time",
                SPAN,
                "time " + (T + 5),
                time(8),
                s -> s.toBuilder().setEndTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "attributes[k]",
                SPAN,
                text("v"),
                integer(1),
                s -> s.toBuilder()
                        .clearAttributes()
                        .addAttributes(attribute("k", 1))
                        .build()));
        rows.add(row(
                span,
                "attributes[new]",
                SPAN,
                "nil",
                integer(1),
                s -> s.toBuilder().addAttributes(attribute("new", 1)).build()));
        rows.add(row(
                span,
                "attributes",
                SPAN,
                "map of 10 bytes",
                map(),
                s -> s.toBuilder()
                        .clearAttributes()
                        .addAttributes(attribute("m", 5))
                        .build()));
        rows.add(row(
                span,
                "dropped_attributes_count",
                SPAN,
                "int 1",
                integer(9),
                s -> s.toBuilder().setDroppedAttributesCount(9).build()));
        rows.add(row(
                span,
                "dropped_events_count",
                SPAN,
                "int 2",
                integer(9),
                s -> s.toBuilder().setDroppedEventsCount(9).build()));
        rows.add(row(
                span,
                "dropped_links_count",
                SPAN,
                "int 3",
                integer(9),
                s -> s.toBuilder().setDroppedLinksCount(9).build()));
        rows.add(row(
                span,
                "status.code",
                SPAN,
                "int 2",
                integer(1),
                s -> s.toBuilder()
                        .setStatus(s.getStatus().toBuilder().setCode(Status.StatusCode.STATUS_CODE_OK))
                        .build()));
        rows.add(row(
                span,
                "status.message",
                SPAN,
                text("broken"),
                string("mended"),
                s -> s.toBuilder()
                        .setStatus(s.getStatus().toBuilder().setMessage("mended"))
                        .build()));
        rows.add(row(
                span,
                "flags",
                SPAN,
                "int 257",
                integer(0xffff_ffffL),
                s -> s.toBuilder().setFlags(-1).build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "name",
                SPAN,
                text("e"),
                string("new"),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setName("new"))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "time_unix_nano",
                SPAN,
                "int " + T,
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setTimeUnixNano(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "time",
                SPAN,
                "time " + T,
                time(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setTimeUnixNano(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "attributes[a]",
                SPAN,
                "nil",
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().addAttributes(attribute("a", 3)))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "dropped_attributes_count",
                SPAN,
                "int 4",
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setDroppedAttributesCount(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "span/name",
                SPAN,
                text("GET /"),
                string("new"),
                s -> s.toBuilder().setName("new").build()));
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void path_readAndWritten_isThatOfTheSchema(PathRow row) throws Exception {
        row.check();
    }
}
