package weir.gateway.prometheus;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import weir.otlp.MalformedOtlpException;

/**
 * The value of an attribute as the text of a label: strings as they are, numbers in decimal, lists and maps as JSON with
 * sorted keys, bytes in base64.
 */
final class AttributeText {
    private static final int MAX_DEPTH = 64;

    private AttributeText() {}

    /** The text of an AnyValue message that lies between two offsets; empty if it holds none. */
    static String of(byte[] b, int from, int to) throws MalformedOtlpException {
        return text(b, from, to, false, 0);
    }

    static String utf8(byte[] b, int from, int to) {
        return new String(b, from, to - from, StandardCharsets.UTF_8);
    }

    private static String text(byte[] b, int from, int to, boolean json, int depth) throws MalformedOtlpException {
        String text = json ? "null" : "";
        if (depth > MAX_DEPTH) {
            return text;
        }
        Fields fields = new Fields().over(b, from, to);
        while (fields.next()) {
            int tag = fields.tag();
            if (tag == Fields.bytes(1)) {
                String string = utf8(b, fields.from(), fields.to());
                text = json ? quoted(string) : string;
            } else if (tag == Fields.varint(2)) {
                text = fields.varint() != 0 ? "true" : "false";
            } else if (tag == Fields.varint(3)) {
                text = Long.toString(fields.varint());
            } else if (tag == Fields.fixed64(4)) {
                text = number(fields.number());
            } else if (tag == Fields.bytes(5)) {
                text = array(b, fields.from(), fields.to(), depth);
            } else if (tag == Fields.bytes(6)) {
                text = map(b, fields.from(), fields.to(), depth);
            } else if (tag == Fields.bytes(7)) {
                byte[] bytes = Arrays.copyOfRange(b, fields.from(), fields.to());
                String base64 = Base64.getEncoder().encodeToString(bytes);
                text = json ? quoted(base64) : base64;
            }
        }
        return text;
    }

    private static String array(byte[] b, int from, int to, int depth) throws MalformedOtlpException {
        StringBuilder json = new StringBuilder("[");
        Fields fields = new Fields().over(b, from, to);
        while (fields.next()) {
            if (fields.tag() == Fields.bytes(1)) {
                json.append(json.length() > 1 ? "," : "").append(text(b, fields.from(), fields.to(), true, depth + 1));
            }
        }
        return json.append(']').toString();
    }

    private static String map(byte[] b, int from, int to, int depth) throws MalformedOtlpException {
        Map<String, String> entries = new TreeMap<>();
        Fields fields = new Fields().over(b, from, to);
        while (fields.next()) {
            if (fields.tag() == Fields.bytes(1)) {
                Fields entry = new Fields().over(b, fields.from(), fields.to());
                String key = "";
                String value = "null";
                while (entry.next()) {
                    if (entry.tag() == Fields.bytes(1)) {
                        key = utf8(b, entry.from(), entry.to());
                    } else if (entry.tag() == Fields.bytes(2)) {
                        value = text(b, entry.from(), entry.to(), true, depth + 1);
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
