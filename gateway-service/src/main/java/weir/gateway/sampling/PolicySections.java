package weir.gateway.sampling;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Inlined;
import weir.config.Option;
import weir.ottl.ErrorMode;

/** The sections of {@link PolicyConfig} that single policies have. */
public final class PolicySections {
    private PolicySections() {}

    /** Section {@code weir} of a policy. */
    public record WeirPolicy(
            @Option(
                    doc =
                            "With weir.first_match: the share of the traces that match which is kept, in percent, 0 to 100.",
                    fallback = "100")
            double samplingPercentage,

            @Option(
                    doc =
                            "With weir.first_match, instead of sampling_percentage: a rate for each kind of trace, so that a"
                                    + " share of all is kept and rare kinds are not lost.")
            @Nullable
            AdaptivePercentageConfig adaptivePercentage,

            @Option(
                    doc =
                            "With weir.first_match, instead of sampling_percentage: a rate for each kind of trace, so that so"
                                    + " many spans a second are kept and rare kinds are not lost.")
            @Nullable
            AdaptiveThroughputConfig adaptiveThroughput) {
        static final WeirPolicy NONE = new WeirPolicy(100, null, null);
    }

    /** Section {@code weir.adaptive_percentage} of a policy. */
    public record AdaptivePercentageConfig(
            @Option(doc = "Share of the traces that match which is kept, in percent, 0 to 100.", required = true)
            double goalPercentage,

            @Inlined AdaptiveKinds kinds) {}

    /** Section {@code weir.adaptive_throughput} of a policy. */
    public record AdaptiveThroughputConfig(
            @Option(doc = "Spans a second to keep of the traces that match, all shards together.", required = true)
            double goalThroughput,

            @Inlined AdaptiveKinds kinds) {}

    /** What both adaptive rates say about kinds of traces. */
    public record AdaptiveKinds(
            @Option(
                    doc =
                            "What makes traces of one kind: attributes, each after resource., span., root. or any., of which"
                                    + " the distinct values in a trace count.")
            List<String> fingerprintAttributes,

            @Option(
                    doc =
                            "How often rates are adjusted. Before the first time adaptive_percentage keeps its goal of each"
                                    + " kind, adaptive_throughput a tenth.",
                    fallback = "15s")
            Duration adjustmentInterval,

            @Option(
                    doc = "How much the last interval counts against those before, above 0 and at most 1.",
                    fallback = "0.5")
            double weight,

            @Option(
                    doc = "How many kinds to tell apart; what comes beyond is kept as before the first adjustment.",
                    fallback = "500")
            int maxKeys) {}

    /** Section {@code latency}. */
    public record LatencyConfig(
            @Option(doc = "Milliseconds from the earliest start to the latest end that a kept trace has at the least.")
            long thresholdMs,

            @Option(
                    doc = "If not 0: milliseconds that a kept trace has at the most, and threshold_ms itself is"
                            + " not enough. Looked at after each span in the order of arrival, as the collector"
                            + " does; see weir.whole_trace.")
            long upperThresholdMs,

            @Option(doc = "Weir's own options.") WeirLatency weir) {}

    /** Section {@code latency.weir}. */
    public record WeirLatency(
            @Option(
                    doc = "Look at the duration of the whole trace only: with an upper bound, a trace that was in range"
                            + " on the way and grew longer is not kept.")
            boolean wholeTrace) {}

    /** Section {@code numeric_attribute}. */
    public record NumericAttributeConfig(
            @Option(doc = "The attribute, of a span or of its resource.", required = true)
            String key,

            @Option(doc = "The least value that matches; 0, as in the collector: no bound, see weir.zero_bounds.")
            @Nullable
            Long minValue,

            @Option(doc = "The greatest value that matches; 0, as in the collector: no bound, see weir.zero_bounds.")
            @Nullable
            Long maxValue,

            @Option(doc = "Keep the traces in which nothing matches, also those without the attribute.")
            boolean invertMatch,

            @Option(doc = "Weir's own options.") WeirNumeric weir) {}

    /** Section {@code numeric_attribute.weir}. */
    public record WeirNumeric(
            @Option(
                    doc =
                            "Compare doubles as what they are, and let nothing match that is no number. The collector reads"
                                    + " whatever is no whole number as 0.")
            boolean typed,

            @Option(doc = "A bound of 0 that the file names is a bound; leave out the one that should be none.")
            boolean zeroBounds) {}

    /** Section {@code probabilistic}. */
    public record ProbabilisticConfig(
            @Option(doc = "Share of the traces that is kept, in percent, 0 to 100.")
            double samplingPercentage,

            @Option(
                    doc = "Mixed into the hash. Samplers one behind the other should not share it.",
                    fallback = SamplingPolicy.Probabilistic.DEFAULT_SALT)
            String hashSalt) {}

    /** Section {@code status_code}. */
    public record StatusCodeConfig(
            @Option(doc = "The codes that keep a trace: any of OK, ERROR, UNSET.", required = true)
            List<String> statusCodes) {}

    /** Section {@code string_attribute}. */
    public record StringAttributeConfig(
            @Option(doc = "The attribute, of a span or of its resource.", required = true)
            String key,

            @Option(doc = "Texts that match, or regular expressions; empty texts are left out, see weir.empty_values.")
            List<String> values,

            @Option(doc = "Values are regular expressions in RE2's syntax, looked for anywhere in the text.")
            boolean enabledRegexMatching,

            @Option(
                    doc =
                            "How many texts to remember the answer of the regular expressions for, in each shard, rounded up"
                                    + " to a power of two. Expressions that are plain literals need none.",
                    fallback = "128")
            int cacheMaxSize,

            @Option(doc = "Keep the traces in which nothing matches, also those without the attribute.")
            boolean invertMatch,

            @Option(doc = "Weir's own options.") WeirString weir) {}

    /** Section {@code string_attribute.weir}. */
    public record WeirString(
            @Option(
                    doc =
                            "Let empty texts match, where values say so, on spans and resources alike. The collector never"
                                    + " looks at them on spans, and on resources takes for empty what is no text.")
            boolean emptyValues) {}

    /** Section {@code boolean_attribute}. */
    public record BooleanAttributeConfig(
            @Option(doc = "The attribute, of a span or of its resource.", required = true)
            String key,

            @Option(doc = "The value that matches. What is no boolean counts as false, see weir.typed.")
            boolean value,

            @Option(doc = "Keep the traces in which nothing matches, also those without the attribute.")
            boolean invertMatch,

            @Option(doc = "Weir's own options.") WeirBoolean weir) {}

    /** Section {@code boolean_attribute.weir}. */
    public record WeirBoolean(
            @Option(doc = "Let only booleans match.") boolean typed) {}

    /** Section {@code rate_limiting}. */
    public record RateLimitingConfig(
            @Option(doc = "Spans of kept traces a second, all shards together.")
            long spansPerSecond,

            @Option(
                    doc = "Spans that may gather for a burst, in each shard. A trace of more spans is not kept, see"
                            + " weir.oversize. 0: twice the rate.")
            long burstCapacity,

            @Option(doc = "Weir's own options.") WeirLimit weir) {}

    /** Section {@code bytes_limiting}. */
    public record BytesLimitingConfig(
            @Option(doc = "Bytes of kept traces a second, with their resources and scopes, all shards together.")
            long bytesPerSecond,

            @Option(
                    doc = "Bytes that may gather for a burst, in each shard. A larger trace is not kept, see"
                            + " weir.oversize. 0: twice the rate.")
            long burstCapacity,

            @Option(doc = "Weir's own options.") WeirLimit weir) {}

    /** Sections {@code rate_limiting.weir} and {@code bytes_limiting.weir}. */
    public record WeirLimit(
            @Option(
                    doc =
                            "Keep a trace that is larger than a burst when the limit was not used for a while, and make up"
                                    + " for it afterwards.")
            boolean oversize) {}

    /** Section {@code span_count}. */
    public record SpanCountConfig(
            @Option(doc = "Spans that a kept trace has at the least.")
            int minSpans,

            @Option(doc = "If not 0: spans that a kept trace has at the most.")
            int maxSpans) {}

    /** Section {@code trace_state}. */
    public record TraceStateConfig(
            @Option(doc = "The key of the member of the W3C trace state.", required = true)
            String key,

            @Option(
                    doc = "Values that match; those that make a member longer than 256 bytes never do.",
                    required = true)
            List<String> values) {}

    /** Section {@code ottl_condition}. */
    public record OttlConditionConfig(
            @Option(
                    doc =
                            "What becomes of a condition that cannot be evaluated for a span or event: silent takes it for not met,"
                                    + " ignore logs that too; propagate, if no condition was met by then, leaves the policy without a"
                                    + " vote on the trace.",
                    fallback = "silent")
            ErrorMode errorMode,

            @Option(doc = "Conditions in OTTL about spans: a trace of which any span meets any of them is kept.")
            List<String> span,

            @Option(doc = "Conditions in OTTL about span events: a trace of which any event meets any of them is kept.")
            List<String> spanevent) {}

    /** Section {@code and}. */
    public record AndConfig(
            @Option(doc = "Policies that must all keep the trace; any type but and, drop, composite.", required = true)
            List<PolicyConfig> andSubPolicy) {}

    /** Section {@code not}. */
    public record NotConfig(
            @Option(
                    doc = "The policy that must not keep the trace; any type but and, not, drop, composite.",
                    required = true)
            PolicyConfig notSubPolicy) {}

    /** Section {@code drop}. */
    public record DropConfig(
            @Option(
                    doc = "Policies that must all match for the trace to be dropped, whatever others say; any type but"
                            + " and, drop, composite.",
                    required = true)
            List<PolicyConfig> dropSubPolicy) {}

    /** Section {@code composite}. */
    public record CompositeConfig(
            @Option(doc = "Spans of kept traces a second, of each part; see weir.total.")
            long maxTotalSpansPerSecond,

            @Option(
                    doc = "Accepted and, as in the collector, of no effect: parts are asked in the order of"
                            + " composite_sub_policy; see weir.ordered.")
            List<String> policyOrder,

            @Option(doc = "The parts; any type but not, drop, composite.", required = true)
            List<PolicyConfig> compositeSubPolicy,

            @Option(doc = "What each part may keep. A part that is not named keeps nothing, see weir.fair.")
            List<RateAllocationConfig> rateAllocation,

            @Option(doc = "Weir's own options.") WeirComposite weir) {}

    /** An entry of {@code composite.rate_allocation}. */
    public record RateAllocationConfig(
            @Option(doc = "Name of a part.", required = true)
            String policy,

            @Option(doc = "Its share of max_total_spans_per_second, in percent; 0: as if all had the same share.")
            long percent) {}

    /** Section {@code composite.weir}. */
    public record WeirComposite(
            @Option(doc = "Ask the parts in the order of policy_order, then those that it leaves out.")
            boolean ordered,

            @Option(doc = "Offer a trace for which a part's share does not suffice to the next part.")
            boolean fallThrough,

            @Option(doc = "Let max_total_spans_per_second hold for all parts together.")
            boolean total,

            @Option(
                    doc =
                            "Give parts that rate_allocation leaves out the same share as if all had one, as the collector"
                                    + " does from 0.157 on.")
            boolean fair) {}
}
