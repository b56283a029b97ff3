package weir.exporter.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import weir.otlp.AnyValueText;

/** Data points as one line each: name, attributes in braces, value or counts. */
final class MetricLines {
    private static final List<String> EXTREMES = List.of("min", "max");

    private MetricLines() {}

    static List<String> of(Message metric) {
        List<String> lines = new ArrayList<>();
        String name = metric.text(1);
        for (int type : new int[] {5, 7}) {
            for (Message point : metric.message(type).messages(1)) {
                lines.add(name + braces(point, 7) + " " + number(point));
            }
        }
        for (Message point : metric.message(9).messages(1)) {
            lines.add(name + braces(point, 9) + count(point, 4) + sum(point, 5) + extremes(point, 11) + buckets(point));
        }
        for (Message point : metric.message(10).messages(1)) {
            lines.add(name + braces(point, 1) + count(point, 4) + sum(point, 5) + extremes(point, 12));
        }
        for (Message point : metric.message(11).messages(1)) {
            lines.add(name + braces(point, 7) + count(point, 4) + sum(point, 5) + quantiles(point));
        }
        return lines;
    }

    static String number(Message point) {
        return point.has(6) ? Long.toString(point.number(6)) : real(point.real(4));
    }

    static String real(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String braces(Message point, int field) {
        return AnyValueText.attributes(point.bytes(), point.from(), point.end(), field).entrySet().stream()
                .map(a -> a.getKey() + "=" + a.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String count(Message point, int field) {
        return " count=" + point.number(field);
    }

    private static String sum(Message point, int field) {
        return point.has(field) ? " sum=" + real(point.real(field)) : "";
    }

    /** @param field of the smallest; the one of the greatest follows */
    private static String extremes(Message point, int field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            if (point.has(field + i)) {
                text.append(' ').append(EXTREMES.get(i)).append('=').append(real(point.real(field + i)));
            }
        }
        return text.toString();
    }

    private static String buckets(Message point) {
        List<Long> counts = point.fixed64s(6);
        List<Long> bounds = point.fixed64s(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts.size(); i++) {
            String bound = i < bounds.size() ? real(Double.longBitsToDouble(bounds.get(i))) : "+Inf";
            text.append(" le").append(bound).append('=').append(counts.get(i));
        }
        return text.toString();
    }

    private static String quantiles(Message point) {
        return point.messages(6).stream()
                .map(q -> " q" + real(q.real(1)) + "=" + real(q.real(2)))
                .collect(Collectors.joining());
    }
}
