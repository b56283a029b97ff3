package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import weir.otlp.FieldCursor;
import weir.otlp.ValueView;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/**
 * {@code Format}: the verbs of Go's fmt that make sense here: {@code %s %v %q %d %x %X %f %g %e %t %%} with width, precision and
 * the flags minus, plus and zero.
 */
final class FormatConverter {
    private static final int WIDEST_CHARACTERS = 1024;

    private FormatConverter() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "Format",
                FormatConverter::format,
                Parameter.of("format", Parameter.Kind.TEXT),
                Parameter.of("vals", Parameter.Kind.VALUES));
    }

    private static <T> Getter<T> format(Arguments<T> arguments) {
        String format = arguments.text("format", "");
        Getter<T> valuesOf = arguments.value("vals");
        Value list = new Value();
        FieldCursor cursor = new FieldCursor();
        ValueView view = new ValueView();
        return (item, into) -> {
            valuesOf.get(item, list);
            Family.of(Kind.LIST, list);
            List<Value> values = new ArrayList<>();
            cursor.reset(list.bytes(), list.from(), list.end());
            while (cursor.next()) {
                if (values.size() == Limits.MAX_ELEMENTS) {
                    throw new OttlException("a list of more than " + Limits.MAX_ELEMENTS + " elements");
                }
                values.add(new Value().set(view.reset(list.bytes(), cursor.from(), cursor.end())));
            }
            into.set(format(format, values));
        };
    }

    private static String format(String format, List<Value> values) {
        StringBuilder out = new StringBuilder();
        int used = 0;
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int from = at;
            while (at < format.length() && "+-0 #".indexOf(format.charAt(at)) >= 0) {
                at++;
            }
            String flags = format.substring(from, at);
            int width = 0;
            while (at < format.length() && Character.isDigit(format.charAt(at))) {
                width = Math.min(WIDEST_CHARACTERS, 10 * width + format.charAt(at++) - '0');
            }
            int precision = -1;
            if (at < format.length() && format.charAt(at) == '.') {
                precision = 0;
                at++;
                while (at < format.length() && Character.isDigit(format.charAt(at))) {
                    precision = Math.min(WIDEST_CHARACTERS, 10 * precision + format.charAt(at++) - '0');
                }
            }
            if (at == format.length()) {
                throw new OttlException("a format that ends within a verb");
            }
            char verb = format.charAt(at++);
            if (verb == '%') {
                out.append('%');
                continue;
            }
            if (used == values.size()) {
                throw new OttlException("a format with more verbs than arguments");
            }
            pad(one(verb, precision, flags, values.get(used++)), width, flags, out);
            Limits.checkProduced(out.length());
        }
        return out.toString();
    }

    private static String one(char verb, int precision, String flags, Value value) {
        String plus = flags.contains("+") ? "+" : "";
        return switch (verb) {
            case 's', 'v' -> {
                String text = value.isNil() ? "<nil>" : Texts.of(value);
                yield precision >= 0 && verb == 's'
                        ? text.substring(
                                0,
                                text.offsetByCodePoints(0, Math.min(precision, text.codePointCount(0, text.length()))))
                        : text;
            }
            case 'q' -> '"' + Texts.of(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            case 'd' -> {
                long number = Family.integer(value);
                yield number >= 0 ? plus + number : Long.toString(number);
            }
            case 'x', 'X' -> {
                String hex = switch (value.kind()) {
                    case INT ->
                        value.integer() < 0
                                ? "-" + Long.toHexString(-value.integer())
                                : Long.toHexString(value.integer());
                    default -> HexFormat.of().formatHex(Texts.of(value).getBytes(StandardCharsets.UTF_8));
                };
                yield verb == 'X' ? hex.toUpperCase(Locale.ROOT) : hex;
            }
            case 'f', 'e', 'g' -> {
                double number = Family.of(Kind.DOUBLE, value).number();
                String text = verb == 'g' && precision < 0
                        ? Texts.of(value)
                        : String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + verb, number);
                yield number >= 0 ? plus + text : text;
            }
            case 't' -> Boolean.toString(Family.of(Kind.BOOL, value).bool());
            default -> throw new OttlException("the verb %" + verb + " does not exist here");
        };
    }

    private static void pad(String text, int width, String flags, StringBuilder out) {
        int missing = Math.max(0, width - text.codePointCount(0, text.length()));
        boolean sign = text.startsWith("-") || text.startsWith("+");
        if (flags.contains("-")) {
            out.append(text).repeat(' ', missing);
        } else if (flags.contains("0")) {
            out.append(sign ? text.substring(0, 1) : "").repeat('0', missing).append(sign ? text.substring(1) : text);
        } else {
            out.repeat(' ', missing).append(text);
        }
    }
}
