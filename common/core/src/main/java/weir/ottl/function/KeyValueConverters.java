package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import weir.otlp.AttributeCursor;
import weir.otlp.Fields;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Texts such as {@code a=b c="d e"} as maps, and back. */
final class KeyValueConverters {
    private KeyValueConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "ParseKeyValue",
                KeyValueConverters::parse,
                value("target"),
                optional("delimiter"),
                optional("pair_delimiter"));
        family.converter(
                "ToKeyValueString",
                KeyValueConverters::print,
                value("target"),
                optional("delimiter"),
                optional("pair_delimiter"),
                Parameter.optional("sort_output", Parameter.Kind.FLAG));
    }

    /** The delimiters of a call, read for each item. */
    private static final class Delimiters<T> {
        private final Getter<T> inner;
        private final Getter<T> outer;
        private final Value value = new Value();
        private String delimiter = "=";
        private String pairDelimiter = " ";

        Delimiters(Arguments<T> arguments) {
            inner = arguments.value("delimiter");
            outer = arguments.value("pair_delimiter");
        }

        void begin(T item) {
            delimiter = read(inner, item, "=");
            pairDelimiter = read(outer, item, " ");
            if (delimiter.equals(pairDelimiter)) {
                throw new OttlException("both delimiters are the same");
            }
        }

        private String read(Getter<T> getter, T item, String otherwise) {
            getter.get(item, value);
            String text = value.isNil() ? otherwise : Family.text(value);
            if (text.isEmpty()) {
                throw new OttlException("a delimiter is empty");
            }
            return text;
        }
    }

    private static <T> Getter<T> parse(Arguments<T> arguments) {
        Getter<T> textOf = arguments.value("target");
        Delimiters<T> delimiters = new Delimiters<>(arguments);
        Value text = new Value();
        Value part = new Value();
        EncodedMap map = new EncodedMap();
        return (item, into) -> {
            textOf.get(item, text);
            delimiters.begin(item);
            String source = Family.text(text);
            if (source.isEmpty()) {
                throw new OttlException("there is nothing to parse");
            }
            map.reset();
            for (String pair : unquotedSplit(source, delimiters.pairDelimiter)) {
                int at = pair.indexOf(delimiters.delimiter);
                if (at < 0) {
                    throw new OttlException("`" + delimiters.delimiter + "` is missing in a pair");
                }
                byte[] key = unquoted(pair.substring(0, at).strip()).getBytes(StandardCharsets.UTF_8);
                part.set(unquoted(
                        pair.substring(at + delimiters.delimiter.length()).strip()));
                map.put(key, 0, key.length, part);
            }
            map.writeTo(into);
        };
    }

    /** The parts between delimiters that do not stand within quotes; empty ones are left out. */
    private static List<String> unquotedSplit(String text, String delimiter) {
        List<String> parts = new ArrayList<>();
        char quote = 0;
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quote == 0 && text.startsWith(delimiter, at)) {
                add(text.substring(from, at), parts);
                at += delimiter.length();
                from = at;
                continue;
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != 0) {
                at++;
            }
            at++;
        }
        if (quote != 0) {
            throw new OttlException("a quote without an end");
        }
        add(text.substring(from), parts);
        return parts;
    }

    private static void add(String part, List<String> parts) {
        if (!part.isBlank()) {
            parts.add(part);
        }
    }

    private static String unquoted(String text) {
        int last = text.length() - 1;
        boolean quoted =
                last > 0 && (text.charAt(0) == '"' || text.charAt(0) == '\'') && text.charAt(last) == text.charAt(0);
        return quoted ? text.substring(1, last) : text;
    }

    private record Pair(String key, String text) {}

    private static <T> Getter<T> print(Arguments<T> arguments) {
        Getter<T> mapOf = arguments.value("target");
        Delimiters<T> delimiters = new Delimiters<>(arguments);
        boolean sorted = arguments.flag("sort_output", false);
        Value map = new Value();
        AttributeCursor cursor = new AttributeCursor();
        return (item, into) -> {
            mapOf.get(item, map);
            Family.of(Kind.MAP, map);
            delimiters.begin(item);
            List<Pair> pairs = new ArrayList<>();
            cursor.reset(map.bytes(), map.from(), map.end(), Fields.VALUES);
            while (cursor.next()) {
                pairs.add(new Pair(cursor.key(), Texts.of(new Value().set(cursor.value()))));
            }
            if (sorted) {
                pairs.sort(Comparator.comparing(Pair::key));
            }
            StringBuilder out = new StringBuilder();
            for (Pair pair : pairs) {
                out.append(out.isEmpty() ? "" : delimiters.pairDelimiter)
                        .append(quoted(pair.key, delimiters))
                        .append(delimiters.delimiter)
                        .append(quoted(pair.text, delimiters));
            }
            into.set(out.toString());
        };
    }

    private static String quoted(String text, Delimiters<?> delimiters) {
        String escaped = text.replace("\"", "\\\"");
        boolean needed = text.contains(delimiters.delimiter) || text.contains(delimiters.pairDelimiter);
        return needed ? '"' + escaped + '"' : escaped;
    }
}
