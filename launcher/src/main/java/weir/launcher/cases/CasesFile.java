package weir.launcher.cases;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;

/** A file of cases. */
record CasesFile(
        @Option(
                doc = "The pipeline file that the cases enter, relative to this file. Unset: the one that is built into"
                        + " the service.")
        @Nullable
        String pipelines,

        @Option(doc = "The service that runs the pipeline file. Unset: the one that it fits, or the gateway.") @Nullable
        Service service,

        @Option(doc = "What `${env:NAME}` stands for in the pipeline file, ahead of the environment.")
        Map<String, String> environment,

        @Option(doc = "What is tried, each by itself: no case knows of another.", required = true)
        List<Case> cases)
        implements Checked {

    /** The services that have pipelines. */
    enum Service {
        GATEWAY,
        AGENT
    }

    @Override
    public void check(Complaints complaints) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < cases.size(); i++) {
            String name = cases.get(i).name();
            if (!names.add(name)) {
                complaints.error("cases[" + i + "].name", "another case has the name '" + name + "'");
            }
        }
        if (cases.isEmpty()) {
            complaints.error("cases", "there is no case");
        }
    }

    /** One case: what enters, and what is to become of it. */
    record Case(
            @Option(doc = "What is said by it, in a few words; unique in the file.", required = true)
            String name,

            @Option(
                    doc = "The pipeline that everything enters. Unset: for each signal, the pipelines that have a"
                            + " receiver which is no connector.")
            @Nullable
            String enters,

            @Option(doc = "Attributes of the resource of all that enters.")
            Map<String, Object> resource,

            @Option(doc = "The spans that enter, in one request. They are one trace unless `trace` tells them apart.")
            List<Given.Span> spans,

            @Option(doc = "The log records that enter, in one request.")
            List<Given.Log> logs,

            @Option(doc = "The metrics that enter, in one request.")
            List<Given.Metric> metrics,

            @Option(
                    doc = "The lot that is drawn wherever chance decides, 0 to 100: a `sampling_percentage` above it"
                            + " keeps, one at or below it does not. 100: only what is always kept.",
                    fallback = "100")
            double draw,

            @Option(
                    doc = "What is to become of it: one entry for all, or one for each of the spans, then log records,"
                            + " then points of metrics, in their order; or entries that say `of` which they are.")
            List<Expectation> expect,

            @Option(doc = "What must come out besides, made by connectors: each entry fits one thing or more.")
            List<Made> makes)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            int items = items().size();
            if (items == 0) {
                complaints.error("", "nothing enters: the case has no spans, logs or metrics");
            }
            if (expect.isEmpty() && makes.isEmpty()) {
                complaints.error("", "the case expects nothing: write expect, or makes");
            }
            long placed = expect.stream().filter(e -> e.of() == null).count();
            if (placed > 1 && placed != items) {
                complaints.error(
                        "expect",
                        "there are " + placed + " entries for " + items
                                + " items: write one for all, one for each, or `of` in them");
            }
            if (draw < 0 || draw > 100) {
                complaints.error("draw", "must be from 0 to 100");
            }
            checkNames(complaints);
        }

        private void checkNames(Complaints complaints) {
            for (int i = 0; i < spans.size(); i++) {
                String parent = spans.get(i).parent();
                if (parent != null && !parent.isEmpty() && Given.find(spanNames(), parent) < 0) {
                    complaints.error(
                            "spans[" + i + "].parent",
                            "no span has the name or the number '" + parent + "'; numbers count from 0");
                }
            }
            for (int i = 0; i < expect.size(); i++) {
                String of = expect.get(i).of();
                if (of != null && Given.find(items(), of) < 0) {
                    complaints.error(
                            "expect[" + i + "].of",
                            "nothing that enters has the name or the number '" + of + "'; there are "
                                    + String.join(", ", items()));
                }
            }
        }

        List<String> spanNames() {
            return spans.stream().map(Given.Span::name).toList();
        }

        /** The names of all items, in the order of their numbers: of spans, log records (their bodies), points. */
        List<String> items() {
            List<String> names = new ArrayList<>(spanNames());
            logs.forEach(log -> names.add(String.valueOf(log.body())));
            metrics.forEach(metric -> metric.pointsOrOne().forEach(p -> names.add(metric.name())));
            return names;
        }
    }

    /** What is to become of an item. */
    record Expectation(
            @Option(
                    doc =
                            "Which items it is about: the name of spans or metrics, the body of log records, or a number from 0.")
            @Nullable
            String of,

            @Option(
                    doc = "Which component does not pass it on, or which policy of type drop has it dropped; `true`:"
                            + " any. Without `reaches`, it must reach no exporter at all.")
            @Nullable
            String dropped,

            @Option(doc = "Which policy of tail_sampling keeps it; `true`: it reaches an exporter.") @Nullable
            String kept,

            @Option(doc = "The exporters that it reaches, no more and no less.") @Nullable
            List<String> reaches,

            @Option(doc = "Attributes that it has at the end, among others.")
            Map<String, Object> attributes,

            @Option(doc = "Attributes that it does not have at the end.")
            List<String> without,

            @Option(doc = "Attributes that its resource has at the end, among others.")
            Map<String, Object> resource,

            @Option(doc = "Attributes that its resource does not have at the end.")
            List<String> resourceWithout,

            @Option(doc = "Its name at the end: of a span, or of a point's metric.") @Nullable
            String name,

            @Option(doc = "A span's kind at the end.") Given.@Nullable Kind kind,
            @Option(doc = "A span's status at the end.") Given.@Nullable Status status,

            @Option(doc = "The message of a span's status at the end.") @Nullable
            String statusMessage,

            @Option(doc = "A log record's severity at the end.")
            Given.@Nullable Severity severity,

            @Option(doc = "A log record's body at the end.") @Nullable
            Object body,

            @Option(doc = "The unit of a point's metric at the end.") @Nullable
            String unit,

            @Option(doc = "A point's number at the end; of a histogram, its count.") @Nullable
            Object value)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            boolean goes = dropped != null && !dropped.equals("false");
            if (goes && kept != null && !kept.equals("false")) {
                complaints.error("kept", "dropped and kept contradict each other");
            }
            if (goes && reaches == null && looksInside()) {
                complaints.error("dropped", "what is dropped has nothing at the end that could be compared");
            }
            if (of == null && dropped == null && kept == null && reaches == null && !looksInside()) {
                complaints.error("", "this expects nothing");
            }
        }

        private boolean looksInside() {
            return !attributes.isEmpty()
                    || !without.isEmpty()
                    || !resource.isEmpty()
                    || !resourceWithout.isEmpty()
                    || name != null
                    || kind != null
                    || status != null
                    || statusMessage != null
                    || severity != null
                    || body != null
                    || unit != null
                    || value != null;
        }
    }

    /** What a connector is to make. */
    record Made(
            @Option(doc = "Its name: of a span, or of a point's metric.", required = true)
            String name,

            @Option(doc = "Attributes that it has, among others.")
            Map<String, Object> attributes,

            @Option(doc = "Attributes that it does not have.")
            List<String> without,

            @Option(doc = "Attributes that its resource has, among others.")
            Map<String, Object> resource,

            @Option(doc = "A point's number; of a histogram, its count.") @Nullable
            Object value,

            @Option(doc = "The unit of a point's metric.") @Nullable
            String unit,

            @Option(doc = "An exporter that it reaches. Unset: any.") @Nullable
            String reaches) {}
}
