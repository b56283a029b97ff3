package weir.launcher.cases;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;

/** What a case lets in: spans, log records, metrics. */
final class Given {
    private Given() {}

    /** The kinds of spans, numbered as in OTLP. */
    enum Kind {
        UNSPECIFIED,
        INTERNAL,
        SERVER,
        CLIENT,
        PRODUCER,
        CONSUMER
    }

    /** The status of spans, numbered as in OTLP. */
    enum Status {
        UNSET,
        OK,
        ERROR
    }

    /** The severity of log records, of which OTLP has four steps each. */
    enum Severity {
        UNSPECIFIED,
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        FATAL;

        /** The first of its steps: 1, 5, 9, ... */
        int number() {
            return this == UNSPECIFIED ? 0 : ordinal() * 4 - 3;
        }

        static Severity of(long number) {
            return values()[Math.clamp((number + 3) / 4, 0, FATAL.ordinal())];
        }
    }

    /** How the points of a metric are made. */
    enum MetricType {
        GAUGE,
        SUM,
        HISTOGRAM
    }

    /** What the points of sums and histograms count from, numbered as in OTLP. */
    enum Temporality {
        UNSPECIFIED,
        DELTA,
        CUMULATIVE
    }

    /** A span. */
    record Span(
            @Option(doc = "Its name.", required = true) String name,

            @Option(doc = "Its kind.", fallback = "internal")
            Kind kind,

            @Option(doc = "The code of its status.") Status status,

            @Option(doc = "The message of its status.") String statusMessage,

            @Option(doc = "How long it takes.", fallback = "10ms")
            Duration duration,

            @Option(doc = "When it starts, from the start of the case.")
            Duration start,

            @Option(
                    doc = "Which trace it is of: any text, the same for the spans of one trace, or 32 hex digits, which"
                            + " are the trace id then.")
            String trace,

            @Option(
                    doc = "The name or number (from 0) of its parent among the case's spans. Unset: the first span of"
                            + " its trace, which has none. An empty text: it has none.")
            @Nullable
            String parent,

            @Option(doc = "Its W3C trace state.") String traceState,

            @Option(doc = "Its attributes.") Map<String, Object> attributes,

            @Option(doc = "Its events.") List<Event> events,

            @Option(doc = "Attributes of its resource, besides the case's.")
            Map<String, Object> resource)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (duration.isNegative()) {
                complaints.error("duration", "must not be negative");
            }
        }
    }

    /** An event of a span. */
    record Event(
            @Option(doc = "Its name.", required = true) String name,

            @Option(doc = "Its attributes.") Map<String, Object> attributes) {}

    /** A log record. */
    record Log(
            @Option(doc = "Its body: a text, or any other value.") @Nullable
            Object body,

            @Option(doc = "Its severity, as number and text.", fallback = "info")
            Severity severity,

            @Option(doc = "Its event name.") String eventName,
            @Option(doc = "Its attributes.") Map<String, Object> attributes,

            @Option(doc = "Attributes of its resource, besides the case's.")
            Map<String, Object> resource) {}

    /** A metric. */
    record Metric(
            @Option(doc = "Its name.", required = true) String name,

            @Option(doc = "What its points are.") MetricType type,
            @Option(doc = "Its unit, as UCUM writes it.") String unit,
            @Option(doc = "Its description.") String description,

            @Option(doc = "Of a sum: whether it only grows.", fallback = "true")
            boolean monotonic,

            @Option(doc = "Of a sum or histogram: what its points count from.", fallback = "cumulative")
            Temporality temporality,

            @Option(doc = "Its points. Unset: one, of value 1.")
            List<Point> points,

            @Option(doc = "Attributes of its resource, besides the case's.")
            Map<String, Object> resource) {
        private static final Point ONE = new Point(1L, Map.of(), List.of(), List.of());

        List<Point> pointsOrOne() {
            return points.isEmpty() ? List.of(ONE) : points;
        }
    }

    /** A point of a metric. */
    record Point(
            @Option(doc = "Its number, whole or not; of a histogram, the sum.", fallback = "1")
            Object value,

            @Option(doc = "Its attributes.") Map<String, Object> attributes,

            @Option(doc = "Of a histogram: the upper bounds of its buckets but the last.")
            List<Double> bounds,

            @Option(doc = "Of a histogram: the counts of its buckets, one more than bounds. Unset: one observation.")
            List<Long> counts)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (!(value instanceof Number)) {
                complaints.error("value", "expected a number");
            }
            if (!counts.isEmpty() && counts.size() != bounds.size() + 1) {
                complaints.error("counts", "there must be one more than bounds: " + (bounds.size() + 1));
            }
        }

        List<Long> countsOrOne() {
            if (!counts.isEmpty()) {
                return counts;
            }
            double observed = ((Number) value).doubleValue();
            int bucket = (int) bounds.stream().filter(bound -> observed > bound).count();
            return IntStream.rangeClosed(0, bounds.size())
                    .mapToObj(i -> i == bucket ? 1L : 0L)
                    .toList();
        }
    }

    /** The number of the first that has this name, or else is this number; -1 if there is none. */
    static int find(List<String> names, String nameOrNumber) {
        int named = names.indexOf(nameOrNumber);
        if (named >= 0 || !nameOrNumber.matches("\\d{1,6}")) {
            return named;
        }
        int number = Integer.parseInt(nameOrNumber);
        return number < names.size() ? number : -1;
    }
}
