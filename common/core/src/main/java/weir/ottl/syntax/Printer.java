package weir.ottl.syntax;

import java.util.List;
import java.util.stream.Collectors;

/** Writes expressions so that reading them again gives equal ones, but for where they stand. */
public final class Printer {
    private Printer() {}

    public static String print(Statement statement) {
        return print(statement.editor()) + (statement.where() == null ? "" : " where " + print(statement.where()));
    }

    public static String print(Expression expression) {
        return switch (expression) {
            case Expression.Nil _ -> "nil";
            case Expression.Bool bool -> Boolean.toString(bool.value());
            case Expression.Int number -> Long.toString(number.value());
            case Expression.Real number -> real(number.value());
            case Expression.Text text -> quote(text.value());
            case Expression.Bytes bytes -> "0x" + bytes.hex();
            case Expression.Name name -> name.name();
            case Expression.Path path ->
                path.fields().stream().map(f -> f.name() + keys(f.keys())).collect(Collectors.joining("."));
            case Expression.Call call ->
                call.name() + "("
                        + call.arguments().stream()
                                .map(a -> (a.name() == null ? "" : a.name() + " = ") + print(a.value()))
                                .collect(Collectors.joining(", "))
                        + ")" + keys(call.keys());
            case Expression.Items list ->
                list.items().stream().map(Printer::print).collect(Collectors.joining(", ", "[", "]"));
            case Expression.Entries map ->
                map.entries().stream()
                        .map(e -> quote(e.key()) + ": " + print(e.value()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Expression.Computation math ->
                operand(math.left()) + " " + math.operator().sign() + " " + operand(math.right());
            case Expression.Negative negative -> "-" + operand(negative.of());
            case Expression.Comparison c ->
                operand(c.left()) + " " + c.relation().sign() + " " + operand(c.right());
            case Expression.Not not -> "not " + operand(not.of());
            case Expression.And and -> joined(and.parts(), " and ");
            case Expression.Or or -> joined(or.parts(), " or ");
        };
    }

    private static String real(double value) {
        String shortest = new java.math.BigDecimal(value).toPlainString();
        String text = Double.toString(value);
        return text.contains("E") ? (shortest.contains(".") ? shortest : shortest + ".0") : text;
    }

    private static String keys(List<Expression> keys) {
        return keys.stream().map(k -> "[" + print(k) + "]").collect(Collectors.joining());
    }

    private static String joined(List<Expression> parts, String word) {
        return parts.stream().map(Printer::operand).collect(Collectors.joining(word));
    }

    private static String operand(Expression e) {
        return switch (e) {
            case Expression.Computation _,
                    Expression.Comparison _,
                    Expression.Not _,
                    Expression.And _,
                    Expression.Or _,
                    Expression.Negative _ -> "(" + print(e) + ")";
            default -> print(e);
        };
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
