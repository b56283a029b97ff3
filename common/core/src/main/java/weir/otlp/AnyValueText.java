package weir.otlp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value as text, letter for letter as the collector writes it (pcommon's {@code Value.AsString}, which writes JSON as Go
 * does): texts as they are, doubles at their shortest, bytes as base64, arrays and maps as JSON with sorted keys. Of a key
 * that is there twice the last holds, and a map or array that JSON cannot say (with NaN in it) is an empty text.
 */
public final class AnyValueText {
    private AnyValueText() {}

    public static String of(ValueView value) {
        return switch (value.type()) {
            case EMPTY -> "";
            case STRING -> value.stringValue();
            case BOOL -> Boolean.toString(value.booleanValue());
            case INT -> Long.toString(value.longValue());
            case DOUBLE -> number(value.doubleValue());
            case BYTES -> base64(value);
            case ARRAY, KEY_VALUES -> {
                StringBuilder out = new StringBuilder();
                yield json(value, out) ? out.toString() : "";
            }
        };
    }

    /** The text of an AnyValue whose fields lie here, in bytes that were checked. */
    public static String of(byte[] b, int from, int end) {
        return of(new ValueView().reset(b, from, end));
    }

    /** All attributes of a message as text, in their order; for consoles, not for the way of the data. */
    public static Map<String, String> attributes(byte[] b, int from, int end, int field) {
        Map<String, String> attributes = new LinkedHashMap<>();
        AttributeCursor cursor = new AttributeCursor().reset(b, from, end, field);
        while (cursor.next()) {
            attributes.put(cursor.key(), of(cursor.value()));
        }
        return attributes;
    }

    /** A double as the collector writes it. */
    public static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        long whole = (long) value;
        if (whole == value && Math.abs(whole) < 1L << 53 && !(whole == 0 && 1 / value < 0)) {
            return Long.toString(whole);
        }
        if (value == 0) {
            return "-0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (shortest.precision() == 2) {
            // Double.toString prefers the nearest of two digits where one digit would do: 4.9E-324.
            BigDecimal shorter = shortest.round(new MathContext(1));
            shortest = shorter.doubleValue() == value ? shorter : shortest;
        }
        double size = Math.abs(value);
        if (size >= 1e-6 && size < 1e21) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + Math.abs(exponent);
    }

    private static String base64(ValueView value) {
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(value.bytes(), value.from(), value.end()));
    }

    /** Appends a value as JSON; false when JSON has no word for something in it. */
    private static boolean json(ValueView value, StringBuilder out) {
        switch (value.type()) {
            case EMPTY -> out.append("null");
            case STRING -> quote(value.stringValue(), out);
            case BYTES -> out.append('"').append(base64(value)).append('"');
            case BOOL, INT -> out.append(of(value));
            case DOUBLE -> {
                if (!Double.isFinite(value.doubleValue())) {
                    return false;
                }
                out.append(number(value.doubleValue()));
            }
            case ARRAY -> {
                return array(value, out);
            }
            case KEY_VALUES -> {
                return map(value, out);
            }
        }
        return true;
    }

    private static boolean array(ValueView value, StringBuilder out) {
        FieldCursor elements = new FieldCursor().reset(value.bytes(), value.from(), value.end());
        ValueView element = new ValueView();
        String before = "[";
        while (elements.next()) {
            if (elements.isBytes(Fields.VALUES)) {
                out.append(before);
                before = ",";
                if (!json(element.reset(value.bytes(), elements.from(), elements.end()), out)) {
                    return false;
                }
            }
        }
        out.append(before.equals("[") ? "[]" : "]");
        return true;
    }

    private static boolean map(ValueView value, StringBuilder out) {
        Map<byte[], ValueView> sorted = new TreeMap<>(Arrays::compareUnsigned);
        AttributeCursor entries = new AttributeCursor().reset(value);
        while (entries.next()) {
            sorted.put(
                    Arrays.copyOfRange(entries.bytes(), entries.keyFrom(), entries.keyEnd()),
                    new ValueView().reset(entries.bytes(), entries.valueFrom(), entries.valueEnd()));
        }
        String before = "{";
        for (Map.Entry<byte[], ValueView> entry : sorted.entrySet()) {
            out.append(before);
            before = ",";
            quote(new String(entry.getKey(), StandardCharsets.UTF_8), out);
            out.append(':');
            if (!json(entry.getValue(), out)) {
                return false;
            }
        }
        out.append(before.equals("{") ? "{}" : "}");
        return true;
    }

    /** JSON text as Go writes it: what HTML would read as markup, and line separators, are escaped too. */
    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(c, out);
                default -> {
                    if (c < ' ') {
                        escape(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        String hex = Integer.toHexString(c);
        out.repeat('0', 4 - hex.length()).append(hex);
    }
}
