package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.StatementException;
import weir.ottl.Statements;
import weir.ottl.function.Function;
import weir.ottl.function.Functions;
import weir.ottl.function.Parameter;
import weir.testing.Requests;

/** Every function with arguments of every kind: it is refused at load, or done, or fails as a statement may. */
class EveryFunctionTest {
    private static final List<String> VALUES = List.of(
            "nil",
            "true",
            "0",
            "-1",
            "16",
            "9223372036854775807",
            "-9223372036854775808",
            "1.5",
            "\"\"",
            "\" \"",
            "\"abc\"",
            "\"a.c\"",
            "\"(\"",
            "\"1s\"",
            "\"-0x7f\"",
            "\"%s\"",
            "\"a=b c=\\\"d e\\\"\"",
            "\"{\\\"a\\\":[1,{\\\"b\\\":null}]}\"",
            "\"http://u:p@h:1/a.b?c#d\"",
            "\"999.1.1.1\"",
            "0x00ff",
            "[]",
            "[3, \"a\", nil, [1], 1.5]",
            "[{\"k\": \"x\", \"v\": 1}]",
            "{\"a\": {\"b\": [1]}, \"c\": 1.5}",
            "{\"info\": [{\"equals\": [\"abc\"]}, {\"range\": \"2xx\"}]}",
            "\"<a b=\\\"c\\\">d<e/>f</a>\"",
            "Unix(0)",
            "Unix(9000000000)",
            "Duration(\"0s\")",
            "Duration(\"-1.5s\")",
            "attributes",
            "attributes[\"text\"]",
            "attributes[\"map\"]",
            "attributes[\"none\"]",
            "body");
    private static final List<String> TEXTS = List.of(
            "\"\"",
            "\",\"",
            "\"key\"",
            "\"upsert\"",
            "\"desc\"",
            "\"%05.2f %s %d\"",
            "\"%Y-%m %j\"",
            "\"utf-16\"",
            "\"upper\"",
            "\"base64\"",
            "\"//e\"");

    private final Random random = new Random(20261122);
    private int compiled;

    @Test
    void anyArguments_areRefusedAtLoadOrWellFormedAfterwards() throws Exception {
        Batch batch = batch();
        for (Function<Item> function : Functions.<Item>ofAllContexts()) {
            int before = compiled;
            int values = (int) function.parameters().stream()
                    .filter(p -> p.kind() == Parameter.Kind.VALUE)
                    .count();
            int attempts = values == 0 ? 40 : values == 1 ? 4 * VALUES.size() : 900;
            for (int i = 0; i < attempts; i++) {
                attempt(statement(function, i), batch);
            }
            assertThat(compiled).as(function.name() + " is never understood").isGreaterThan(before);
        }
    }

    private static Batch batch() throws Exception {
        var request = ExportLogsServiceRequest.newBuilder();
        var scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
        for (int i = 0; i < 2; i++) {
            scope.addLogRecordsBuilder()
                    .setTimeUnixNano(-i)
                    .setBody(AnyValue.newBuilder().setStringValue("a body\u20ac"))
                    .addAttributes(Requests.text("text", "a.b-c"))
                    .addAttributes(KeyValue.newBuilder()
                            .setKey("map")
                            .setValue(AnyValue.newBuilder()
                                    .setKvlistValue(KeyValueList.newBuilder()
                                            .addValues(Requests.text("a", "b"))
                                            .addValues(KeyValue.newBuilder().setKey("none")))));
        }
        byte[] bytes = request.build().toByteArray();
        return OtlpCheck.check(Signal.LOGS, bytes, 0, bytes.length);
    }

    private String statement(Function<Item> function, int i) {
        List<String> arguments = new ArrayList<>();
        boolean firstValue = true;
        for (Parameter parameter : function.parameters()) {
            if (parameter.optional() && random.nextInt(3) == 0) {
                continue;
            }
            boolean inTurn = firstValue && parameter.kind() == Parameter.Kind.VALUE;
            firstValue &= !inTurn;
            arguments.add(parameter.name() + "=" + (inTurn ? VALUES.get(i % VALUES.size()) : argument(parameter)));
        }
        String call = function.name() + "(" + String.join(", ", arguments) + ")";
        return function instanceof Function.Editor<Item> ? call : "set(attributes[\"result\"], " + call + ")";
    }

    private String argument(Parameter parameter) {
        return switch (parameter.kind()) {
            case VALUE -> oneOf(VALUES);
            case PLACE, MAP ->
                oneOf(List.of("attributes", "attributes[\"map\"]", "attributes[\"text\"]", "body", "cache", "time"));
            case TEXT -> oneOf(TEXTS);
            case INTEGER -> oneOf(List.of("0", "1", "-1", "7"));
            case FLAG -> oneOf(List.of("true", "false"));
            case VALUES ->
                random.nextInt(4) == 0
                        ? oneOf(VALUES)
                        : "[" + oneOf(VALUES) + ", " + oneOf(VALUES) + ", " + oneOf(VALUES) + "]";
            case TEXTS -> oneOf(List.of("[]", "[\"k\"]", "[\"a\", \"text\"]", "[\"10.0.0.0/8\"]"));
            case FUNCTION -> oneOf(List.of("SHA256", "ToUpperCase", "Len", "Int", "ParseJSON", "Split"));
        };
    }

    private String oneOf(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void attempt(String statement, Batch batch) {
        Statements<Item> statements;
        try {
            statements = Statements.compile(List.of(statement), Contexts.LOG, ErrorMode.SILENT, Environment.NOWHERE);
        } catch (StatementException _) {
            return;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("to compile " + statement, e);
        }
        compiled++;
        ItemWalk walk = new ItemWalk(Set.of(Level.ITEM), false, (_, item) -> {
            item.forget();
            statements.execute(item);
            return true;
        });
        try {
            Batch after = requireNonNull(walk.walk(batch));
            assertThat(OtlpCheck.check(Signal.LOGS, after.bytes(), after.offset(), after.length())
                            .items())
                    .isEqualTo(batch.items());
        } catch (Exception | Error e) {
            throw new AssertionError("of " + statement, e);
        }
    }
}
