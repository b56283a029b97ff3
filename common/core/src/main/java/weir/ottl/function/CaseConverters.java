package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import weir.ottl.Getter;
import weir.ottl.Value;

/** Texts in other cases. Where words begin is told from ASCII letters and digits; a run of capitals is one word. */
final class CaseConverters {
    private CaseConverters() {}

    static <T> void addTo(Family<T> family) {
        family.change("ToLowerCase", "target", (v, into) -> into.set(lower(Family.text(v))));
        family.change("ToUpperCase", "target", (v, into) -> into.set(upper(Family.text(v))));
        family.change("ToSnakeCase", "target", (v, into) -> into.set(snake(Family.text(v))));
        family.change("ToCamelCase", "target", (v, into) -> into.set(camel(Family.text(v))));
        family.converter(
                "ConvertCase", CaseConverters::convert, value("target"), Parameter.of("to_case", Parameter.Kind.TEXT));
    }

    private static <T> Getter<T> convert(Arguments<T> arguments) throws ArgumentException {
        Getter<T> getter = arguments.value("target");
        UnaryOperator<String> change = switch (arguments.text("to_case", "")) {
            case "lower" -> CaseConverters::lower;
            case "upper" -> CaseConverters::upper;
            case "snake" -> CaseConverters::snake;
            case "camel" -> CaseConverters::camel;
            default -> throw new ArgumentException("to_case", "must be \"lower\", \"upper\", \"snake\" or \"camel\"");
        };
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            into.set(change.apply(Family.text(value)));
        };
    }

    private static String lower(String text) {
        return mapped(text, Character::toLowerCase);
    }

    private static String upper(String text) {
        return mapped(text, Character::toUpperCase);
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isSmall(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isGap(char c) {
        return c == ' ' || c == '_' || c == '-' || c == '.';
    }

    static String snake(String text) {
        String trimmed = text.strip();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            char next = i + 1 < trimmed.length() ? trimmed.charAt(i + 1) : ' ';
            boolean previousCapital = i > 0 && isCapital(trimmed.charAt(i - 1));
            if (isCapital(c) && isSmall(next) && previousCapital) {
                out.append('_');
            }
            out.append(isGap(c) ? '_' : isCapital(c) ? (char) (c + ('a' - 'A')) : c);
            boolean afterSmall = isSmall(c) && (isCapital(next) || isDigit(next));
            boolean afterDigit = isDigit(c) && (isCapital(next) || isSmall(next));
            boolean beforeDigit = isCapital(c) && isDigit(next);
            if (afterSmall || afterDigit || beforeDigit) {
                out.append('_');
            }
        }
        return out.toString();
    }

    /** Of a run of capitals only the first stays; what is no letter, digit or gap is left out, as the collector does. */
    static String camel(String text) {
        String trimmed = text.strip();
        StringBuilder out = new StringBuilder();
        boolean begins = true;
        boolean previousCapital = false;
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            boolean letter = isCapital(c) || isSmall(c);
            if (letter) {
                out.append(begins ? Character.toUpperCase(c) : previousCapital ? Character.toLowerCase(c) : c);
            } else if (isDigit(c)) {
                out.append(c);
            }
            begins = !letter && (isDigit(c) || isGap(c));
            previousCapital = isCapital(c);
        }
        return out.toString();
    }

    /** Character by character: no letter becomes two. */
    private static String mapped(String text, IntUnaryOperator change) {
        return text.codePoints()
                .map(change)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
