package weir.gateway.sampling;

import org.jspecify.annotations.Nullable;
import weir.config.Option;
import weir.gateway.sampling.PolicySections.AndConfig;
import weir.gateway.sampling.PolicySections.BooleanAttributeConfig;
import weir.gateway.sampling.PolicySections.BytesLimitingConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.DropConfig;
import weir.gateway.sampling.PolicySections.LatencyConfig;
import weir.gateway.sampling.PolicySections.NotConfig;
import weir.gateway.sampling.PolicySections.NumericAttributeConfig;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.gateway.sampling.PolicySections.ProbabilisticConfig;
import weir.gateway.sampling.PolicySections.RateLimitingConfig;
import weir.gateway.sampling.PolicySections.SpanCountConfig;
import weir.gateway.sampling.PolicySections.StatusCodeConfig;
import weir.gateway.sampling.PolicySections.StringAttributeConfig;
import weir.gateway.sampling.PolicySections.TraceStateConfig;
import weir.gateway.sampling.PolicySections.WeirPolicy;

/**
 * One entry of {@code policies}, or a part of another policy: a name, a type, and the section that is named like the type.
 * {@link PolicyChecks} looks whether it is sound, {@link PolicyCompiler} makes a {@link SamplingPolicy} of it.
 */
public record PolicyConfig(
        @Option(doc = "Name of the policy in metrics and on kept spans, unique among the policies; parts need none.")
        String name,

        @Option(
                doc = "What the policy asks: always_sample, latency, numeric_attribute, probabilistic, status_code,"
                        + " string_attribute, boolean_attribute, rate_limiting, bytes_limiting, span_count,"
                        + " trace_state, trace_flags (the sampled flag of any span), ottl_condition, and, not, drop,"
                        + " composite.",
                required = true)
        String type,

        @Option(doc = "For type latency: how long the trace took.") @Nullable
        LatencyConfig latency,

        @Option(doc = "For type numeric_attribute: a whole number in a range.") @Nullable
        NumericAttributeConfig numericAttribute,

        @Option(doc = "For type probabilistic: a share of all traces, by the hash of the trace id.") @Nullable
        ProbabilisticConfig probabilistic,

        @Option(doc = "For type status_code: the status of any of the trace's spans.") @Nullable
        StatusCodeConfig statusCode,

        @Option(doc = "For type string_attribute: a text that is one of several, or matches a regular expression.")
        @Nullable
        StringAttributeConfig stringAttribute,

        @Option(doc = "For type boolean_attribute: a truth value.") @Nullable
        BooleanAttributeConfig booleanAttribute,

        @Option(doc = "For type rate_limiting: as many traces as a rate of spans allows.") @Nullable
        RateLimitingConfig rateLimiting,

        @Option(doc = "For type bytes_limiting: as many traces as a rate of bytes allows.") @Nullable
        BytesLimitingConfig bytesLimiting,

        @Option(doc = "For type span_count: how many spans the trace has.") @Nullable
        SpanCountConfig spanCount,

        @Option(doc = "For type trace_state: a member of the W3C trace state of any span.") @Nullable
        TraceStateConfig traceState,

        @Option(doc = "For type ottl_condition: conditions about any span or span event.") @Nullable
        OttlConditionConfig ottlCondition,

        @Option(doc = "For type and: what several policies would all keep.") @Nullable
        AndConfig and,

        @Option(doc = "For type not: what a policy would not keep.") @Nullable
        NotConfig not,

        @Option(doc = "For type drop: what is never kept.") @Nullable
        DropConfig drop,

        @Option(doc = "For type composite: several policies, each with its share of a rate.") @Nullable
        CompositeConfig composite,

        @Option(doc = "Weir's own options.") WeirPolicy weir) {}
