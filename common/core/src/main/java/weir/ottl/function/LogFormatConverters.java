package weir.ottl.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;

/**
 * Lines of logs as maps: {@code ParseCLF} reads the Common Log Format of web servers and the combined one, {@code ParseLEEF}
 * IBM's Log Event Extended Format 1.0 and 2.0. Both work on bytes, each a character of ISO 8859-1 meanwhile; what comes of it
 * that is no UTF-8 is replaced.
 */
final class LogFormatConverters {
    /** What a backslash stands before does not end the field. */
    private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*)\"";

    private static final String COMMON = "^(\\S+) (\\S+) (\\S+) \\[([^\\]]+)\\] " + QUOTED + " (\\S+) (\\S+)";
    private static final String MARK = "LEEF:";
    private static final int MAX_FIELDS = 6;

    private LogFormatConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "ParseCLF",
                LogFormatConverters::clf,
                Family.value("target"),
                Parameter.optional("format", Parameter.Kind.TEXT));
        family.change("ParseLEEF", "target", LogFormatConverters::leef);
    }

    private static <T> Getter<T> clf(Arguments<T> arguments) throws ArgumentException {
        boolean combined = switch (arguments.text("format", "clf")) {
            case "clf" -> false;
            case "combined" -> true;
            default -> throw new ArgumentException("format", "is either \"clf\" or \"combined\"");
        };
        Pattern pattern = Pattern.compile(COMMON + (combined ? " " + QUOTED + " " + QUOTED : "") + "$");
        Getter<T> getter = arguments.value("target");
        Value text = new Value();
        return (item, into) -> {
            getter.get(item, text);
            Matcher fields = pattern.matcher(trimmed(line(text)));
            if (!fields.find()) {
                throw new OttlException(
                        "the text is no line of the " + (combined ? "combined" : "common") + " log format");
            }
            Output out = into.begin();
            put(out, "clf.remote_host", fields.group(1));
            put(out, "clf.rfc931", fields.group(2));
            put(out, "clf.auth_user", fields.group(3));
            put(out, "clf.timestamp", fields.group(4));
            String request = unescaped(fields.group(5));
            put(out, "clf.request", request);
            String[] parts = request.split(" ", 3);
            if (parts.length == 3) {
                put(out, "clf.method", parts[0]);
                put(out, "clf.request_uri", parts[1]);
                put(out, "clf.protocol", parts[2]);
            }
            putNumber(out, "clf.status", fields.group(6));
            if (!fields.group(7).equals("-")) {
                putNumber(out, "clf.bytes", fields.group(7));
            }
            if (combined) {
                put(out, "clf.referer", unescaped(fields.group(8)));
                put(out, "clf.user_agent", unescaped(fields.group(9)));
            }
            into.finish(Value.Kind.MAP);
        };
    }

    private static void leef(Value value, Value into) {
        String message = line(value);
        int begin = message.indexOf(MARK);
        if (begin < 0) {
            throw new OttlException("the text has no LEEF: in it");
        }
        String[] fields = message.substring(begin + MARK.length()).split("\\|", MAX_FIELDS + 1);
        boolean second = fields[0].equals("2.0");
        if (!second && !fields[0].equals("1.0")) {
            throw new OttlException("LEEF is of version 1.0 or 2.0");
        }
        if (fields.length < 5) {
            throw new OttlException("a LEEF header has a vendor, a product, its version and an event's id");
        }
        // The delimiter may be left out: then the attributes come at once, which an equals sign tells.
        boolean names = second && fields.length > 5 && !fields[5].contains("=");
        String delimiter = names ? delimiter(fields[5]) : "\t";
        Output out = into.begin();
        put(out, "leef.version", fields[0]);
        put(out, "leef.vendor", fields[1]);
        put(out, "leef.product.name", fields[2]);
        put(out, "leef.product.version", fields[3]);
        put(out, "leef.event.id", fields[4]);
        int entry = out.begin(Fields.VALUES);
        out.field(1, "leef.attributes");
        int any = out.begin(2);
        int map = out.begin(6);
        pairs(behind(message.substring(begin), names ? MAX_FIELDS : MAX_FIELDS - 1), delimiter)
                .forEach((k, v) -> put(out, k, v));
        out.end(map);
        out.end(any);
        out.end(entry);
        into.finish(Value.Kind.MAP);
    }

    /** What stands behind so many bars. */
    private static String behind(String text, int bars) {
        int at = 0;
        for (int i = 0; i < bars; i++) {
            int bar = text.indexOf('|', at);
            if (bar < 0) {
                return "";
            }
            at = bar + 1;
        }
        return text.substring(at);
    }

    private static String delimiter(String written) {
        if (written.isEmpty()) {
            return "\t";
        }
        if (written.startsWith("0x") || written.startsWith("0X")) {
            if (written.length() != 4 || !written.substring(2).chars().allMatch(HexFormat::isHexDigit)) {
                throw new OttlException("a LEEF delimiter in hexadecimal digits is one byte, such as 0x09");
            }
            return String.valueOf((char) HexFormat.fromHexDigits(written, 2, 4));
        }
        if (written.length() != 1) {
            throw new OttlException("a LEEF delimiter is one character, or a byte such as 0x09");
        }
        return written;
    }

    /** Of a key that is there twice, the last holds; what is no pair is left out. */
    private static Map<String, String> pairs(String attributes, String delimiter) {
        Map<String, String> pairs = new LinkedHashMap<>();
        int at = 0;
        while (at < attributes.length()) {
            int next = attributes.indexOf(delimiter, at);
            int end = next < 0 ? attributes.length() : next;
            int equals = attributes.indexOf('=', at);
            if (equals > at && equals < end) {
                pairs.put(attributes.substring(at, equals), attributes.substring(equals + 1, end));
            }
            at = end + delimiter.length();
        }
        return pairs;
    }

    private static String line(Value value) {
        Family.of(Value.Kind.STRING, value);
        if (value.length() == 0) {
            throw new OttlException("the text is empty");
        }
        return new String(value.bytes(), value.from(), value.length(), StandardCharsets.ISO_8859_1);
    }

    private static String trimmed(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && isBlank(text.charAt(from))) {
            from++;
        }
        while (end > from && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Undoes what web servers write in quotes; what they do not write stays as it is. */
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.write(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case '\\', '"' -> out.write(next);
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case 'r' -> out.write('\r');
                case 'b' -> out.write('\b');
                case 'f' -> out.write('\f');
                case 'v' -> out.write(0x0b);
                case 'x' -> {
                    if (i + 2 < text.length()
                            && HexFormat.isHexDigit(text.charAt(i + 1))
                            && HexFormat.isHexDigit(text.charAt(i + 2))) {
                        out.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                        i += 2;
                    } else {
                        out.write('\\');
                        out.write('x');
                    }
                }
                default -> {
                    out.write('\\');
                    out.write(next);
                }
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static void put(Output out, String key, String value) {
        int entry = out.begin(Fields.VALUES);
        out.field(1, utf8(key));
        int any = out.begin(2);
        out.field(1, utf8(value));
        out.end(any);
        out.end(entry);
    }

    private static void putNumber(Output out, String key, String digits) {
        try {
            long number = Long.parseLong(digits);
            int entry = out.begin(Fields.VALUES);
            out.field(1, key);
            int any = out.begin(2);
            out.varint(3, number);
            out.end(any);
            out.end(entry);
        } catch (NumberFormatException e) {
            throw new OttlException(key + " is no whole number");
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
