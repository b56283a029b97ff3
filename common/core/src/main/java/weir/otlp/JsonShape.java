package weir.otlp;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OTLP schema by the names that fields have in JSON: for each message its fields' numbers and kinds. Each field is known by
 * its lowerCamelCase name and by the original one, as protobuf's JSON mapping demands.
 *
 * <p>Source: opentelemetry-proto 1.9, and the OTLP specification on JSON (ids are hexadecimal).
 */
final class JsonShape {
    enum Kind {
        TEXT,
        /** 16 bytes in hexadecimal. */
        TRACE_ID,
        /** 8 bytes in hexadecimal. */
        SPAN_ID,
        BASE64,
        BOOL,
        ENUM,
        UINT32,
        SINT32,
        FIXED32,
        INT64,
        UINT64,
        FIXED64,
        SFIXED64,
        DOUBLE,
        MESSAGE
    }

    /** @param names of an enum's values, without what they all begin with */
    record Field(
            int number,
            Kind kind,
            boolean repeated,
            @Nullable JsonShape message,
            Map<String, Integer> names) {}

    private static final Map<String, Integer> SPAN_KINDS =
            names("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
    private static final Map<String, Integer> STATUS_CODES = names("STATUS_CODE_", "UNSET", "OK", "ERROR");
    private static final Map<String, Integer> TEMPORALITIES =
            names("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");
    private static final Map<String, Integer> SEVERITIES = severities();

    static final JsonShape TRACES = new JsonShape();
    static final JsonShape METRICS = new JsonShape();
    static final JsonShape LOGS = new JsonShape();

    private final Map<String, Field> fields = new HashMap<>();

    static {
        JsonShape value = new JsonShape();
        JsonShape keyValue = new JsonShape().text("key", 1).message("value", 2, value);
        value.text("string_value", 1)
                .scalar("bool_value", 2, Kind.BOOL)
                .scalar("int_value", 3, Kind.INT64)
                .scalar("double_value", 4, Kind.DOUBLE)
                .message("array_value", 5, new JsonShape().repeated("values", 1, value))
                .message("kvlist_value", 6, new JsonShape().repeated("values", 1, keyValue))
                .scalar("bytes_value", 7, Kind.BASE64);
        JsonShape entity = new JsonShape()
                .text("schema_url", 1)
                .text("type", 2)
                .scalars("id_keys", 3, Kind.TEXT)
                .scalars("description_keys", 4, Kind.TEXT);
        JsonShape resource = new JsonShape()
                .repeated("attributes", 1, keyValue)
                .scalar("dropped_attributes_count", 2, Kind.UINT32)
                .repeated("entity_refs", 3, entity);
        JsonShape scope = new JsonShape()
                .text("name", 1)
                .text("version", 2)
                .repeated("attributes", 3, keyValue)
                .scalar("dropped_attributes_count", 4, Kind.UINT32);
        TRACES.request("spans", resource, scope, "spans", span(keyValue));
        METRICS.request("metrics", resource, scope, "metrics", metric(keyValue));
        LOGS.request("logs", resource, scope, "log_records", logRecord(keyValue, value));
    }

    private static JsonShape span(JsonShape keyValue) {
        JsonShape event = new JsonShape()
                .scalar("time_unix_nano", 1, Kind.FIXED64)
                .text("name", 2)
                .repeated("attributes", 3, keyValue)
                .scalar("dropped_attributes_count", 4, Kind.UINT32);
        JsonShape link = new JsonShape()
                .scalar("trace_id", 1, Kind.TRACE_ID)
                .scalar("span_id", 2, Kind.SPAN_ID)
                .text("trace_state", 3)
                .repeated("attributes", 4, keyValue)
                .scalar("dropped_attributes_count", 5, Kind.UINT32)
                .scalar("flags", 6, Kind.FIXED32);
        return new JsonShape()
                .scalar("trace_id", 1, Kind.TRACE_ID)
                .scalar("span_id", 2, Kind.SPAN_ID)
                .text("trace_state", 3)
                .scalar("parent_span_id", 4, Kind.SPAN_ID)
                .text("name", 5)
                .named("kind", 6, SPAN_KINDS)
                .scalar("start_time_unix_nano", 7, Kind.FIXED64)
                .scalar("end_time_unix_nano", 8, Kind.FIXED64)
                .repeated("attributes", 9, keyValue)
                .scalar("dropped_attributes_count", 10, Kind.UINT32)
                .repeated("events", 11, event)
                .scalar("dropped_events_count", 12, Kind.UINT32)
                .repeated("links", 13, link)
                .scalar("dropped_links_count", 14, Kind.UINT32)
                .message("status", 15, new JsonShape().text("message", 2).named("code", 3, STATUS_CODES))
                .scalar("flags", 16, Kind.FIXED32);
    }

    private static JsonShape logRecord(JsonShape keyValue, JsonShape value) {
        return new JsonShape()
                .scalar("time_unix_nano", 1, Kind.FIXED64)
                .named("severity_number", 2, SEVERITIES)
                .text("severity_text", 3)
                .message("body", 5, value)
                .repeated("attributes", 6, keyValue)
                .scalar("dropped_attributes_count", 7, Kind.UINT32)
                .scalar("flags", 8, Kind.FIXED32)
                .scalar("trace_id", 9, Kind.TRACE_ID)
                .scalar("span_id", 10, Kind.SPAN_ID)
                .scalar("observed_time_unix_nano", 11, Kind.FIXED64)
                .text("event_name", 12);
    }

    private static JsonShape metric(JsonShape keyValue) {
        JsonShape exemplar = new JsonShape()
                .scalar("time_unix_nano", 2, Kind.FIXED64)
                .scalar("as_double", 3, Kind.DOUBLE)
                .scalar("span_id", 4, Kind.SPAN_ID)
                .scalar("trace_id", 5, Kind.TRACE_ID)
                .scalar("as_int", 6, Kind.SFIXED64)
                .repeated("filtered_attributes", 7, keyValue);
        JsonShape number = times().scalar("as_double", 4, Kind.DOUBLE)
                .repeated("exemplars", 5, exemplar)
                .scalar("as_int", 6, Kind.SFIXED64)
                .repeated("attributes", 7, keyValue)
                .scalar("flags", 8, Kind.UINT32);
        JsonShape histogram = distribution()
                .scalars("bucket_counts", 6, Kind.FIXED64)
                .scalars("explicit_bounds", 7, Kind.DOUBLE)
                .repeated("exemplars", 8, exemplar)
                .repeated("attributes", 9, keyValue)
                .scalar("flags", 10, Kind.UINT32)
                .scalar("min", 11, Kind.DOUBLE)
                .scalar("max", 12, Kind.DOUBLE);
        JsonShape buckets = new JsonShape().scalar("offset", 1, Kind.SINT32).scalars("bucket_counts", 2, Kind.UINT64);
        JsonShape exponential = distribution()
                .repeated("attributes", 1, keyValue)
                .scalar("scale", 6, Kind.SINT32)
                .scalar("zero_count", 7, Kind.FIXED64)
                .message("positive", 8, buckets)
                .message("negative", 9, buckets)
                .scalar("flags", 10, Kind.UINT32)
                .repeated("exemplars", 11, exemplar)
                .scalar("min", 12, Kind.DOUBLE)
                .scalar("max", 13, Kind.DOUBLE)
                .scalar("zero_threshold", 14, Kind.DOUBLE);
        JsonShape quantile = new JsonShape().scalar("quantile", 1, Kind.DOUBLE).scalar("value", 2, Kind.DOUBLE);
        JsonShape summary = distribution()
                .repeated("quantile_values", 6, quantile)
                .repeated("attributes", 7, keyValue)
                .scalar("flags", 8, Kind.UINT32);
        return new JsonShape()
                .text("name", 1)
                .text("description", 2)
                .text("unit", 3)
                .message("gauge", 5, points(number))
                .message(
                        "sum",
                        7,
                        points(number)
                                .named("aggregation_temporality", 2, TEMPORALITIES)
                                .scalar("is_monotonic", 3, Kind.BOOL))
                .message("histogram", 9, points(histogram).named("aggregation_temporality", 2, TEMPORALITIES))
                .message(
                        "exponential_histogram",
                        10,
                        points(exponential).named("aggregation_temporality", 2, TEMPORALITIES))
                .message("summary", 11, points(summary))
                .repeated("metadata", 12, keyValue);
    }

    private static JsonShape points(JsonShape point) {
        return new JsonShape().repeated("data_points", 1, point);
    }

    private static JsonShape times() {
        return new JsonShape()
                .scalar("start_time_unix_nano", 2, Kind.FIXED64)
                .scalar("time_unix_nano", 3, Kind.FIXED64);
    }

    private static JsonShape distribution() {
        return times().scalar("count", 4, Kind.FIXED64).scalar("sum", 5, Kind.DOUBLE);
    }

    static JsonShape of(Signal signal) {
        return switch (signal) {
            case TRACES -> TRACES;
            case METRICS -> METRICS;
            case LOGS -> LOGS;
        };
    }

    /** The field of this name, or null if there is none. */
    @Nullable
    Field field(String name) {
        return fields.get(name);
    }

    private void request(String kind, JsonShape resource, JsonShape scope, String items, JsonShape item) {
        JsonShape scopes = new JsonShape()
                .message("scope", 1, scope)
                .repeated(items, 2, item)
                .text("schema_url", 3);
        JsonShape resources = new JsonShape()
                .message("resource", 1, resource)
                .repeated("scope_" + kind, 2, scopes)
                .text("schema_url", 3);
        repeated("resource_" + kind, 1, resources);
    }

    private JsonShape text(String name, int number) {
        return scalar(name, number, Kind.TEXT);
    }

    private JsonShape scalar(String name, int number, Kind kind) {
        return add(name, new Field(number, kind, false, null, Map.of()));
    }

    private JsonShape scalars(String name, int number, Kind kind) {
        return add(name, new Field(number, kind, true, null, Map.of()));
    }

    private JsonShape named(String name, int number, Map<String, Integer> names) {
        return add(name, new Field(number, Kind.ENUM, false, null, names));
    }

    private JsonShape message(String name, int number, JsonShape shape) {
        return add(name, new Field(number, Kind.MESSAGE, false, shape, Map.of()));
    }

    private JsonShape repeated(String name, int number, JsonShape shape) {
        return add(name, new Field(number, Kind.MESSAGE, true, shape, Map.of()));
    }

    private JsonShape add(String name, Field field) {
        fields.put(name, field);
        fields.put(camelCase(name), field);
        return this;
    }

    private static String camelCase(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : name.split("_")) {
            out.append(out.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return out.toString();
    }

    private static Map<String, Integer> names(String prefix, String... names) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            numbers.put(prefix + names[i], i);
        }
        return Map.copyOf(numbers);
    }

    /** SEVERITY_NUMBER_TRACE is 1, SEVERITY_NUMBER_TRACE2 is 2, and so on to SEVERITY_NUMBER_FATAL4. */
    private static Map<String, Integer> severities() {
        Map<String, Integer> numbers = new HashMap<>();
        numbers.put("SEVERITY_NUMBER_UNSPECIFIED", 0);
        for (String name : new String[] {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}) {
            for (int i = 1; i <= 4; i++) {
                numbers.put("SEVERITY_NUMBER_" + name + (i == 1 ? "" : i), numbers.size());
            }
        }
        return Map.copyOf(numbers);
    }
}
