package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.OtlpCheck;
import weir.otlp.OtlpJson;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.StatementException;
import weir.ottl.Statements;

/** Functions that only statements about logs or spans have, beside what the collector made of the same ones. */
class LogAndSpanFunctionsTest {
    static Stream<CollectorCase> logFormats() throws IOException {
        return CollectorCase.all("log-formats.txt");
    }

    static Stream<CollectorCase> spanNames() throws IOException {
        return CollectorCase.all("span-names.txt");
    }

    @ParameterizedTest
    @MethodSource
    void logFormats(CollectorCase one) throws Exception {
        check(one, Signal.LOGS, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[%s]}]}]}");
    }

    @ParameterizedTest
    @MethodSource
    void spanNames(CollectorCase one) throws Exception {
        check(one, Signal.TRACES, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s]}]}]}");
    }

    private static void check(CollectorCase one, Signal signal, String request) throws Exception {
        if (one.refused()) {
            assertThatThrownBy(() -> statements(one, signal)).isInstanceOf(StatementException.class);
            return;
        }
        Statements<Item> statements = statements(one, signal);
        ItemWalk walk = new ItemWalk(Set.of(Level.ITEM), false, (_, item) -> {
            statements.execute(item);
            return true;
        });

        Batch after = requireNonNull(
                walk.walk(batch(signal, request.formatted(one.given().getFirst()))));

        Batch expected = batch(signal, request.formatted(one.expected().getFirst()));
        assertThat(attributes(item(signal, after))).isEqualTo(attributes(item(signal, expected)));
        assertThat(withoutAttributes(item(signal, after))).isEqualTo(withoutAttributes(item(signal, expected)));
    }

    private static Statements<Item> statements(CollectorCase one, Signal signal) throws StatementException {
        ItemContext context = Contexts.of(signal, ContextFunctions.ofTransform()).stream()
                .filter(c -> c.name().equals(one.context()))
                .findFirst()
                .orElseThrow();
        return Statements.compile(one.statements(), context, ErrorMode.SILENT, Environment.NOWHERE);
    }

    private static Batch batch(Signal signal, String json) throws Exception {
        byte[] bytes = OtlpJson.toProtobuf(signal, json.getBytes(StandardCharsets.UTF_8));
        return OtlpCheck.check(signal, bytes, 0, bytes.length);
    }

    private static Message item(Signal signal, Batch batch) throws Exception {
        assertThat(OtlpCheck.check(signal, batch.bytes(), batch.offset(), batch.length())
                        .items())
                .isEqualTo(1);
        return signal == Signal.LOGS
                ? ExportLogsServiceRequest.parser()
                        .parseFrom(batch.bytes(), batch.offset(), batch.length())
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecords(0)
                : ExportTraceServiceRequest.parser()
                        .parseFrom(batch.bytes(), batch.offset(), batch.length())
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpans(0);
    }

    /** As text, in which the keys of maps are sorted. */
    private static Map<String, String> attributes(Message item) {
        byte[] bytes = item.toByteArray();
        int field = item instanceof LogRecord ? Fields.LOG_ATTRIBUTES : Fields.SPAN_ATTRIBUTES;
        return AnyValueText.attributes(bytes, 0, bytes.length, field);
    }

    private static Message withoutAttributes(Message item) {
        return item instanceof LogRecord log
                ? log.toBuilder().clearAttributes().build()
                : ((Span) item).toBuilder().clearAttributes().build();
    }
}
