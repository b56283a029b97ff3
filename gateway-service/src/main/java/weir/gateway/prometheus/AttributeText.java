package weir.gateway.prometheus;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import weir.otlp.FieldCursor;

/**
 * The value of an attribute as the text of a label: strings as they are, numbers in decimal, lists and maps as JSON with
 * sorted keys, bytes in base64. To the letter as the collector writes them, because another text is another series: that is
 * why it is not the text that consoles show.
 */
final class AttributeText {
    private static final int MAX_DEPTH = 64;

    private AttributeText() {}

    /** The text of an AnyValue message that lies between two offsets; empty if it holds none. */
    static String of(byte[] b, int from, int to) {
        return text(b, from, to, false, 0);
    }

    static String utf8(byte[] b, int from, int to) {
        return new String(b, from, to - from, StandardCharsets.UTF_8);
    }

    private static String text(byte[] b, int from, int to, boolean json, int depth) {
        String text = json ? "null" : "";
        if (depth > MAX_DEPTH) {
            return text;
        }
        FieldCursor fields = new FieldCursor().reset(b, from, to);
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> {
                    String string = utf8(b, fields.from(), fields.end());
                    text = json ? quoted(string) : string;
                }
                case 2 -> text = fields.number() != 0 ? "true" : "false";
                case 3 -> text = Long.toString(fields.number());
                case 4 -> text = number(Double.longBitsToDouble(fields.number()));
                case 5 -> text = array(b, fields.from(), fields.end(), depth);
                case 6 -> text = map(b, fields.from(), fields.end(), depth);
                case 7 -> {
                    byte[] bytes = Arrays.copyOfRange(b, fields.from(), fields.end());
                    String base64 = Base64.getEncoder().encodeToString(bytes);
                    text = json ? quoted(base64) : base64;
                }
                default -> {}
            }
        }
        return text;
    }

    private static String array(byte[] b, int from, int to, int depth) {
        StringBuilder json = new StringBuilder("[");
        FieldCursor fields = new FieldCursor().reset(b, from, to);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                json.append(json.length() > 1 ? "," : "").append(text(b, fields.from(), fields.end(), true, depth + 1));
            }
        }
        return json.append(']').toString();
    }

    private static String map(byte[] b, int from, int to, int depth) {
        Map<String, String> entries = new TreeMap<>();
        FieldCursor fields = new FieldCursor().reset(b, from, to);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                FieldCursor entry = new FieldCursor().reset(b, fields.from(), fields.end());
                String key = "";
                String value = "null";
                while (entry.next()) {
                    if (entry.isBytes(1)) {
                        key = utf8(b, entry.from(), entry.end());
                    } else if (entry.isBytes(2)) {
                        value = text(b, entry.from(), entry.end(), true, depth + 1);
                    }
                }
                entries.put(key, value);
            }
        }
        StringBuilder json = new StringBuilder("{");
        entries.forEach((key, value) -> json.append(json.length() > 1 ? "," : "")
                .append(quoted(key))
                .append(':')
                .append(value));
        return json.append('}').toString();
    }

    /** Plain from 1e-6 up to below 1e21, as JSON writers of the field do; beyond with an exponent. */
    private static String number(double value) {
        double magnitude = Math.abs(value);
        if (value == 0 || (magnitude >= 1e-6 && magnitude < 1e21)) {
            return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        }
        TextBuffer text = new TextBuffer(24).number(value, false);
        return utf8(text.bytes(), 0, text.size()).replaceFirst("e-0(\\d)$", "e-$1");
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    boolean escapes = c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
                    json.append(escapes ? "\\u%04x".formatted((int) c) : String.valueOf(c));
                }
            }
        }
        return json.append('"').toString();
    }
}
