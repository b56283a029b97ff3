package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** {@code ParseCSV}: one line as a map of its headers. */
final class CsvConverter {
    private CsvConverter() {}

    private enum Mode {
        STRICT,
        LAZY_QUOTES,
        IGNORE_QUOTES
    }

    static <T> void addTo(Family<T> family) {
        family.converter(
                "ParseCSV",
                CsvConverter::parse,
                value("target"),
                value("header"),
                Parameter.optional("delimiter", Parameter.Kind.TEXT),
                Parameter.optional("header_delimiter", Parameter.Kind.TEXT),
                Parameter.optional("mode", Parameter.Kind.TEXT));
    }

    private static <T> Getter<T> parse(Arguments<T> arguments) throws ArgumentException {
        String delimiter = arguments.text("delimiter", ",");
        String headerDelimiter = arguments.text("header_delimiter", delimiter);
        if (delimiter.length() != 1) {
            throw new ArgumentException("delimiter", "must be one character");
        }
        if (headerDelimiter.length() != 1) {
            throw new ArgumentException("header_delimiter", "must be one character");
        }
        Mode mode = switch (arguments.text("mode", "strict")) {
            case "strict" -> Mode.STRICT;
            case "lazyQuotes" -> Mode.LAZY_QUOTES;
            case "ignoreQuotes" -> Mode.IGNORE_QUOTES;
            default -> throw new ArgumentException("mode", "must be \"strict\", \"lazyQuotes\" or \"ignoreQuotes\"");
        };
        Getter<T> lineOf = arguments.value("target");
        Getter<T> headerOf = arguments.value("header");
        Value line = new Value();
        Value header = new Value();
        Value field = new Value();
        EncodedMap map = new EncodedMap();
        return (item, into) -> {
            lineOf.get(item, line);
            headerOf.get(item, header);
            String names = Family.text(header);
            if (names.isEmpty()) {
                throw new OttlException("there are no headers");
            }
            String[] headers = names.split(Pattern.quote(headerDelimiter), -1);
            List<String> fields = fields(Family.text(line), delimiter.charAt(0), mode);
            if (fields.size() != headers.length) {
                throw new OttlException(fields.size() + " fields for " + headers.length + " headers");
            }
            map.reset();
            for (int i = 0; i < headers.length; i++) {
                byte[] key = headers[i].getBytes(StandardCharsets.UTF_8);
                map.put(key, 0, key.length, field.set(fields.get(i)));
            }
            map.writeTo(into);
        };
    }

    private static List<String> fields(String line, char delimiter, Mode mode) {
        if (line.isEmpty() && mode != Mode.IGNORE_QUOTES) {
            throw new OttlException("there is no line");
        }
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean inQuotes = false;
        boolean begins = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : delimiter;
            if (c == '"' && mode != Mode.IGNORE_QUOTES) {
                if (begins) {
                    inQuotes = true;
                    begins = false;
                    continue;
                }
                if (inQuotes && next == '"') {
                    field.append('"');
                    i++;
                    continue;
                }
                if (inQuotes && next == delimiter) {
                    inQuotes = false;
                    continue;
                }
                if (mode == Mode.STRICT) {
                    throw new OttlException("a quote within a field");
                }
            }
            if (c == delimiter && !inQuotes) {
                fields.add(field.toString());
                field.setLength(0);
                begins = true;
                continue;
            }
            begins = false;
            field.append(c);
        }
        if (inQuotes && mode == Mode.STRICT) {
            throw new OttlException("a quote without an end");
        }
        fields.add(field.toString());
        return fields;
    }
}
