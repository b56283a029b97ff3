package weir.ottl;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;

/** An item as a log record is one, with the values that the collector was asked about. */
final class SampleItem {
    final EncodedMap attributes = new EncodedMap();
    final EncodedMap resource = new EncodedMap();
    final EncodedMap cache = new EncodedMap();
    final Value body = new Value();
    final long timeNanos = 1_700_000_000_123_456_789L;

    /** The record that every statement of the tables was tried on. */
    static SampleItem withValues() {
        SampleItem item = new SampleItem();
        item.body.set("user=ann id=42");
        item.put("s", "\"Hello World\"");
        item.put("empty", "\"\"");
        item.put("u", "\"grüße €10\"");
        item.put("num", "\"42\"");
        item.put("i", "7");
        item.put("neg", "-3");
        item.put("d", "2.5");
        item.put("whole", "3.0");
        item.put("big", "1000000000000000000000.0");
        item.put("small", "0.0000001");
        item.put("t", "true");
        item.put("f", "false");
        item.put("b", "0x0102ff");
        item.put("l", "[\"b\", \"a\", 3]");
        item.put("nums", "[3, 1.5, 2]");
        item.put("m", "{\"x\": 1, \"a\": \"q\\\"<\", \"deep\": {\"k\": \"v\"}}");
        item.put("url", "\"https://me:pw@example.com:8080/a/b.html?q=1&r=%20#top\"");
        item.put("json", "\"{\\\"a\\\":1,\\\"b\\\":[true,null,\\\"x\\\"],\\\"c\\\":{\\\"d\\\":1.5}}\"");
        item.put("objs", "[{\"name\": \"n1\", \"v\": 1}, {\"name\": \"n2\", \"v\": 2}]");
        return item;
    }

    private void put(String key, String literal) {
        Value value = SampleContext.evaluate(literal, this);
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        attributes.put(name, 0, name.length, value);
    }

    /** What is to be seen of it, in the notation of the tables. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        for (int i = 0; i < attributes.size(); i++) {
            Value value = new Value();
            attributes.value(i, value);
            int from = attributes.keyFrom(i);
            shown.put(
                    new String(attributes.keyBytes(i), from, attributes.keyEnd(i) - from, StandardCharsets.UTF_8),
                    show(value));
        }
        return shown;
    }

    /** A value in the notation of the tables: as literals are written, keys of maps sorted. */
    static String show(Value value) {
        return switch (value.kind()) {
            case NIL -> "nil";
            case BOOL -> Boolean.toString(value.bool());
            case INT -> Long.toString(value.integer());
            case DOUBLE -> {
                if (!Double.isFinite(value.number())) {
                    yield Double.isNaN(value.number()) ? "NaN" : value.number() > 0 ? "+Inf" : "-Inf";
                }
                String text = Texts.of(value).replace("e+", "e").replace("e-0", "e-");
                yield text.contains(".") || text.contains("e") ? text : text + ".0";
            }
            case STRING -> quote(value.text());
            case BYTES -> "0x" + Texts.of(value);
            case LIST -> list(value);
            case MAP -> map(value);
            case TIME, DURATION -> value.toString();
        };
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
    }

    private static String list(Value value) {
        FieldCursor elements = new FieldCursor().reset(value.bytes(), value.from(), value.end());
        StringBuilder out = new StringBuilder("[");
        while (elements.next()) {
            out.append(out.length() > 1 ? ", " : "")
                    .append(show(
                            new Value().set(new ValueView().reset(value.bytes(), elements.from(), elements.end()))));
        }
        return out.append(']').toString();
    }

    private static String map(Value value) {
        AttributeCursor entries = new AttributeCursor();
        entries.reset(value.bytes(), value.from(), value.end(), Fields.VALUES);
        Map<String, String> shown = new TreeMap<>();
        while (entries.next()) {
            shown.put(entries.key(), show(new Value().set(entries.value())));
        }
        StringBuilder out = new StringBuilder("{");
        shown.forEach((k, v) -> out.append(out.length() > 1 ? ", " : "")
                .append(quote(k))
                .append(": ")
                .append(v));
        return out.append('}').toString();
    }
}
