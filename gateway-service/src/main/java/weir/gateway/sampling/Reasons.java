package weir.gateway.sampling;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Says in a few words why a policy would keep a trace or not, with the values that it looked at. */
final class Reasons {
    private static final int MAX_PARTS = 3;
    private static final int MAX_CONDITION_CHARS = 120;

    private Reasons() {}

    /** Texts of the trace's spans, where somebody can still look at them. */
    interface Texts {
        /** Nobody can. */
        Texts NONE = new Texts() {
            @Override
            public String firstError() {
                return "";
            }

            @Override
            public String value(SamplingPolicy.SpanMatch match) {
                return "";
            }
        };

        /** The name of the first span with status ERROR; empty if none is known. */
        String firstError();

        /** The value that matches; empty if it is not known. */
        String value(SamplingPolicy.SpanMatch match);
    }

    static String of(SamplingPolicy policy, TraceSummary trace, Texts texts) {
        return switch (policy) {
            case SamplingPolicy.AlwaysSample() -> "always";
            case SamplingPolicy.Latency latency -> latency(latency, trace);
            case SamplingPolicy.Probabilistic p ->
                String.format(
                        Locale.ROOT,
                        "probability %s %%, hash at %.1f %%",
                        number(p.percentage()),
                        Long.divideUnsigned(p.hash(trace.idHigh(), trace.idLow()), 1 << 20)
                                / (double) (1L << 44)
                                * 100);
            case SamplingPolicy.StatusCode status -> status(status, trace, texts.firstError());
            case SamplingPolicy.SpanMatch match ->
                trace.isMet(match.bit()) ? matched(match, texts.value(match)) : "no " + match.what() + " that matches";
            case SamplingPolicy.OttlCondition ottl -> ottl(ottl, trace);
            case SamplingPolicy.SpanCount count -> count(count, trace.spans());
            case RateLimit limit ->
                limit.unit() == RateLimit.Unit.SPANS
                        ? "limit of spans a second, " + trace.spans() + " spans"
                        : "limit of bytes a second, " + trace.bytes() + " bytes";
            case Composite _ -> "share of a limit of spans a second, " + trace.spans() + " spans";
            case SamplingPolicy.Not(var part) -> "not: " + of(part, trace, texts);
            case SamplingPolicy.And(var parts) -> all(parts, trace, texts);
            case SamplingPolicy.Drop(var parts) -> "drop: " + all(parts, trace, texts);
        };
    }

    private static String all(List<SamplingPolicy> parts, TraceSummary trace, Texts texts) {
        StringJoiner reasons = new StringJoiner(" and ");
        parts.stream().limit(MAX_PARTS).forEach(p -> reasons.add(of(p, trace, texts)));
        return parts.size() > MAX_PARTS ? reasons + " and " + (parts.size() - MAX_PARTS) + " more" : reasons.toString();
    }

    private static String matched(SamplingPolicy.SpanMatch match, String value) {
        return value.isEmpty() ? match.what() + " matches" : match.what() + " = `" + value + "`";
    }

    private static String ottl(SamplingPolicy.OttlCondition policy, TraceSummary trace) {
        List<String> conditions = policy.conditions();
        int met = policy.met(trace);
        if (met >= 0) {
            return condition(conditions.get(met)) + " is met";
        }
        boolean failed = policy.hasFailed(trace);
        if (conditions.size() == 1) {
            return condition(conditions.getFirst()) + (failed ? " could not be evaluated" : " is not met");
        }
        return (failed ? "one of " + conditions.size() + " could not be evaluated: " : "none is met: ")
                + conditions.stream().limit(MAX_PARTS).map(Reasons::condition).collect(Collectors.joining(", "))
                + (conditions.size() > MAX_PARTS ? " and " + (conditions.size() - MAX_PARTS) + " more" : "");
    }

    private static String condition(String text) {
        return "ottl_condition `"
                + (text.length() <= MAX_CONDITION_CHARS ? text : text.substring(0, MAX_CONDITION_CHARS) + "…")
                + "`";
    }

    private static String count(SamplingPolicy.SpanCount policy, int spans) {
        return spans + " spans, from " + policy.min() + (policy.max() > 0 ? " to " + policy.max() : "");
    }

    private static String latency(SamplingPolicy.Latency policy, TraceSummary trace) {
        if (trace.endsBeforeItBegins()) {
            return "no latency: ends before it begins";
        }
        boolean met = policy.samples(trace);
        String took = "latency " + millis(trace.durationNanos() / 1e6);
        if (policy.upperMillis() == 0) {
            return took + (met ? " ≥ " : " < ") + millis((double) policy.thresholdMillis());
        }
        return took + (met ? ", was within " : ", never within ") + millis((double) policy.thresholdMillis()) + " to "
                + millis((double) policy.upperMillis());
    }

    private static String status(SamplingPolicy.StatusCode policy, TraceSummary trace, String firstError) {
        StringJoiner codes = new StringJoiner(" or ");
        if ((policy.flags() & TraceSummary.ERROR) != 0) {
            codes.add("ERROR");
        }
        if ((policy.flags() & TraceSummary.OK) != 0) {
            codes.add("OK");
        }
        if ((policy.flags() & TraceSummary.UNSET) != 0) {
            codes.add("UNSET");
        }
        if (!trace.has(policy.flags())) {
            return "no status " + codes;
        }
        boolean error = trace.has(policy.flags() & TraceSummary.ERROR);
        return error && !firstError.isEmpty() ? "status ERROR in span `" + firstError + "`" : "status " + codes;
    }

    private static String millis(double millis) {
        return millis >= 1000 ? number(millis / 1000) + " s" : number(millis) + " ms";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
