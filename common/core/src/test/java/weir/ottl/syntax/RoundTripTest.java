package weir.ottl.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is printed of a statement is read as the same statement. */
class RoundTripTest {
    private static final Region NOWHERE = new Region(0, 1);

    private final SplittableRandom random = new SplittableRandom(42);

    @Test
    void print_randomConditions_areReadAsTheSame() throws SyntaxException {
        for (int i = 0; i < 5_000; i++) {
            String printed = Printer.print(condition(4));
            Expression read = Parser.condition(printed);
            assertThat(Printer.print(read)).isEqualTo(printed);
        }
    }

    @Test
    void print_statement_isReadAsTheSame() throws SyntaxException {
        String text =
                "set(resource.attributes[\"a\"][0].x, -Int(\"1\\n\\u0001\")) where (1 + 2) * 3 > 4 or not (true and X_Y == nil)";
        String printed = Printer.print(Parser.statement(text));
        assertThat(Printer.print(Parser.statement(printed))).isEqualTo(printed);
        assertThat(printed).contains("resource.attributes[\"a\"][0].x").contains("X_Y == nil");
    }

    private Expression condition(int depth) {
        return switch (depth == 0 ? random.nextInt(2) : random.nextInt(5)) {
            case 0 -> new Expression.Bool(random.nextBoolean(), NOWHERE);
            case 1 -> {
                Expression.Relation[] all = Expression.Relation.values();
                yield new Expression.Comparison(all[random.nextInt(all.length)], value(depth), value(depth), NOWHERE);
            }
            case 2 -> new Expression.Not(condition(depth - 1), NOWHERE);
            case 3 -> new Expression.And(several(() -> condition(depth - 1)), NOWHERE);
            default -> new Expression.Or(several(() -> condition(depth - 1)), NOWHERE);
        };
    }

    private List<Expression> several(Supplier<Expression> one) {
        List<Expression> all = new ArrayList<>(List.of(one.get(), one.get()));
        if (random.nextBoolean()) {
            all.add(one.get());
        }
        return all;
    }

    private Expression value(int depth) {
        int kind = random.nextInt(depth == 0 ? 8 : 13);
        return switch (kind) {
            case 0 -> new Expression.Nil(NOWHERE);
            case 1 -> new Expression.Bool(random.nextBoolean(), NOWHERE);
            case 2 -> new Expression.Int(random.nextLong(), NOWHERE);
            case 3 -> new Expression.Real(random.nextInt(1_000_000) / 64.0, NOWHERE);
            case 4 -> new Expression.Text(text(), NOWHERE);
            case 5 -> new Expression.Bytes("00ff", NOWHERE);
            case 6 -> new Expression.Name("STATUS_CODE_OK", NOWHERE);
            case 7 -> path(0);
            case 8 -> path(depth);
            case 9 -> {
                Expression.Operator[] all = Expression.Operator.values();
                yield new Expression.Computation(
                        all[random.nextInt(all.length)], value(depth - 1), value(depth - 1), NOWHERE);
            }
            case 10 -> new Expression.Negative(path(0), NOWHERE);
            case 11 -> new Expression.Items(several(() -> value(depth - 1)), NOWHERE);
            default ->
                new Expression.Call(
                        "Concat",
                        List.of(
                                new Expression.Argument(null, value(depth - 1), NOWHERE),
                                new Expression.Argument("delimiter", value(depth - 1), NOWHERE)),
                        random.nextBoolean() ? List.of() : List.of(value(depth - 1)),
                        NOWHERE);
        };
    }

    private Expression path(int depth) {
        List<Expression> keys = depth == 0 ? List.of() : List.of(value(depth - 1));
        return new Expression.Path(
                List.of(
                        new Expression.Field("resource", List.of(), NOWHERE),
                        new Expression.Field("attributes", keys, NOWHERE)),
                NOWHERE);
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            out.append("a\"\\\n\t\u0001é€$".charAt(random.nextInt(9)));
        }
        return out.toString();
    }
}
