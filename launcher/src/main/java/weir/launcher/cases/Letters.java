package weir.launcher.cases;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.launcher.cases.CasesFile.Case;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Signal;

/**
 * Writes what a case lets in as OTLP requests, one for each signal, and knows its items again when they come out: each has a
 * number, which is a span's id, and the time in nanoseconds of log records and points. No attribute tells them apart, so none
 * is there that the case has not given. Immutable.
 */
final class Letters {
    private static final long SPAN_IDS = 0x5745_4952_0000_0000L;
    /** Before the present, so that what is made meanwhile has another time than any item. */
    private static final Duration AGO = Duration.ofSeconds(10);

    private final Case given;
    private final long startNanos;

    /** @param nowNanos since the epoch */
    Letters(Case given, long nowNanos) {
        this.given = given;
        this.startNanos = nowNanos - nowNanos % 1_000_000 - AGO.toNanos();
    }

    /** The number of the item of this span id; -1 if it is none. */
    int ofSpanId(long id) {
        return number(id - SPAN_IDS);
    }

    /** The number of the item of this time; -1 if it is none. */
    int ofTime(long unixNanos) {
        return number(unixNanos - startNanos);
    }

    private int number(long difference) {
        return difference >= 0 && difference < given.items().size() ? (int) difference : -1;
    }

    /** The requests, in the order of their items. */
    List<Batch> requests() {
        List<Batch> all = new ArrayList<>();
        int first = 0;
        if (!given.spans().isEmpty()) {
            Grouped groups = new Grouped();
            for (int i = 0; i < given.spans().size(); i++) {
                groups.of(given.spans().get(i).resource()).add(span(i));
            }
            all.add(groups.request(Signal.TRACES, given.spans().size()));
            first += given.spans().size();
        }
        if (!given.logs().isEmpty()) {
            Grouped groups = new Grouped();
            for (int i = 0; i < given.logs().size(); i++) {
                groups.of(given.logs().get(i).resource()).add(log(given.logs().get(i), startNanos + first + i));
            }
            all.add(groups.request(Signal.LOGS, given.logs().size()));
            first += given.logs().size();
        }
        if (!given.metrics().isEmpty()) {
            Grouped groups = new Grouped();
            int points = 0;
            for (Given.Metric metric : given.metrics()) {
                groups.of(metric.resource()).add(metric(metric, startNanos + first + points));
                points += metric.pointsOrOne().size();
            }
            all.add(groups.request(Signal.METRICS, points));
        }
        return all;
    }

    /** Encoded items by the resource that they are of. */
    private final class Grouped {
        private final Map<Map<String, Object>, List<byte[]>> byResource = new LinkedHashMap<>();

        List<byte[]> of(Map<String, Object> ofItem) {
            Map<String, Object> whole = new LinkedHashMap<>(given.resource());
            whole.putAll(ofItem);
            return byResource.computeIfAbsent(whole, k -> new ArrayList<>());
        }

        /** In all signals, a request has resources in field 1, those have scopes in field 2, and those have items in field 2. */
        Batch request(Signal signal, int items) {
            Output out = new Output(1024);
            byResource.forEach((resource, encoded) -> {
                int part = out.begin(1);
                int described = out.begin(1);
                attributes(out, Fields.RESOURCE_ATTRIBUTES, resource);
                out.end(described);
                int scope = out.begin(2);
                encoded.forEach(item -> out.field(2, item));
                out.end(scope);
                out.end(part);
            });
            return Batch.of(signal, out.toByteArray(), items);
        }
    }

    private byte[] span(int i) {
        Given.Span span = given.spans().get(i);
        long start = startNanos + span.start().toNanos();
        Output out = new Output(256)
                .field(1, HexFormat.of().parseHex(traceId(given, span)))
                .field(2, bytes(SPAN_IDS + i));
        if (!span.traceState().isEmpty()) {
            out.field(Fields.SPAN_TRACE_STATE, span.traceState());
        }
        int parent = parent(i);
        if (parent >= 0) {
            out.field(4, bytes(SPAN_IDS + parent));
        }
        out.field(Fields.SPAN_NAME, span.name())
                .varint(6, span.kind().ordinal())
                .fixed64(7, start)
                .fixed64(8, start + span.duration().toNanos());
        attributes(out, Fields.SPAN_ATTRIBUTES, span.attributes());
        for (Given.Event event : span.events()) {
            int mark = out.begin(Fields.SPAN_EVENTS);
            out.fixed64(1, start).field(Fields.EVENT_NAME, event.name());
            attributes(out, Fields.EVENT_ATTRIBUTES, event.attributes());
            out.end(mark);
        }
        if (span.status() != Given.Status.UNSET || !span.statusMessage().isEmpty()) {
            int mark = out.begin(15);
            out.field(2, span.statusMessage()).varint(3, span.status().ordinal());
            out.end(mark);
        }
        return out.toByteArray();
    }

    /** As 32 hex digits: the one that the file gives, or one made of the names of case and trace. */
    static String traceId(Case of, Given.Span span) {
        if (span.trace().matches("[0-9a-fA-F]{32}")) {
            return span.trace();
        }
        String text = of.name() + '\0' + span.trace();
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private int parent(int i) {
        Given.Span span = given.spans().get(i);
        String parent = span.parent();
        if (parent != null) {
            return parent.isEmpty() ? -1 : Given.find(given.spanNames(), parent);
        }
        String trace = traceId(given, span);
        for (int first = 0; first < i; first++) {
            if (traceId(given, given.spans().get(first)).equals(trace)) {
                return first;
            }
        }
        return -1;
    }

    private static byte[] log(Given.Log log, long nanos) {
        Output out = new Output(256).fixed64(1, nanos);
        if (log.severity() != Given.Severity.UNSPECIFIED) {
            out.varint(2, log.severity().number()).field(3, log.severity().name());
        }
        int body = out.begin(Fields.LOG_BODY);
        value(out, log.body());
        out.end(body);
        attributes(out, Fields.LOG_ATTRIBUTES, log.attributes());
        out.fixed64(11, nanos);
        if (!log.eventName().isEmpty()) {
            out.field(12, log.eventName());
        }
        return out.toByteArray();
    }

    private static byte[] metric(Given.Metric metric, long firstNanos) {
        Output out = new Output(256)
                .field(Fields.METRIC_NAME, metric.name())
                .field(Fields.METRIC_DESCRIPTION, metric.description())
                .field(Fields.METRIC_UNIT, metric.unit());
        int data = out.begin(
                switch (metric.type()) {
                    case GAUGE -> Fields.METRIC_GAUGE;
                    case SUM -> Fields.METRIC_SUM;
                    case HISTOGRAM -> Fields.METRIC_HISTOGRAM;
                });
        long nanos = firstNanos;
        for (Given.Point point : metric.pointsOrOne()) {
            int mark = out.begin(1);
            out.fixed64(2, nanos - AGO.toNanos()).fixed64(3, nanos);
            if (metric.type() == Given.MetricType.HISTOGRAM) {
                histogram(out, point);
            } else {
                number(out, point);
            }
            out.end(mark);
            nanos++;
        }
        if (metric.type() != Given.MetricType.GAUGE) {
            out.varint(2, metric.temporality().ordinal());
        }
        if (metric.type() == Given.MetricType.SUM) {
            out.varint(3, metric.monotonic() ? 1 : 0);
        }
        return out.end(data).toByteArray();
    }

    private static void number(Output out, Given.Point point) {
        attributes(out, Fields.NUMBER_POINT_ATTRIBUTES, point.attributes());
        if (point.value() instanceof Long whole) {
            out.fixed64(6, whole);
        } else {
            out.number(4, ((Number) point.value()).doubleValue());
        }
    }

    private static void histogram(Output out, Given.Point point) {
        List<Long> counts = point.countsOrOne();
        out.fixed64(4, counts.stream().mapToLong(Long::longValue).sum())
                .number(5, ((Number) point.value()).doubleValue());
        out.field(6, packed(counts));
        out.field(
                7,
                packed(point.bounds().stream().map(Double::doubleToRawLongBits).toList()));
        attributes(out, Fields.HISTOGRAM_POINT_ATTRIBUTES, point.attributes());
    }

    private static byte[] packed(List<Long> eightBytes) {
        ByteBuffer packed = ByteBuffer.allocate(Long.BYTES * eightBytes.size()).order(ByteOrder.LITTLE_ENDIAN);
        eightBytes.forEach(packed::putLong);
        return packed.array();
    }

    private static void attributes(Output out, int field, Map<String, Object> attributes) {
        attributes.forEach((key, value) -> {
            int mark = out.begin(field);
            out.field(1, key);
            int of = out.begin(2);
            value(out, value);
            out.end(of);
            out.end(mark);
        });
    }

    /** The fields of an AnyValue. */
    private static void value(Output out, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case String text -> out.field(1, text);
            case Boolean flag -> out.varint(2, flag ? 1 : 0);
            case Long whole -> out.varint(3, whole);
            case Double real -> out.number(4, real);
            case List<?> items -> {
                int mark = out.begin(5);
                for (Object item : items) {
                    int one = out.begin(Fields.VALUES);
                    value(out, item);
                    out.end(one);
                }
                out.end(mark);
            }
            case Map<?, ?> entries -> {
                int mark = out.begin(6);
                Map<String, Object> named = new LinkedHashMap<>();
                entries.forEach((key, v) -> named.put(String.valueOf(key), v));
                attributes(out, Fields.VALUES, named);
                out.end(mark);
            }
            default -> throw new IllegalStateException("no value of a file is a " + value.getClass());
        }
    }

    private static byte[] bytes(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }
}
