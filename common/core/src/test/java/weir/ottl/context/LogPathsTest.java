package weir.ottl.context;

import static weir.ottl.context.OneItem.LOG;
import static weir.ottl.context.OneItem.OTHER;
import static weir.ottl.context.OneItem.T;
import static weir.ottl.context.OneItem.TRACE;
import static weir.ottl.context.OneItem.attribute;
import static weir.ottl.context.OneItem.hex;
import static weir.ottl.context.OneItem.id;
import static weir.ottl.context.OneItem.text;
import static weir.ottl.context.PathRow.bytes;
import static weir.ottl.context.PathRow.integer;
import static weir.ottl.context.PathRow.row;
import static weir.ottl.context.PathRow.string;
import static weir.ottl.context.PathRow.time;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogPathsTest {
    static List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        ItemContext log = Contexts.LOG;
        rows.add(row(
                log,
                "body",
                LOG,
                "int 42",
                string("x"),
                l -> l.toBuilder()
                        .setBody(AnyValue.newBuilder().setStringValue("x"))
                        .build()));
        rows.add(row(
                log,
                "body.string",
                LOG,
                text("42"),
                string("x"),
                l -> l.toBuilder()
                        .setBody(AnyValue.newBuilder().setStringValue("x"))
                        .build()));
        rows.add(row(
                log,
                "severity_number",
                LOG,
                "int 13",
                integer(17),
                l -> l.toBuilder()
                        .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_ERROR)
                        .build()));
        rows.add(row(
                log,
                "severity_text",
                LOG,
                text("warn"),
                string("x"),
                l -> l.toBuilder().setSeverityText("x").build()));
        rows.add(row(
                log,
                "time",
                LOG,
                "time " + T,
                time(3),
                l -> l.toBuilder().setTimeUnixNano(3).build()));
        rows.add(row(
                log,
                "observed_time_unix_nano",
                LOG,
                "int " + (T + 1),
                integer(3),
                l -> l.toBuilder().setObservedTimeUnixNano(3).build()));
        rows.add(row(
                log,
                "attributes[k]",
                LOG,
                text("v"),
                integer(3),
                l -> l.toBuilder().setAttributes(0, attribute("k", 3)).build()));
        rows.add(row(
                log,
                "dropped_attributes_count",
                LOG,
                "int 6",
                integer(3),
                l -> l.toBuilder().setDroppedAttributesCount(3).build()));
        rows.add(row(
                log,
                "flags",
                LOG,
                "int 1",
                integer(3),
                l -> l.toBuilder().setFlags(3).build()));
        rows.add(row(
                log,
                "trace_id.string",
                LOG,
                text(TRACE),
                string(OTHER),
                l -> l.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                log,
                "span_id",
                LOG,
                hex("0000000000000000"),
                bytes("00000000000000ab"),
                l -> l.toBuilder().setSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                log,
                "event_name",
                LOG,
                text("click"),
                string("x"),
                l -> l.toBuilder().setEventName("x").build()));
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void path_readAndWritten_isThatOfTheSchema(PathRow row) throws Exception {
        row.check();
    }
}
