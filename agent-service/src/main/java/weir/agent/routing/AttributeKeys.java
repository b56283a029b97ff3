package weir.agent.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.otlp.AnyValueText;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueType;
import weir.otlp.ValueView;

/**
 * Keys of attributes, as the collector forms them: {@code name=value|} for each in the order of the file, {@code name=|} for one
 * that is nowhere. Each is looked for in the resource, then the scope, then the span or log record; {@code span.name}, {@code
 * span.kind}, {@code log.severity} and {@code log.body} stand for fields when no attribute is called so. Belongs to one thread.
 */
final class AttributeKeys {
    private static final byte[] EQUALS = {'='};
    private static final byte[] BAR = {'|'};
    private static final int SPAN_KIND = 6;
    private static final int LOG_SEVERITY_NUMBER = 2;
    private static final int LOG_SEVERITY_TEXT = 3;
    private static final int HEAD = 1;
    private static final List<String> KINDS =
            List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");

    private final List<String> names;
    private final byte[][] keys;
    private final Output key = new Output(128);
    private final FieldCursor fields = new FieldCursor();
    private final AttributeCursor attributes = new AttributeCursor();
    private final ValueView body = new ValueView();

    AttributeKeys(List<String> names) {
        this.names = names;
        this.keys = names.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** Where the key is that was formed last, from 0 for {@link #length}. */
    byte[] bytes() {
        return key.bytes();
    }

    int length() {
        return key.size();
    }

    /**
     * Forms the key of a span or log record.
     *
     * @param ranges begin and end of the fields of its resource (ResourceSpans, ResourceLogs), scope (ScopeSpans, ScopeLogs)
     *     and of itself
     * @param span whether it is a span
     */
    void form(byte[] b, int[] ranges, boolean span) {
        key.clear();
        for (int i = 0; i < keys.length; i++) {
            key.put(keys[i]).put(EQUALS);
            boolean found = inHead(b, ranges[0], ranges[1], Fields.RESOURCE_ATTRIBUTES, keys[i])
                    || inHead(b, ranges[2], ranges[3], Fields.SCOPE_ATTRIBUTES, keys[i])
                    || in(b, ranges[4], ranges[5], span ? Fields.SPAN_ATTRIBUTES : Fields.LOG_ATTRIBUTES, keys[i]);
            if (!found) {
                field(b, ranges[4], ranges[5], span, names.get(i));
            }
            key.put(BAR);
        }
    }

    /** Looks into the Resource or InstrumentationScope of a message. */
    private boolean inHead(byte[] b, int from, int end, int field, byte[] name) {
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(HEAD) && in(b, fields.from(), fields.end(), field, name)) {
                return true;
            }
        }
        return false;
    }

    private boolean in(byte[] b, int from, int end, int field, byte[] name) {
        if (!attributes.reset(b, from, end, field).find(name)) {
            return false;
        }
        put(attributes.value());
        return true;
    }

    private void put(ValueView value) {
        if (value.type() == ValueType.STRING) {
            key.put(value.bytes(), value.from(), value.end());
        } else {
            key.put(AnyValueText.of(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void field(byte[] b, int from, int end, boolean span, String name) {
        switch (name) {
            case "span.name" -> text(b, from, end, span, Fields.SPAN_NAME);
            case "span.kind" -> kind(b, from, end, span);
            case "log.severity" -> severity(b, from, end, span);
            case "log.body" -> body(b, from, end, span);
            default -> {}
        }
    }

    private void text(byte[] b, int from, int end, boolean wanted, int field) {
        fields.reset(b, from, end);
        while (wanted && fields.next()) {
            if (fields.isBytes(field)) {
                key.put(b, fields.from(), fields.end());
            }
        }
    }

    private void kind(byte[] b, int from, int end, boolean span) {
        long kind = number(b, from, end, SPAN_KIND);
        if (span) {
            key.put((kind >= 0 && kind < KINDS.size() ? KINDS.get((int) kind) : "").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void severity(byte[] b, int from, int end, boolean span) {
        int before = key.size();
        text(b, from, end, !span, LOG_SEVERITY_TEXT);
        if (!span && key.size() == before) {
            key.put(Long.toString(number(b, from, end, LOG_SEVERITY_NUMBER)).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void body(byte[] b, int from, int end, boolean span) {
        fields.reset(b, from, end);
        while (!span && fields.next()) {
            if (fields.isBytes(Fields.LOG_BODY)) {
                put(body.reset(b, fields.from(), fields.end()));
            }
        }
    }

    private long number(byte[] b, int from, int end, int field) {
        long number = 0;
        fields.reset(b, from, end);
        while (fields.next()) {
            number = fields.field() == field ? fields.number() : number;
        }
        return number;
    }
}
