package weir.ottl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.ottl.context.ContextFunctions;
import weir.ottl.context.Contexts;
import weir.ottl.context.Item;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Level;
import weir.ottl.context.Programs;
import weir.testing.FuzzInputs;

/**
 * A fuzz target: after a byte that names signal and context, a statement or condition, and behind a zero an export request that it
 * is evaluated on; without one, or with one that the door refuses, one of the usual. It is refused with places that lie in it, or
 * what it makes of the request is well formed and has as many items.
 */
public final class FuzzOttl {
    private FuzzOttl() {}

    /** Does statements to items, and drops what meets conditions. */
    private record Step(
            Level level,
            @Nullable Statements<Item> statements,
            @Nullable Conditions<Item> conditions) implements Programs.Step {
        @Override
        public boolean at(Item item) {
            if (statements != null) {
                statements.execute(item);
            }
            return conditions == null || !conditions.test(item);
        }

        @Override
        public Programs.Step copy() {
            return new Step(
                    level,
                    statements == null ? null : statements.copy(),
                    conditions == null ? null : conditions.copy());
        }

        @Override
        public long errors() {
            return 0;
        }
    }

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length == 0) {
            return;
        }
        int choice = data[0] & 0xff;
        Signal signal = Signal.values()[choice % Signal.values().length];
        int zero = 1;
        while (zero < data.length && data[zero] != 0) {
            zero++;
        }
        String text = new String(data, 1, zero - 1, StandardCharsets.UTF_8);
        List<ItemContext> contexts = Contexts.of(signal, ContextFunctions.ofTransform());
        ItemContext context = contexts.get(choice / Signal.values().length % contexts.size());
        Batch batch = batch(signal, Arrays.copyOfRange(data, Math.min(data.length, zero + 1), data.length));
        for (boolean statement : new boolean[] {true, false}) {
            Step step = step(context, text, statement);
            if (step != null) {
                run(step, batch);
            }
        }
    }

    private static @Nullable Step step(ItemContext context, String text, boolean statement) {
        try {
            List<String> texts = List.of(text);
            return new Step(
                    context.level(),
                    statement ? Statements.compile(texts, context, ErrorMode.SILENT, Environment.NOWHERE) : null,
                    statement ? null : Conditions.compile(texts, context, ErrorMode.SILENT, Environment.NOWHERE));
        } catch (StatementException e) {
            for (StatementError error : e.errors()) {
                if (error.offset() < 0 || error.length() < 0 || error.offset() > text.length() + 1) {
                    throw new AssertionError("an error outside of the text: " + error, e);
                }
            }
            return null;
        }
    }

    private static void run(Step step, Batch batch) throws MalformedOtlpException {
        Programs.Outcome outcome = new Programs(List.of(step), step.conditions() != null).run(batch);
        Batch after = outcome.batch();
        int left = after == null
                ? 0
                : OtlpCheck.check(batch.signal(), after.bytes(), after.offset(), after.length())
                        .items();
        if (left != batch.items() - outcome.dropped()) {
            throw new AssertionError(
                    "of " + batch.items() + " items " + left + " are left, and " + outcome.dropped() + " were dropped");
        }
    }

    private static Batch batch(Signal signal, byte[] request) throws MalformedOtlpException {
        if (request.length > 0) {
            try {
                return OtlpCheck.check(signal, request, 0, request.length);
            } catch (MalformedOtlpException _) {
                // One of the usual, then.
            }
        }
        byte[] usual = new RandomOtlp(5).bytes(signal);
        return OtlpCheck.check(signal, usual, 0, usual.length);
    }

    /** Statements that use most of the language, on requests that are given and on the usual. */
    public static List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>(FuzzInputs.of(FuzzOttl.class));
        try (InputStream in = Objects.requireNonNull(FuzzOttl.class.getResourceAsStream("fuzz-statements.txt"))) {
            List<String> statements = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .toList();
            for (int i = 0; i < statements.size(); i++) {
                for (int choice = 0; choice < 12; choice++) {
                    inputs.add(FuzzInputs.input(choice, statements.get(i).getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        return inputs;
    }
}
