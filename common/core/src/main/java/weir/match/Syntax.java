package weir.match;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the parts of a well-formed regular expression in RE2's syntax end. */
final class Syntax {
    private Syntax() {}

    /** The alternatives of an expression. */
    static List<String> split(String expression) {
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

    /** The inside of a group that is all there is; null if there is more, or the group has a name. */
    static @Nullable String soleGroup(String body) {
        if (!body.startsWith("(") || afterGroup(body, 0) != body.length()) {
            return null;
        }
        boolean named = body.startsWith("(?") && !body.startsWith("(?:");
        return named ? null : body.substring(body.startsWith("(?:") ? 3 : 1, body.length() - 1);
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

    /** The offset after the class that opens at an offset. */
    static int afterClass(String expression, int open) {
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

    /** The offset after the count that opens at an offset; -1 if it is none but a plain brace. */
    static int afterRepeat(String expression, int open) {
        int close = expression.indexOf('}', open);
        boolean repeats = close > 0 && expression.substring(open + 1, close).matches("\\d+(,\\d*)?");
        return repeats ? close + 1 : -1;
    }

    static boolean isEscaped(String expression, int at) {
        int slashes = 0;
        while (at - slashes > 0 && expression.charAt(at - slashes - 1) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
