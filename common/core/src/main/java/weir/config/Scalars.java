package weir.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Yaml.Scalar;
import weir.config.Yaml.Style;

/** Reads scalars as Go's YAML library types them: YAML 1.2 with the octal numbers and underscores of 1.1. */
final class Scalars {
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0x([0-9a-fA-F]+)|0b([01]+)|0o?([0-7]+)|(0|[1-9][0-9]*|0[0-9]*[89][0-9]*))");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");

    private Scalars() {}

    /** What is wrong with a value, and what to do. */
    static final class Mistyped extends Exception {
        private final String hint;

        Mistyped(String message, String hint) {
            super(message, null, false, false);
            this.hint = hint;
        }

        String hint() {
            return hint;
        }

        String message() {
            return String.valueOf(getMessage());
        }
    }

    static boolean bool(Scalar scalar) throws Mistyped {
        if (scalar.style() != Style.QUOTED) {
            switch (scalar.text()) {
                case "true", "True", "TRUE" -> {
                    return true;
                }
                case "false", "False", "FALSE" -> {
                    return false;
                }
                default -> {}
            }
        }
        String hint = switch (scalar.text().toLowerCase(Locale.ROOT)) {
            case "on", "yes", "y" -> "in YAML 1.2 this is text; write true";
            case "off", "no", "n" -> "in YAML 1.2 this is text; write false";
            case "true", "false" -> "remove the quotes";
            default -> "";
        };
        throw new Mistyped("expected true or false, found " + Yaml.describe(scalar), hint);
    }

    static long integer(Scalar scalar, long least, long most) throws Mistyped {
        Matcher form = INTEGER.matcher(scalar.text().replace("_", ""));
        if (!form.matches()) {
            throw new Mistyped("expected a whole number, found " + Yaml.describe(scalar), "");
        }
        if (scalar.style() == Style.QUOTED) {
            throw new Mistyped("expected a whole number, found a text", "remove the quotes");
        }
        int group = form.group(2) != null ? 2 : form.group(3) != null ? 3 : form.group(4) != null ? 4 : 5;
        int radix = new int[] {16, 2, 8, 10}[group - 2];
        try {
            long value = Long.parseLong(form.group(1) + form.group(group), radix);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Out of a long's range, which is said below.
        }
        throw new Mistyped("expected a whole number from " + least + " to " + most + ", found " + scalar.text(), "");
    }

    static double real(Scalar scalar) throws Mistyped {
        if (scalar.style() == Style.QUOTED) {
            throw new Mistyped("expected a number, found a text", "remove the quotes");
        }
        String text = scalar.text().replace("_", "");
        switch (text) {
            case ".inf", "+.inf", ".Inf", "+.Inf", ".INF", "+.INF" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-.inf", "-.Inf", "-.INF" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case ".nan", ".NaN", ".NAN" -> {
                return Double.NaN;
            }
            default -> {}
        }
        if (FLOAT.matcher(text).matches()) {
            return Double.parseDouble(text);
        }
        if (INTEGER.matcher(text).matches()) {
            return integer(scalar, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        throw new Mistyped("expected a number, found " + Yaml.describe(scalar), "");
    }

    /** A scalar as a value of a type that {@link Option} names, texts and secrets apart. */
    static Object typed(Class<?> type, Scalar scalar) throws Mistyped {
        if (type == boolean.class || type == Boolean.class) {
            return bool(scalar);
        }
        if (type == int.class || type == Integer.class) {
            return (int) integer(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (type == long.class || type == Long.class) {
            return integer(scalar, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == double.class || type == Double.class) {
            return real(scalar);
        }
        if (type == Duration.class) {
            return duration(scalar.text());
        }
        if (type.isEnum()) {
            return constant(type, scalar.text());
        }
        throw new IllegalStateException("an option cannot be of type " + type);
    }

    private static Duration duration(String text) throws Mistyped {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Mistyped(
                    String.valueOf(e.getMessage()),
                    text.matches("\\d+(\\.\\d+)?") ? "add a unit, as in " + text + "s" : "");
        }
    }

    private static Object constant(Class<?> type, String text) throws Mistyped {
        for (Object constant : type.getEnumConstants()) {
            if (OptionSpec.word((Enum<?>) constant).equalsIgnoreCase(text)) {
                return constant;
            }
        }
        List<String> words = OptionSpec.words(type);
        String nearest = Names.nearest(text, words);
        throw new Mistyped(
                "expected one of " + String.join(", ", words) + "; found '" + text + "'",
                nearest.isEmpty() ? "" : "did you mean '" + nearest + "'?");
    }

    static String describe(Class<?> type) {
        return type == boolean.class || type == Boolean.class
                ? "true or false"
                : type == double.class || type == Double.class
                        ? "a number"
                        : type == Duration.class
                                ? "a duration such as 10s"
                                : type.isEnum()
                                        ? "one of " + String.join(", ", OptionSpec.words(type))
                                        : "a whole number";
    }

    /** A value of no particular type: null, a boolean, a long, a double or a text. */
    static @Nullable Object any(Scalar scalar) {
        if (scalar.isNull()) {
            return null;
        }
        if (scalar.style() == Style.QUOTED) {
            return scalar.text();
        }
        try {
            return switch (scalar.text()) {
                case "true", "True", "TRUE" -> true;
                case "false", "False", "FALSE" -> false;
                case String text
                when INTEGER.matcher(text).matches() -> integer(scalar, Long.MIN_VALUE, Long.MAX_VALUE);
                case String text when FLOAT.matcher(text).matches() -> real(scalar);
                case String text -> text;
            };
        } catch (Mistyped e) {
            return scalar.text();
        }
    }
}
