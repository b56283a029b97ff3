package weir.exporter.debug;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import weir.otlp.AnyValueText;
import weir.otlp.Signal;

/** Everything about a request, one thing per line. */
final class DetailedText {
    private static final List<String> KINDS =
            List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
    private static final List<String> STATUSES = List.of("Unset", "Ok", "Error");
    private static final Map<Integer, String> VALUES =
            Map.of(1, "Str", 2, "Bool", 3, "Int", 4, "Double", 5, "Slice", 6, "Map", 7, "Bytes");
    private static final Map<Integer, String> METRICS =
            Map.of(5, "Gauge", 7, "Sum", 9, "Histogram", 10, "ExponentialHistogram", 11, "Summary");
    private static final List<String> TEMPORALITIES = List.of("Unspecified", "Delta", "Cumulative");

    private final StringBuilder out;

    DetailedText(StringBuilder out) {
        this.out = out;
    }

    void resource(Signal signal, int number, Message resource, BooleanSupplier hasRoom) {
        String kind = switch (signal) {
            case TRACES -> "Spans";
            case METRICS -> "Metrics";
            case LOGS -> "Log";
        };
        line("Resource%s #%d".formatted(kind, number));
        line("Resource SchemaURL: %s".formatted(resource.text(3)));
        attributes("Resource attributes:", "     ", resource.message(1), 1);
        List<Message> scopes = resource.messages(2);
        for (int s = 0; s < scopes.size(); s++) {
            Message scope = scopes.get(s).message(1);
            line("Scope%s #%d".formatted(kind, s));
            line("Scope%s SchemaURL: %s".formatted(kind, scopes.get(s).text(3)));
            line("InstrumentationScope %s %s".formatted(scope.text(1), scope.text(2)));
            attributes("InstrumentationScope attributes:", "     ", scope, 3);
            List<Message> items = scopes.get(s).messages(2);
            for (int i = 0; i < items.size() && hasRoom.getAsBoolean(); i++) {
                switch (signal) {
                    case TRACES -> span(i, items.get(i));
                    case METRICS -> metric(i, items.get(i));
                    case LOGS -> logRecord(i, items.get(i));
                }
            }
        }
    }

    private void span(int number, Message span) {
        Message status = span.message(15);
        line("Span #%d".formatted(number));
        line("    Trace ID       : %s".formatted(span.hex(1)));
        line("    Parent ID      : %s".formatted(span.hex(4)));
        line("    ID             : %s".formatted(span.hex(2)));
        line("    Name           : %s".formatted(span.text(5)));
        line("    Kind           : %s".formatted(word(KINDS, span.number(6))));
        if (span.has(3)) {
            line("    TraceState     : %s".formatted(span.text(3)));
        }
        line("    Start time     : %s".formatted(time(span.number(7))));
        line("    End time       : %s".formatted(time(span.number(8))));
        line("    Status code    : %s".formatted(word(STATUSES, status.number(3))));
        line("    Status message : %s".formatted(status.text(2)));
        attributes("Attributes:", "     ", span, 9);
        List<Message> events = span.messages(11);
        if (!events.isEmpty()) {
            line("Events:");
        }
        for (int i = 0; i < events.size(); i++) {
            line("SpanEvent #%d".formatted(i));
            line("     -> Name: %s".formatted(events.get(i).text(2)));
            line("     -> Timestamp: %s".formatted(time(events.get(i).number(1))));
            line("     -> DroppedAttributesCount: %d".formatted(events.get(i).number(4)));
            attributes("     -> Attributes::", "          ", events.get(i), 3);
        }
        List<Message> links = span.messages(13);
        if (!links.isEmpty()) {
            line("Links:");
        }
        for (int i = 0; i < links.size(); i++) {
            line("SpanLink #%d".formatted(i));
            line("     -> Trace ID: %s".formatted(links.get(i).hex(1)));
            line("     -> ID: %s".formatted(links.get(i).hex(2)));
            line("     -> TraceState: %s".formatted(links.get(i).text(3)));
            line("     -> DroppedAttributesCount: %d".formatted(links.get(i).number(5)));
            attributes("     -> Attributes::", "          ", links.get(i), 4);
        }
    }

    private void metric(int number, Message metric) {
        line("Metric #%d".formatted(number));
        line("Descriptor:");
        line("     -> Name: %s".formatted(metric.text(1)));
        line("     -> Description: %s".formatted(metric.text(2)));
        line("     -> Unit: %s".formatted(metric.text(3)));
        int type = METRICS.keySet().stream().filter(metric::has).findFirst().orElse(0);
        line("     -> DataType: %s".formatted(METRICS.getOrDefault(type, "Empty")));
        Message data = metric.message(type);
        if (type == 7) {
            line("     -> IsMonotonic: %s".formatted(data.number(3) != 0));
        }
        if (type == 7 || type == 9 || type == 10) {
            line("     -> AggregationTemporality: %s".formatted(word(TEMPORALITIES, data.number(2))));
        }
        List<Message> points = data.messages(1);
        for (int i = 0; i < points.size(); i++) {
            Message point = points.get(i);
            line("%sDataPoints #%d".formatted(type == 5 || type == 7 ? "Number" : METRICS.getOrDefault(type, ""), i));
            attributes("Data point attributes:", "     ", point, type == 10 ? 1 : type == 9 ? 9 : 7);
            line("StartTimestamp: %s".formatted(time(point.number(2))));
            line("Timestamp: %s".formatted(time(point.number(3))));
            values(type, point);
        }
    }

    private void values(int type, Message point) {
        if (type == 5 || type == 7) {
            line("Value: %s".formatted(MetricLines.number(point)));
            return;
        }
        line("Count: %d".formatted(point.number(4)));
        if (point.has(5)) {
            line("Sum: %s".formatted(MetricLines.real(point.real(5))));
        }
        if (type == 9) {
            List<Long> bounds = point.fixed64s(7);
            for (int i = 0; i < bounds.size(); i++) {
                line("ExplicitBounds #%d: %s".formatted(i, MetricLines.real(Double.longBitsToDouble(bounds.get(i)))));
            }
            List<Long> counts = point.fixed64s(6);
            for (int i = 0; i < counts.size(); i++) {
                line("Buckets #%d, Count: %d".formatted(i, counts.get(i)));
            }
        }
        List<Message> quantiles = type == 11 ? point.messages(6) : List.of();
        for (int i = 0; i < quantiles.size(); i++) {
            Message quantile = quantiles.get(i);
            line("QuantileValue #%d: Quantile %s, Value %s"
                    .formatted(i, MetricLines.real(quantile.real(1)), MetricLines.real(quantile.real(2))));
        }
    }

    private void logRecord(int number, Message log) {
        line("LogRecord #%d".formatted(number));
        line("ObservedTimestamp: %s".formatted(time(log.number(11))));
        line("Timestamp: %s".formatted(time(log.number(1))));
        line("SeverityText: %s".formatted(log.text(3)));
        line("SeverityNumber: %d".formatted(log.number(2)));
        if (log.has(12)) {
            line("EventName: %s".formatted(log.text(12)));
        }
        line("Body: %s".formatted(value(log.message(5))));
        attributes("Attributes:", "     ", log, 6);
        line("Trace ID: %s".formatted(log.hex(9)));
        line("Span ID: %s".formatted(log.hex(10)));
        line("Flags: %d".formatted(log.number(8)));
    }

    private void attributes(String title, String indent, Message of, int field) {
        List<Message> attributes = of.messages(field);
        if (attributes.isEmpty()) {
            return;
        }
        line(title);
        for (Message attribute : attributes) {
            line("%s-> %s: %s".formatted(indent, attribute.text(1), value(attribute.message(2))));
        }
    }

    private static String value(Message value) {
        for (Map.Entry<Integer, String> type : VALUES.entrySet()) {
            if (value.has(type.getKey())) {
                return type.getValue() + "(" + AnyValueText.of(value.bytes(), value.from(), value.end()) + ")";
            }
        }
        return "Empty()";
    }

    private static String word(List<String> words, long number) {
        return number < 0 || number >= words.size() ? Long.toString(number) : words.get((int) number);
    }

    private static String time(long unixNanos) {
        return Instant.ofEpochSecond(
                        Long.divideUnsigned(unixNanos, 1_000_000_000), Long.remainderUnsigned(unixNanos, 1_000_000_000))
                .toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
