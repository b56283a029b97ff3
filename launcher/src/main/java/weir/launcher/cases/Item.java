package weir.launcher.cases;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.otlp.ValueView;

/**
 * A span, log record or point as it was seen at some place of a pipeline. Values are those that a file has: texts, booleans,
 * whole and other numbers, lists, maps.
 *
 * @param number of the item that it is, among those of the case; -1 if it was made by a component
 * @param name of the span, or of the point's metric; of a log record its event name
 * @param fields kind, status, body, value and so on, by the names that expectations have
 */
record Item(
        Signal signal,
        int number,
        String name,
        Map<String, @Nullable Object> attributes,
        Map<String, @Nullable Object> resource,
        Map<String, @Nullable Object> fields) {
    /** All items of a batch. */
    static List<Item> of(Batch batch, Letters letters) {
        List<Item> items = new ArrayList<>();
        for (Message part : new Message(batch.bytes(), batch.offset(), batch.end()).messages(1)) {
            Map<String, @Nullable Object> resource = part.message(1).attributes(Fields.RESOURCE_ATTRIBUTES);
            for (Message scope : part.messages(2)) {
                for (Message item : scope.messages(2)) {
                    switch (batch.signal()) {
                        case TRACES -> items.add(span(item, resource, letters));
                        case LOGS -> items.add(log(item, resource, letters));
                        case METRICS -> points(item, resource, letters, items);
                    }
                }
            }
        }
        return items;
    }

    private static Item span(Message span, Map<String, @Nullable Object> resource, Letters letters) {
        Message status = span.message(15);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", word(Given.Kind.values(), span.number(6)));
        fields.put("status", word(Given.Status.values(), status.number(3)));
        fields.put("status_message", status.text(2));
        return new Item(
                Signal.TRACES,
                letters.ofSpanId(span.bigEndian(2)),
                span.text(Fields.SPAN_NAME),
                span.attributes(Fields.SPAN_ATTRIBUTES),
                resource,
                fields);
    }

    private static Item log(Message log, Map<String, @Nullable Object> resource, Letters letters) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("severity", word(Given.Severity.of(log.number(2))));
        fields.put("body", log.message(Fields.LOG_BODY).value());
        int byObserved = letters.ofTime(log.number(11));
        return new Item(
                Signal.LOGS,
                byObserved >= 0 ? byObserved : letters.ofTime(log.number(1)),
                log.text(12),
                log.attributes(Fields.LOG_ATTRIBUTES),
                resource,
                fields);
    }

    private static void points(
            Message metric, Map<String, @Nullable Object> resource, Letters letters, List<Item> items) {
        for (int type : new int[] {
            Fields.METRIC_GAUGE,
            Fields.METRIC_SUM,
            Fields.METRIC_HISTOGRAM,
            Fields.METRIC_EXPONENTIAL_HISTOGRAM,
            Fields.METRIC_SUMMARY
        }) {
            for (Message point : metric.message(type).messages(1)) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                fields.put("unit", metric.text(Fields.METRIC_UNIT));
                boolean single = type == Fields.METRIC_GAUGE || type == Fields.METRIC_SUM;
                fields.put(
                        "value",
                        !single || point.has(6)
                                ? (Object) point.number(single ? 6 : 4)
                                : (Object) Double.longBitsToDouble(point.number(4)));
                items.add(new Item(
                        Signal.METRICS,
                        letters.ofTime(point.number(3)),
                        metric.text(Fields.METRIC_NAME),
                        point.attributes(attributesOf(type)),
                        resource,
                        fields));
            }
        }
    }

    private static int attributesOf(int type) {
        return switch (type) {
            case Fields.METRIC_HISTOGRAM -> Fields.HISTOGRAM_POINT_ATTRIBUTES;
            case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> Fields.EXPONENTIAL_POINT_ATTRIBUTES;
            case Fields.METRIC_SUMMARY -> Fields.SUMMARY_POINT_ATTRIBUTES;
            default -> Fields.NUMBER_POINT_ATTRIBUTES;
        };
    }

    private static String word(Enum<?>[] words, long number) {
        return number >= 0 && number < words.length ? word(words[(int) number]) : Long.toString(number);
    }

    /** As a file has it. */
    static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** A message of a batch; every question walks it again. */
    private record Message(byte[] bytes, int from, int end) {
        private FieldCursor walk() {
            return new FieldCursor().reset(bytes, from, end);
        }

        List<Message> messages(int field) {
            List<Message> found = new ArrayList<>();
            for (FieldCursor fields = walk(); fields.next(); ) {
                if (fields.isBytes(field)) {
                    found.add(new Message(bytes, fields.from(), fields.end()));
                }
            }
            return found;
        }

        /** The last message of a field, an empty one if there is none. */
        Message message(int field) {
            List<Message> found = messages(field);
            return found.isEmpty() ? new Message(bytes, end, end) : found.getLast();
        }

        boolean has(int field) {
            for (FieldCursor fields = walk(); fields.next(); ) {
                if (fields.field() == field) {
                    return true;
                }
            }
            return false;
        }

        long number(int field) {
            long number = 0;
            for (FieldCursor fields = walk(); fields.next(); ) {
                if (fields.field() == field && !fields.isBytes(field)) {
                    number = fields.number();
                }
            }
            return number;
        }

        String text(int field) {
            Message text = message(field);
            return new String(bytes, text.from, text.end - text.from, StandardCharsets.UTF_8);
        }

        long bigEndian(int field) {
            Message id = message(field);
            long number = 0;
            for (int i = id.from; i < id.end; i++) {
                number = number << 8 | (bytes[i] & 0xff);
            }
            return number;
        }

        Map<String, @Nullable Object> attributes(int field) {
            return entries(new AttributeCursor().reset(bytes, from, end, field));
        }

        @Nullable
        Object value() {
            return any(new ValueView().reset(bytes, from, end));
        }

        private static Map<String, @Nullable Object> entries(AttributeCursor cursor) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            while (cursor.next()) {
                entries.put(cursor.key(), any(cursor.value()));
            }
            return entries;
        }

        private static @Nullable Object any(ValueView value) {
            return switch (value.type()) {
                case EMPTY -> null;
                case STRING -> value.stringValue();
                case BOOL -> value.booleanValue();
                case INT -> value.longValue();
                case DOUBLE -> value.doubleValue();
                case BYTES ->
                    Base64.getEncoder().encodeToString(Arrays.copyOfRange(value.bytes(), value.from(), value.end()));
                case KEY_VALUES -> entries(new AttributeCursor().reset(value));
                case ARRAY ->
                    new Message(value.bytes(), value.from(), value.end())
                            .messages(Fields.VALUES).stream()
                                    .map(Message::value)
                                    .toList();
            };
        }
    }
}
