package weir.selection;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.match.Expressions;
import weir.otlp.Signal;

/** Which items are meant, as the collector's {@code include} and {@code exclude} say it: all that is named must match. */
public record MatchProperties(
        @Option(
                doc = "strict: texts must be equal. regexp: a regular expression (RE2) must be found in them.",
                required = true)
        MatchType matchType,

        @Option(doc = "Accepted for the collector's sake; expressions are compiled once and need no cache.") @Nullable
        RegexpConfig regexp,

        @Option(doc = "Of spans: service.name of the resource is one of these.")
        List<String> services,

        @Option(doc = "Of spans: the name is one of these.") List<String> spanNames,

        @Option(
                doc = "Of spans: the kind is one of these: SPAN_KIND_INTERNAL, SPAN_KIND_SERVER, SPAN_KIND_CLIENT,"
                        + " SPAN_KIND_PRODUCER, SPAN_KIND_CONSUMER.")
        List<String> spanKinds,

        @Option(doc = "Of log records: the body, as text, is one of these.")
        List<String> logBodies,

        @Option(doc = "Of log records: the severity's text is one of these.")
        List<String> logSeverityTexts,

        @Option(doc = "Of log records: how severe they are.") @Nullable
        Severity logSeverityNumber,

        @Option(doc = "Of data points: the name of the metric is one of these.")
        List<String> metricNames,

        @Option(doc = "Of spans and log records: all of these attributes are there, with these values.")
        List<Attribute> attributes,

        @Option(doc = "Of spans and log records: all of these attributes of the resource are there, with these values.")
        List<Attribute> resources,

        @Option(doc = "Of spans and log records: the instrumentation scope is all of these.")
        List<Library> libraries)
        implements Checked {
    /** How texts are compared. */
    public enum MatchType {
        STRICT,
        REGEXP
    }

    /** The options of the collector's cache of what matched. */
    public record RegexpConfig(
            @Option(doc = "Has no effect.") boolean cacheenabled,

            @Option(doc = "Has no effect.") int cachemaxnumentries) {}

    /** An attribute that must be there. */
    public record Attribute(
            @Option(doc = "Its name.", required = true) String key,

            @Option(doc = "Its value: text, a number, true or false; with regexp an expression. Absent: any.") @Nullable
            Object value) {}

    /** An instrumentation scope. */
    public record Library(
            @Option(doc = "Its name.", required = true) String name,

            @Option(doc = "Its version. Absent: any.") @Nullable
            String version) {}

    /** How severe log records are. */
    public record Severity(
            @Option(doc = "The least number: 1 for TRACE, 5 DEBUG, 9 INFO, 13 WARN, 17 ERROR, 21 FATAL.")
            int min,

            @Option(doc = "Whether those without a number match.")
            boolean matchUndefined) {}

    private static final List<String> KINDS = List.of(
            "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER");

    @Override
    public void check(Complaints complaints) {
        if (regexp != null) {
            complaints.warning("regexp", "has no effect: expressions are compiled once");
        }
        checkAttributes(complaints, matchType, "attributes", attributes);
        checkAttributes(complaints, matchType, "resources", resources);
        checkTexts(complaints, matchType, "services", services);
        checkTexts(complaints, matchType, "span_names", spanNames);
        checkTexts(complaints, matchType, "span_kinds", spanKinds);
        checkTexts(complaints, matchType, "log_bodies", logBodies);
        checkTexts(complaints, matchType, "log_severity_texts", logSeverityTexts);
        checkTexts(complaints, matchType, "metric_names", metricNames);
        libraries.forEach(l -> checkTexts(
                complaints,
                matchType,
                "libraries",
                l.version() == null ? List.of(l.name()) : List.of(l.name(), l.version())));
        if (matchType == MatchType.STRICT) {
            spanKinds.stream()
                    .filter(kind -> !KINDS.contains(kind))
                    .forEach(kind -> complaints.error("span_kinds", "\"" + kind + "\" is not one of " + KINDS));
        }
    }

    /** Reports attributes of an option that cannot be asked for. */
    public static void checkAttributes(
            Complaints complaints, MatchType type, String option, List<Attribute> attributes) {
        for (Attribute attribute : attributes) {
            if (attribute.key().isEmpty()) {
                complaints.error(option, "key must be given");
            }
            if (attribute.value() instanceof String text) {
                checkTexts(complaints, type, option, List.of(text));
            } else if (attribute.value() != null && type == MatchType.REGEXP) {
                complaints.error(option, "the value of " + attribute.key() + " must be a text for match_type regexp");
            } else if (attribute.value() instanceof List || attribute.value() instanceof java.util.Map) {
                complaints.error(option, "the value of " + attribute.key() + " must be text, a number, true or false");
            }
        }
    }

    /** Reports texts of an option that are no regular expressions, if they have to be some. */
    public static void checkTexts(Complaints complaints, MatchType type, String option, List<String> texts) {
        for (String text : type == MatchType.REGEXP ? texts : List.<String>of()) {
            try {
                Expressions.compile(text);
            } catch (PatternSyntaxException e) {
                complaints.error(option, "\"" + text + "\" is no regular expression: " + e.getDescription());
            }
        }
    }

    /** Of log records, what can be asked of these. */
    public static MatchProperties ofLogs(
            MatchType type,
            List<String> bodies,
            List<String> severityTexts,
            @Nullable Severity severity,
            List<Attribute> attributes,
            List<Attribute> resources) {
        List<String> none = List.of();
        return new MatchProperties(
                type, null, none, none, none, bodies, severityTexts, severity, none, attributes, resources, List.of());
    }

    /** Of metrics, names and resources. */
    public static MatchProperties ofMetrics(MatchType type, List<String> names, List<Attribute> resources) {
        List<String> none = List.of();
        return new MatchProperties(
                type, null, none, none, none, none, none, null, names, List.of(), resources, List.of());
    }

    /** What is named that says nothing about a signal, or that nothing is; empty if it can be used for it. */
    public String unusable(Signal signal) {
        List<String> named = new ArrayList<>();
        name(named, "services", !services.isEmpty(), signal == Signal.TRACES);
        name(named, "span_names", !spanNames.isEmpty(), signal == Signal.TRACES);
        name(named, "span_kinds", !spanKinds.isEmpty(), signal == Signal.TRACES);
        name(named, "log_bodies", !logBodies.isEmpty(), signal == Signal.LOGS);
        name(named, "log_severity_texts", !logSeverityTexts.isEmpty(), signal == Signal.LOGS);
        name(named, "log_severity_number", logSeverityNumber != null, signal == Signal.LOGS);
        name(named, "attributes", !attributes.isEmpty(), signal != Signal.METRICS);
        name(named, "resources", !resources.isEmpty(), signal != Signal.METRICS);
        name(named, "libraries", !libraries.isEmpty(), signal != Signal.METRICS);
        if (!named.isEmpty()) {
            return String.join(", ", named) + " cannot be asked of " + signal.label();
        }
        // The collector's samples have one configuration for all signals with metric_names in it.
        boolean empty = signal == Signal.METRICS
                ? metricNames.isEmpty()
                : services.isEmpty()
                        && spanNames.isEmpty()
                        && spanKinds.isEmpty()
                        && logBodies.isEmpty()
                        && logSeverityTexts.isEmpty()
                        && logSeverityNumber == null
                        && attributes.isEmpty()
                        && resources.isEmpty()
                        && libraries.isEmpty();
        return empty ? "nothing is named that can be asked of " + signal.label() : "";
    }

    private static void name(List<String> named, String option, boolean given, boolean asked) {
        if (given && !asked) {
            named.add(option);
        }
    }
}
