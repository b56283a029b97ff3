package weir.processor.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.otlp.Signal;
import weir.ottl.ErrorMode;
import weir.selection.MatchProperties;
import weir.selection.MatchProperties.RegexpConfig;

/** The options of {@code filter}, the collector's. */
public record FilterConfig(
        @Option(
                doc =
                        "What becomes of a condition that cannot be evaluated for an item: ignore logs it and takes it for not met,"
                                + " silent does not log it, propagate refuses the request.",
                fallback = "ignore",
                live = true)
        ErrorMode errorMode,

        @Option(
                doc =
                        "Conditions of which a resource, scope, span or span event that meets one is dropped: texts, whose paths"
                                + " name what they are about, or groups.",
                live = true)
        List<ConditionGroup> traceConditions,

        @Option(doc = "The same of resources, scopes, metrics and data points.", live = true)
        List<ConditionGroup> metricConditions,

        @Option(doc = "The same of resources, scopes and log records.", live = true)
        List<ConditionGroup> logConditions,

        @Option(doc = "The former way to write trace_conditions.", live = true)
        Traces traces,

        @Option(doc = "The way before that: which spans stay.")
        Spans spans,

        @Option(doc = "The former way to write metric_conditions.", live = true)
        Metrics metrics,

        @Option(doc = "The former way to write log_conditions.", live = true)
        Logs logs)
        implements Checked {
    /** Which spans stay: those that include means and exclude does not. */
    public record Spans(
            @Option(doc = "Only what matches stays.") @Nullable
            MatchProperties include,

            @Option(doc = "What matches is dropped.") @Nullable
            MatchProperties exclude) {}

    /** Conditions by what they are about. */
    public record Traces(
            @Option(doc = "Conditions of resources.", live = true)
            List<String> resource,

            @Option(doc = "Conditions of spans.", live = true)
            List<String> span,

            @Option(doc = "Conditions of span events.", live = true)
            List<String> spanevent) {}

    /** Conditions by what they are about. */
    public record Metrics(
            @Option(doc = "Conditions of resources.", live = true)
            List<String> resource,

            @Option(doc = "Conditions of metrics.", live = true)
            List<String> metric,

            @Option(doc = "Conditions of data points.", live = true)
            List<String> datapoint,

            @Option(doc = "The way before that: only metrics that match stay.") @Nullable
            MetricProperties include,

            @Option(doc = "The way before that: metrics that match are dropped, also all of a resource that matches.")
            @Nullable
            MetricProperties exclude,

            @Option(doc = "Accepted for the collector's sake, which does not look at it either.") @Nullable
            RegexpConfig regexp) {
        boolean hasConditions() {
            return !resource.isEmpty() || !metric.isEmpty() || !datapoint.isEmpty();
        }
    }

    /** Conditions by what they are about. */
    public record Logs(
            @Option(doc = "Conditions of resources.", live = true)
            List<String> resource,

            @Option(doc = "Conditions of log records.", live = true)
            List<String> logRecord,

            @Option(doc = "The way before that: only log records that match stay.") @Nullable
            LogProperties include,

            @Option(doc = "The way before that: log records that match are dropped.") @Nullable
            LogProperties exclude) {
        boolean hasConditions() {
            return !resource.isEmpty() || !logRecord.isEmpty();
        }
    }

    /**
     * Conditions of one context, or of those that their paths name.
     *
     * @param options where they stand in the file
     */
    record Source(String context, ErrorMode mode, List<String> conditions, List<String> options) {}

    /** What a signal's pipelines do, outer before inner where the file does not say the order. */
    List<Source> sources(Signal signal) {
        List<Source> sources = new ArrayList<>();
        switch (signal) {
            case TRACES -> {
                groups("trace_conditions", traceConditions, sources);
                legacy("traces.resource", "resource", traces.resource, sources);
                legacy("traces.span", "span", traces.span, sources);
                legacy("traces.spanevent", "spanevent", traces.spanevent, sources);
            }
            case METRICS -> {
                groups("metric_conditions", metricConditions, sources);
                legacy("metrics.resource", "resource", metrics.resource, sources);
                legacy("metrics.metric", "metric", metrics.metric, sources);
                legacy("metrics.datapoint", "datapoint", metrics.datapoint, sources);
            }
            case LOGS -> {
                groups("log_conditions", logConditions, sources);
                legacy("logs.resource", "resource", logs.resource, sources);
                legacy("logs.log_record", "log", logs.logRecord, sources);
            }
        }
        return sources;
    }

    private void groups(String option, List<ConditionGroup> groups, List<Source> sources) {
        for (int i = 0; i < groups.size(); i++) {
            ConditionGroup group = groups.get(i);
            String path = option + "[" + i + "]";
            ErrorMode mode = group.errorMode() == null ? errorMode : group.errorMode();
            for (int k = 0; k < group.conditions().size(); k++) {
                sources.add(new Source(
                        group.isText() ? "" : group.context(),
                        mode,
                        List.of(group.conditions().get(k)),
                        List.of(group.isText() ? path : path + ".conditions[" + k + "]")));
            }
        }
    }

    private void legacy(String option, String context, List<String> conditions, List<Source> sources) {
        for (int i = 0; i < conditions.size(); i++) {
            sources.add(new Source(context, errorMode, List.of(conditions.get(i)), List.of(option + "[" + i + "]")));
        }
    }

    /** What include and exclude leave of a signal. */
    Selection selection(Signal signal) {
        List<MatchProperties> wanted = new ArrayList<>();
        List<MatchProperties> unwanted = new ArrayList<>();
        switch (signal) {
            case TRACES -> {
                Stream.ofNullable(spans.include).forEach(wanted::add);
                Stream.ofNullable(spans.exclude).forEach(unwanted::add);
            }
            case METRICS -> {
                Stream.ofNullable(metrics.include).forEach(m -> wanted.addAll(m.properties()));
                Stream.ofNullable(metrics.exclude).forEach(m -> unwanted.addAll(m.properties()));
            }
            case LOGS -> {
                Stream.ofNullable(logs.include).filter(l -> !l.isEmpty()).forEach(l -> wanted.add(l.properties()));
                Stream.ofNullable(logs.exclude).filter(l -> !l.isEmpty()).forEach(l -> unwanted.add(l.properties()));
            }
        }
        return new Selection(signal, wanted, unwanted);
    }

    @Override
    public void check(Complaints complaints) {
        boolean hasTraces = !traces.equals(new Traces(List.of(), List.of(), List.of()));
        both("trace_conditions", traceConditions, "traces", hasTraces, complaints);
        both("metric_conditions", metricConditions, "metrics", metrics.hasConditions(), complaints);
        both("log_conditions", logConditions, "logs", logs.hasConditions(), complaints);
        selected("spans", hasTraces, "trace_conditions", traceConditions, spans.include, spans.exclude, complaints);
        selected(
                "metrics",
                metrics.hasConditions(),
                "metric_conditions",
                metricConditions,
                metrics.include,
                metrics.exclude,
                complaints);
        selected("logs", logs.hasConditions(), "log_conditions", logConditions, logs.include, logs.exclude, complaints);
        usable("spans.include", spans.include, complaints);
        usable("spans.exclude", spans.exclude, complaints);
        if (metrics.regexp != null) {
            complaints.warning("metrics.regexp", "has no effect");
        }
        for (Signal signal : Signal.values()) {
            FilterSteps.check(sources(signal), signal, complaints);
        }
    }

    private static void usable(String option, @Nullable MatchProperties properties, Complaints complaints) {
        String why = properties == null ? "" : properties.unusable(Signal.TRACES);
        if (!why.isEmpty()) {
            complaints.error(option, why);
        }
        if (properties != null && !properties.metricNames().isEmpty()) {
            complaints.error(option, "metric_names cannot be asked of spans");
        }
    }

    private static void selected(
            String section,
            boolean hasFormer,
            String option,
            List<ConditionGroup> groups,
            @Nullable Object include,
            @Nullable Object exclude,
            Complaints complaints) {
        if ((include != null || exclude != null) && (hasFormer || !groups.isEmpty())) {
            complaints.error(
                    section + (include == null ? ".exclude" : ".include"),
                    "cannot stand beside conditions; write all of it as " + option);
        }
    }

    private static void both(
            String option, List<ConditionGroup> groups, String former, boolean hasFormer, Complaints complaints) {
        if (!groups.isEmpty() && hasFormer) {
            complaints.error(former, "cannot stand beside " + option + ", which is the newer way to write the same");
        }
        long texts = groups.stream().filter(ConditionGroup::isText).count();
        if (texts > 0 && texts < groups.size()) {
            complaints.error(option, "has both texts and groups; write all of them one way");
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).conditions().isEmpty()) {
                complaints.error(option + "[" + i + "]", "has no conditions");
            }
        }
    }
}
