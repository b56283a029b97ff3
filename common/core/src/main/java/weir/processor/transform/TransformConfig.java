package weir.processor.transform;

import java.util.ArrayList;
import java.util.List;
import weir.config.Checked;
import weir.config.Option;
import weir.otlp.Signal;
import weir.ottl.ErrorMode;
import weir.ottl.context.Sources;

/** The options of {@code transform}, the collector's. */
public record TransformConfig(
        @Option(
                doc =
                        "What becomes of a statement that cannot be done to an item: ignore logs it and goes on with the next one,"
                                + " silent does not log it, propagate refuses the request.",
                fallback = "ignore",
                live = true)
        ErrorMode errorMode,

        @Option(
                doc =
                        "What is done to resources, scopes, spans and span events: texts, whose paths name what they are about, or"
                                + " groups.",
                live = true)
        List<StatementGroup> traceStatements,

        @Option(doc = "The same of resources, scopes, metrics and data points.", live = true)
        List<StatementGroup> metricStatements,

        @Option(doc = "The same of resources, scopes and log records.", live = true)
        List<StatementGroup> logStatements)
        implements Checked {
    /**
     * Statements of one context, or of the one that their paths name.
     *
     * @param conditionOptions where each condition stands in the file
     * @param statementOptions where each statement stands
     */
    record Source(
            String context,
            ErrorMode mode,
            List<String> conditions,
            List<String> conditionOptions,
            List<String> statements,
            List<String> statementOptions) {}

    /** What a signal's pipelines do, in the file's order. Texts that stand alone are one group. */
    List<Source> sources(Signal signal) {
        return switch (signal) {
            case TRACES -> sources("trace_statements", traceStatements);
            case METRICS -> sources("metric_statements", metricStatements);
            case LOGS -> sources("log_statements", logStatements);
        };
    }

    private List<Source> sources(String option, List<StatementGroup> groups) {
        List<Source> sources = new ArrayList<>();
        if (groups.stream().anyMatch(StatementGroup::isText)) {
            List<String> texts =
                    groups.stream().flatMap(g -> g.statements().stream()).toList();
            sources.add(new Source("", errorMode, List.of(), List.of(), texts, Sources.elements(option, texts.size())));
            return sources;
        }
        for (int i = 0; i < groups.size(); i++) {
            StatementGroup group = groups.get(i);
            String path = option + "[" + i + "]";
            sources.add(new Source(
                    group.context(),
                    group.errorMode() == null ? errorMode : group.errorMode(),
                    group.conditions(),
                    Sources.elements(path + ".conditions", group.conditions().size()),
                    group.statements(),
                    Sources.elements(path + ".statements", group.statements().size())));
        }
        return sources;
    }

    @Override
    public void check(Complaints complaints) {
        check("trace_statements", traceStatements, Signal.TRACES, complaints);
        check("metric_statements", metricStatements, Signal.METRICS, complaints);
        check("log_statements", logStatements, Signal.LOGS, complaints);
    }

    private void check(String option, List<StatementGroup> groups, Signal signal, Complaints complaints) {
        if (whole(option, groups, complaints)) {
            TransformSteps.check(sources(signal), signal, complaints);
        }
    }

    private static boolean whole(String option, List<StatementGroup> groups, Complaints complaints) {
        long texts = groups.stream().filter(StatementGroup::isText).count();
        if (texts > 0 && texts < groups.size()) {
            complaints.error(option, "has both texts and groups; write all of them one way");
            return false;
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).statements().isEmpty()) {
                complaints.error(option + "[" + i + "]", "has no statements");
                return false;
            }
        }
        return true;
    }
}
