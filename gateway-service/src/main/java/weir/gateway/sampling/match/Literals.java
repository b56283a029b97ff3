package weir.gateway.sampling.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the literals of regular expressions in RE2's syntax. Knows just enough of the syntax to be sure of what it finds;
 * where it is not sure, nothing is known. Expressions were compiled before, so they are well-formed.
 */
final class Literals {
    private static final ByteFactor UNKNOWN = new ByteFactor(new byte[0], false, false, false);

    private final String body;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";
    private boolean pure = true;

    private Literals(String body) {
        this.body = body;
    }

    /** One literal for each alternative of an expression: a text that has none of them does not match. */
    static List<ByteFactor> of(String expression) {
        List<ByteFactor> all = new ArrayList<>();
        if (hasFlagsOrQuotes(expression)) {
            return List.of(UNKNOWN);
        }
        for (String alternative : split(expression)) {
            boolean start = alternative.startsWith("^");
            String rest = start ? alternative.substring(1) : alternative;
            boolean end = rest.endsWith("$") && !isEscaped(rest, rest.length() - 1);
            String body = end ? rest.substring(0, rest.length() - 1) : rest;
            String group = soleGroup(body);
            for (String inner : group == null ? List.of(body) : split(group)) {
                all.add(new Literals(unpadded(inner, start, end)).factor(start, end));
            }
        }
        return all;
    }

    /** {@code (?i)} changes what letters mean, {@code \Q} what everything else does. */
    private static boolean hasFlagsOrQuotes(String expression) {
        return expression.replace("(?:", "(").contains("(?") || expression.contains("\\Q");
    }

    /** Without what may stand before or after a match anyway. */
    private static String unpadded(String body, boolean start, boolean end) {
        String rest = body;
        if (!start && rest.startsWith(".*")) {
            rest = rest.substring(rest.startsWith(".*?") ? 3 : 2);
        }
        if (!end && rest.endsWith(".*") && !isEscaped(rest, rest.length() - 2)) {
            rest = rest.substring(0, rest.length() - 2);
        }
        return rest;
    }

    private ByteFactor factor(boolean start, boolean end) {
        int at = 0;
        while (at < body.length()) {
            at = step(at);
            if (at < 0) {
                return UNKNOWN;
            }
        }
        boolean exact = pure;
        closeRun();
        byte[] literal = longest.getBytes(StandardCharsets.UTF_8);
        return exact
                ? new ByteFactor(literal, start, end, true)
                : literal.length == 0 ? UNKNOWN : new ByteFactor(literal, false, false, false);
    }

    /** Takes in what stands at an offset, and gives the offset after it; -1 if that is not known. */
    private int step(int at) {
        char c = body.charAt(at);
        return switch (c) {
            case '\\' -> escape(at);
            case '[' -> {
                opaque();
                yield afterClass(body, at);
            }
            case '(' -> {
                opaque();
                yield afterGroup(body, at);
            }
            case '*', '?' -> {
                loosen();
                yield at + 1;
            }
            case '{' -> {
                loosen();
                int close = body.indexOf('}', at);
                boolean repeats = close > 0 && body.substring(at + 1, close).matches("\\d+(,\\d*)?");
                yield repeats ? close + 1 : at + 1;
            }
            case '.', '^', '$', '+' -> {
                opaque();
                yield at + 1;
            }
            case '|', ')' -> -1;
            default -> {
                run.append(c);
                yield at + 1;
            }
        };
    }

    private int escape(int at) {
        char c = body.charAt(at + 1);
        if (Character.isDigit(c) || "pPxC".indexOf(c) >= 0) {
            return -1;
        }
        if (Character.isLetter(c)) {
            opaque();
        } else {
            run.append(c);
        }
        return at + 2;
    }

    /** What comes last need not be there. */
    private void loosen() {
        int length = run.length();
        if (length > 0) {
            run.setLength(run.offsetByCodePoints(length, -1));
        }
        opaque();
    }

    private void opaque() {
        closeRun();
        pure = false;
    }

    private void closeRun() {
        if (run.length() > longest.length()) {
            longest = run.toString();
        }
        run.setLength(0);
    }

    /** The inside of a group that is all there is; null if there is more. */
    private static @Nullable String soleGroup(String body) {
        if (!body.startsWith("(") || afterGroup(body, 0) != body.length()) {
            return null;
        }
        return body.substring(body.startsWith("(?:") ? 3 : 1, body.length() - 1);
    }

    private static List<String> split(String expression) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int at = 0;
        while (at < expression.length()) {
            char c = expression.charAt(at);
            if (c == '|') {
                parts.add(expression.substring(from, at));
                from = at + 1;
            }
            at = after(expression, at);
        }
        parts.add(expression.substring(from));
        return parts;
    }

    /** The offset after the character, class or group at an offset. */
    private static int after(String expression, int at) {
        return switch (expression.charAt(at)) {
            case '\\' -> at + 2;
            case '[' -> afterClass(expression, at);
            case '(' -> afterGroup(expression, at);
            default -> at + 1;
        };
    }

    private static int afterGroup(String expression, int open) {
        int at = open + 1;
        while (at < expression.length() && expression.charAt(at) != ')') {
            at = after(expression, at);
        }
        return Math.min(expression.length(), at + 1);
    }

    private static int afterClass(String expression, int open) {
        int at = open + 1;
        if (expression.startsWith("^", at)) {
            at++;
        }
        if (expression.startsWith("]", at)) {
            at++;
        }
        while (at < expression.length() && expression.charAt(at) != ']') {
            if (expression.charAt(at) == '\\') {
                at += 2;
            } else if (expression.startsWith("[:", at) && expression.indexOf(":]", at) > 0) {
                at = expression.indexOf(":]", at) + 2;
            } else {
                at++;
            }
        }
        return Math.min(expression.length(), at + 1);
    }

    private static boolean isEscaped(String expression, int at) {
        int slashes = 0;
        while (at - slashes > 0 && expression.charAt(at - slashes - 1) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
