package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.OttlException;
import weir.ottl.StatementException;
import weir.ottl.Statements;

/** Values of every kind, read from and written to every path of every context, with every kind of index behind it. */
class EveryPathTest {
    private static final List<String> INDEXES =
            List.of("", "[\"k\"]", "[0]", "[\"k\"][1]", "[resource.attributes[\"k\"]]");
    private static final List<String> VALUES = List.of(
            "nil",
            "true",
            "0",
            "-9223372036854775808",
            "9223372036854775807",
            "1.5",
            "\"\"",
            "\"text\"",
            "\"\\u20ac\\u0000\"",
            "0x00ff",
            "0x0102030405060708",
            "[]",
            "[1, \"a\", nil, [true]]",
            "[1.5, 2.0]",
            "{}",
            "{\"k\": {\"k\": [1]}}",
            "Unix(5)",
            "Duration(\"1s\")",
            "resource.attributes",
            "cache[\"before\"]");

    private int compiled;
    private int failed;

    /** Statements of one context, as a processor runs them. */
    private record Step(ItemContext context, Statements<Item> statements, Conditions<Item> conditions)
            implements Programs.Step {
        @Override
        public Level level() {
            return context.level();
        }

        @Override
        public boolean at(Item item) {
            statements.execute(item);
            conditions.test(item);
            return true;
        }

        @Override
        public Programs.Step copy() {
            return new Step(context, statements.copy(), conditions.copy());
        }

        @Override
        public long errors() {
            return statements.errors() + conditions.errors();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyValue_anywhere_isRefusedAtLoadOrWellFormedAfterwards(Signal signal) throws Exception {
        List<Batch> batches = new ArrayList<>();
        for (int seed = 0; batches.size() < 2; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(signal);
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length);
            if (batch.items() > 2 && bytes.length < 8192) {
                batches.add(batch);
            }
        }
        for (ItemContext context : Contexts.of(signal, ContextFunctions.ofTransform())) {
            for (String pathContext : context.pathContexts()) {
                for (String path : context.paths(pathContext)) {
                    for (String index : INDEXES) {
                        for (String value : VALUES) {
                            attempt(context, pathContext + "." + path + index, value, batches);
                        }
                    }
                }
            }
        }
        assertThat(compiled).isGreaterThan(1000);
        assertThat(failed).isBetween(1, compiled - 1);
    }

    private void attempt(ItemContext context, String path, String value, List<Batch> batches) throws Exception {
        Step step;
        try {
            step = new Step(
                    context,
                    Statements.compile(
                            List.of(
                                    "set(cache[\"before\"], " + path + ")",
                                    "set(" + path + ", " + value + ")",
                                    "set(cache[\"after\"], " + path + ")"),
                            context,
                            ErrorMode.SILENT,
                            Environment.NOWHERE),
                    Conditions.compile(
                            List.of(
                                    path + " < " + value,
                                    path + " == " + value,
                                    "String(" + path + ") == \"\"",
                                    "Len(" + path + ") < 0"),
                            context,
                            ErrorMode.SILENT,
                            Environment.NOWHERE));
        } catch (StatementException _) {
            return;
        }
        compiled++;
        Programs programs = new Programs(List.of(step), false);
        for (Batch batch : batches) {
            try {
                Batch after = requireNonNull(programs.run(batch).batch());
                assertThat(OtlpCheck.check(batch.signal(), after.bytes(), after.offset(), after.length())
                                .items())
                        .isEqualTo(batch.items());
            } catch (OttlException e) {
                throw new AssertionError("although errors are silent", e);
            } catch (Exception | Error e) {
                throw new AssertionError("in the context " + context.name() + ": " + path + " and " + value, e);
            }
        }
        failed += programs.errors() > 0 ? 1 : 0;
    }
}
