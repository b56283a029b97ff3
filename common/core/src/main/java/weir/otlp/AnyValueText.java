package weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Attribute values as people read them, for consoles and debugging, not for the way of the data: a text is itself, bytes are
 * base64, lists and maps are JSON, as the collector shows them.
 */
public final class AnyValueText {
    private static final int MAX_DEPTH = 20;

    private AnyValueText() {}

    /** An AnyValue message whose fields lie from {@code from} to {@code end}; empty text if it holds nothing. */
    public static String of(byte[] b, int from, int end) {
        StringBuilder text = new StringBuilder();
        append(text, b, from, end, 0);
        return text.toString();
    }

    /** The attributes among the fields of a message: those of number {@code field}, each a KeyValue, in their order. */
    public static Map<String, String> attributes(byte[] b, int from, int end, int field) {
        Map<String, String> attributes = new LinkedHashMap<>();
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(field)) {
                put(attributes, b, fields.from(), fields.end());
            }
        }
        return attributes;
    }

    private static void put(Map<String, String> attributes, byte[] b, int from, int end) {
        String key = "";
        String value = "";
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                key = utf8(b, fields.from(), fields.end());
            } else if (fields.isBytes(2)) {
                value = of(b, fields.from(), fields.end());
            }
        }
        attributes.put(key, value);
    }

    private static void append(StringBuilder text, byte[] b, int from, int end, int depth) {
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> {
                    String value = utf8(b, fields.from(), fields.end());
                    if (depth == 0) {
                        text.append(value);
                    } else {
                        quote(text, value);
                    }
                }
                case 2 -> text.append(fields.number() != 0);
                case 3 -> text.append(fields.number());
                case 4 -> text.append(number(Double.longBitsToDouble(fields.number())));
                case 5 -> appendAll(text, '[', ']', b, fields.from(), fields.end(), depth);
                case 6 -> appendAll(text, '{', '}', b, fields.from(), fields.end(), depth);
                case 7 -> {
                    byte[] raw = Arrays.copyOfRange(b, fields.from(), fields.end());
                    String value = Base64.getEncoder().encodeToString(raw);
                    text.append(depth == 0 ? value : '"' + value + '"');
                }
                default -> {}
            }
        }
        if (from == end && depth > 0) {
            text.append("null");
        }
    }

    /** A list's values or a map's entries; both are field 1 of their message. */
    private static void appendAll(StringBuilder text, char open, char close, byte[] b, int from, int end, int depth) {
        if (depth >= MAX_DEPTH) {
            text.append("\"...\"");
            return;
        }
        text.append(open);
        int first = text.length();
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (!fields.isBytes(1)) {
                continue;
            }
            if (text.length() > first) {
                text.append(',');
            }
            if (open == '[') {
                append(text, b, fields.from(), fields.end(), depth + 1);
            } else {
                appendEntry(text, b, fields.from(), fields.end(), depth + 1);
            }
        }
        text.append(close);
    }

    private static void appendEntry(StringBuilder text, byte[] b, int from, int end, int depth) {
        int at = text.length();
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        String key = "";
        boolean valued = false;
        while (fields.next()) {
            if (fields.isBytes(1)) {
                key = utf8(b, fields.from(), fields.end());
            } else if (fields.isBytes(2)) {
                append(text, b, fields.from(), fields.end(), depth);
                valued = true;
            }
        }
        StringBuilder quoted = new StringBuilder();
        quote(quoted, key);
        text.insert(at, quoted.append(valued ? ":" : ":null"));
    }

    /** Shortest form, without Java's trailing ".0". */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u").append("%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private static String utf8(byte[] b, int from, int end) {
        return new String(b, from, end - from, StandardCharsets.UTF_8);
    }
}
