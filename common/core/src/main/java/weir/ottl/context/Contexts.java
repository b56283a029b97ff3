package weir.ottl.context;

import static weir.ottl.context.IntegerField.Form.CHECKED_FIXED32;
import static weir.ottl.context.IntegerField.Form.FIXED32;
import static weir.ottl.context.IntegerField.Form.FIXED64;
import static weir.ottl.context.IntegerField.Form.INT32;
import static weir.ottl.context.IntegerField.Form.SINT32;
import static weir.ottl.context.IntegerField.Form.UINT32;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.ottl.function.Function;

/** The kinds of item that statements can be about. */
public final class Contexts {
    public static final ItemContext RESOURCE;
    public static final ItemContext SCOPE;
    public static final ItemContext SPAN;
    public static final ItemContext SPAN_EVENT;
    public static final ItemContext LOG;
    public static final ItemContext METRIC;
    public static final ItemContext DATA_POINT;

    private static final String INSTRUMENTATION_SCOPE = "instrumentation_scope";

    static {
        PathTable resource = resource();
        PathTable scope = scope();
        PathTable span = span();
        PathTable metric = metric();
        Set<Signal> all = EnumSet.allOf(Signal.class);
        RESOURCE = context("resource", Level.RESOURCE, all, tables("resource", cached(resource())), Map.of());
        SCOPE = context(
                "scope",
                Level.SCOPE,
                all,
                tables("scope", cached(scope()), INSTRUMENTATION_SCOPE, scope, "resource", resource),
                Map.of());
        SPAN = context(
                        "span",
                        Level.ITEM,
                        Set.of(Signal.TRACES),
                        tables(
                                "span",
                                cached(span()),
                                "scope",
                                scope,
                                INSTRUMENTATION_SCOPE,
                                scope,
                                "resource",
                                resource),
                        spanEnums())
                .with(List.of(isRootSpan()));
        SPAN_EVENT = context(
                "spanevent",
                Level.PART,
                Set.of(Signal.TRACES),
                tables(
                        "spanevent",
                        cached(spanEvent()),
                        "span",
                        span,
                        "scope",
                        scope,
                        INSTRUMENTATION_SCOPE,
                        scope,
                        "resource",
                        resource),
                spanEnums());
        LOG = context(
                "log",
                Level.ITEM,
                Set.of(Signal.LOGS),
                tables("log", cached(log()), "scope", scope, INSTRUMENTATION_SCOPE, scope, "resource", resource),
                logEnums());
        METRIC = context(
                "metric",
                Level.ITEM,
                Set.of(Signal.METRICS),
                tables("metric", cached(metric()), "scope", scope, INSTRUMENTATION_SCOPE, scope, "resource", resource),
                metricEnums());
        Map<String, Long> pointEnums = new LinkedHashMap<>(metricEnums());
        pointEnums.put("FLAG_NONE", 0L);
        pointEnums.put("FLAG_NO_RECORDED_VALUE", 1L);
        DATA_POINT = context(
                "datapoint",
                Level.PART,
                Set.of(Signal.METRICS),
                tables(
                        "datapoint",
                        cached(dataPoint()),
                        "metric",
                        metric,
                        "scope",
                        scope,
                        INSTRUMENTATION_SCOPE,
                        scope,
                        "resource",
                        resource),
                pointEnums);
    }

    private Contexts() {}

    /** The contexts of a signal, outer first. */
    public static List<ItemContext> of(Signal signal) {
        return switch (signal) {
            case TRACES -> List.of(RESOURCE, SCOPE, SPAN, SPAN_EVENT);
            case METRICS -> List.of(RESOURCE, SCOPE, METRIC, DATA_POINT);
            case LOGS -> List.of(RESOURCE, SCOPE, LOG);
        };
    }

    /** Whether a span has no parent. */
    private static Function<Item> isRootSpan() {
        return new Function.Converter<>("IsRootSpan", List.of(), _ -> (item, into) -> {
            IdField.PARENT.get(item, into);
            boolean none = true;
            for (int i = into.from(); i < into.end(); i++) {
                none &= into.bytes()[i] == 0;
            }
            into.set(none);
        });
    }

    /**
     * The same, with functions that some of them have besides.
     *
     * @param more by the names of contexts
     */
    public static List<ItemContext> of(Signal signal, Map<String, List<Function<Item>>> more) {
        return of(signal).stream()
                .map(c -> c.with(more.getOrDefault(c.name(), List.of())))
                .toList();
    }

    private static ItemContext context(
            String name, Level level, Set<Signal> signals, Map<String, PathTable> tables, Map<String, Long> enums) {
        return new ItemContext(name, level, signals, tables, Collections.unmodifiableMap(enums), List.of());
    }

    private static Map<String, PathTable> tables(Object... namesAndTables) {
        Map<String, PathTable> tables = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTables.length; i += 2) {
            tables.put((String) namesAndTables[i], (PathTable) namesAndTables[i + 1]);
        }
        return Collections.unmodifiableMap(tables);
    }

    private static PathTable cached(PathTable table) {
        return table.keyed("cache", keys -> keys.isEmpty() ? new Cache() : new CacheEntry(keys));
    }

    private static PathTable resource() {
        return new PathTable()
                .attributes("attributes", Place.RESOURCE)
                .plain("dropped_attributes_count", new IntegerField(Place.RESOURCE, 2, UINT32))
                .plain("schema_url", new SchemaUrl(Item::resourceLookedAt));
    }

    private static PathTable scope() {
        return new PathTable()
                .plain("name", new TextField(Place.SCOPE, 1))
                .plain("version", new TextField(Place.SCOPE, 2))
                .attributes("attributes", Place.SCOPE)
                .plain("dropped_attributes_count", new IntegerField(Place.SCOPE, 4, UINT32))
                .plain("schema_url", new SchemaUrl(Item::scopeLookedAt));
    }

    private static PathTable span() {
        Place span = Place.MESSAGE;
        FieldNumber status = FieldNumber.always(15);
        return new PathTable()
                .id("trace_id", span, 1, 16)
                .id("span_id", span, 2, 8)
                .id("parent_span_id", span, IdField.PARENT.field(), 8)
                .keyed(
                        "trace_state",
                        keys -> keys.isEmpty()
                                ? new TextField(span, Fields.SPAN_TRACE_STATE)
                                : TraceStateEntry.of(keys))
                .plain("name", new TextField(span, Fields.SPAN_NAME))
                .plain("kind", new IntegerField(span, 6, INT32))
                .plain("kind.string", SpanKind.asWord())
                .plain("kind.deprecated_string", SpanKind.asConstant())
                .time("start_time", span, 7)
                .time("end_time", span, 8)
                .attributes("attributes", span)
                .plain("dropped_attributes_count", new IntegerField(span, 10, UINT32))
                .plain("events", new Elements(span, FieldNumber.always(Fields.SPAN_EVENTS)))
                .plain("dropped_events_count", new IntegerField(span, 12, UINT32))
                .plain("links", new Elements(span, FieldNumber.always(Fields.SPAN_LINKS)))
                .plain("dropped_links_count", new IntegerField(span, 14, UINT32))
                .fresh(
                        "status.code",
                        () -> new InnerField(span, status, "status", new IntegerField(Place.MESSAGE, 3, INT32)))
                .fresh("status.message", () -> new InnerField(span, status, "status", new TextField(Place.MESSAGE, 2)))
                .plain("flags", new IntegerField(span, 16, CHECKED_FIXED32));
    }

    private static PathTable spanEvent() {
        return new PathTable()
                .plain("name", new TextField(Place.PART, Fields.EVENT_NAME))
                .time("time", Place.PART, 1)
                .attributes("attributes", Place.PART)
                .plain("dropped_attributes_count", new IntegerField(Place.PART, 4, UINT32))
                .plain("event_index", new EventIndex());
    }

    private static PathTable log() {
        Place log = Place.MESSAGE;
        return new PathTable()
                .keyed("body", Body::new)
                .plain("body.string", new Body.Text())
                .plain("severity_number", new IntegerField(log, 2, INT32))
                .plain("severity_text", new TextField(log, 3))
                .time("time", log, 1)
                .time("observed_time", log, 11)
                .attributes("attributes", log)
                .plain("dropped_attributes_count", new IntegerField(log, 7, UINT32))
                .plain("flags", new IntegerField(log, 8, FIXED32))
                .id("trace_id", log, 9, 16)
                .id("span_id", log, 10, 8)
                .plain("event_name", new TextField(log, 12));
    }

    private static PathTable metric() {
        Place metric = Place.MESSAGE;
        return new PathTable()
                .plain("name", new TextField(metric, Fields.METRIC_NAME))
                .plain("description", new TextField(metric, Fields.METRIC_DESCRIPTION))
                .plain("unit", new TextField(metric, Fields.METRIC_UNIT))
                .plain("type", MetricData.TYPE)
                .attributes("metadata", metric)
                .plain("aggregation_temporality", MetricData.AGGREGATION_TEMPORALITY)
                .plain("is_monotonic", MetricData.IS_MONOTONIC)
                .plain("data_points", new Elements(Item::data, item -> item.dataField() == 0 ? 0 : 1));
    }

    private static PathTable dataPoint() {
        Place point = Place.PART;
        PathTable table = new PathTable()
                .attributes("attributes", point)
                .time("start_time", point, 2)
                .time("time", point, 3)
                .plain("value_double", new PointValue(true))
                .plain("value_int", new PointValue(false))
                .plain("exemplars", new Elements(point, PointField.EXEMPLARS))
                .plain("flags", new IntegerField(point, PointField.FLAGS, UINT32, "flags"))
                .plain("count", new IntegerField(point, PointField.COUNT, FIXED64, "count"))
                .plain("sum", new DoubleField(point, PointField.SUM, "sum"))
                .plain(
                        "bucket_counts",
                        new Numbers(point, PointField.BUCKET_COUNTS, Numbers.Form.FIXED64, "bucket_counts"))
                .plain(
                        "explicit_bounds",
                        new Numbers(point, PointField.EXPLICIT_BOUNDS, Numbers.Form.DOUBLE, "explicit_bounds"))
                .plain("scale", new IntegerField(point, PointField.SCALE, SINT32, "scale"))
                .plain("zero_count", new IntegerField(point, PointField.ZERO_COUNT, FIXED64, "zero_count"))
                .plain("quantile_values", new Elements(point, PointField.QUANTILE_VALUES));
        return buckets("negative", PointField.NEGATIVE, buckets("positive", PointField.POSITIVE, table));
    }

    private static PathTable buckets(String name, PointField field, PathTable table) {
        FieldNumber counts = FieldNumber.always(2);
        return table.fresh(
                        name + ".offset",
                        () -> new InnerField(Place.PART, field, name, new IntegerField(Place.MESSAGE, 1, SINT32)))
                .fresh(
                        name + ".bucket_counts",
                        () -> new InnerField(
                                Place.PART,
                                field,
                                name,
                                new Numbers(Place.MESSAGE, counts, Numbers.Form.VARINT, name + ".bucket_counts")));
    }

    private static Map<String, Long> spanEnums() {
        return enums(
                List.of("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"),
                List.of("STATUS_CODE_", "UNSET", "OK", "ERROR"));
    }

    private static Map<String, Long> metricEnums() {
        return enums(
                List.of("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE"),
                List.of("METRIC_DATA_TYPE_", "NONE", "GAUGE", "SUM", "HISTOGRAM", "EXPONENTIAL_HISTOGRAM", "SUMMARY"));
    }

    private static Map<String, Long> logEnums() {
        Map<String, Long> enums = new LinkedHashMap<>();
        String prefix = "SEVERITY_NUMBER_";
        enums.put(prefix + "UNSPECIFIED", 0L);
        long number = 1;
        for (String severity : List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")) {
            for (String suffix : List.of("", "2", "3", "4")) {
                enums.put(prefix + severity + suffix, number++);
            }
        }
        return enums;
    }

    /** @param groups each a prefix and names, which stand for 0, 1, 2 ... */
    @SafeVarargs
    private static Map<String, Long> enums(List<String>... groups) {
        Map<String, Long> enums = new LinkedHashMap<>();
        for (List<String> group : groups) {
            for (int i = 1; i < group.size(); i++) {
                enums.put(group.getFirst() + group.get(i), i - 1L);
            }
        }
        return enums;
    }
}
