package weir.gateway.sampling;

import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.config.Checked.Complaints;
import weir.gateway.sampling.PolicySections.AdaptiveKinds;
import weir.gateway.sampling.PolicySections.AdaptivePercentageConfig;
import weir.gateway.sampling.PolicySections.AdaptiveThroughputConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.LatencyConfig;
import weir.gateway.sampling.PolicySections.NumericAttributeConfig;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.SpanCountConfig;
import weir.gateway.sampling.PolicySections.StringAttributeConfig;
import weir.gateway.sampling.PolicySections.WeirPolicy;
import weir.match.Expressions;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.StatementException;
import weir.ottl.context.Contexts;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Sources;

/** Looks whether policies of a file can be used, and says what is wrong and where. */
final class PolicyChecks {
    private static final Map<String, Function<PolicyConfig, @Nullable Record>> SECTIONS = new LinkedHashMap<>();

    static {
        SECTIONS.put("latency", PolicyConfig::latency);
        SECTIONS.put("numeric_attribute", PolicyConfig::numericAttribute);
        SECTIONS.put("probabilistic", PolicyConfig::probabilistic);
        SECTIONS.put("status_code", PolicyConfig::statusCode);
        SECTIONS.put("string_attribute", PolicyConfig::stringAttribute);
        SECTIONS.put("boolean_attribute", PolicyConfig::booleanAttribute);
        SECTIONS.put("rate_limiting", PolicyConfig::rateLimiting);
        SECTIONS.put("bytes_limiting", PolicyConfig::bytesLimiting);
        SECTIONS.put("span_count", PolicyConfig::spanCount);
        SECTIONS.put("trace_state", PolicyConfig::traceState);
        SECTIONS.put("ottl_condition", PolicyConfig::ottlCondition);
        SECTIONS.put("and", PolicyConfig::and);
        SECTIONS.put("not", PolicyConfig::not);
        SECTIONS.put("drop", PolicyConfig::drop);
        SECTIONS.put("composite", PolicyConfig::composite);
    }

    private static final Set<String> WITHOUT_SECTION = Set.of("always_sample", "trace_flags");
    private static final Set<String> CODES = Set.of("OK", "ERROR", "UNSET");
    private static final Set<String> NOT_IN_AND = Set.of("and", "drop", "composite");
    private static final Set<String> NOT_IN_NOT = Set.of("and", "not", "drop", "composite");
    private static final Set<String> NOT_IN_COMPOSITE = Set.of("not", "drop", "composite");

    private final Complaints complaints;
    private final boolean rates;

    /** @param rates whether policies may have rates */
    PolicyChecks(Complaints complaints, boolean rates) {
        this.complaints = complaints;
        this.rates = rates;
    }

    /**
     * Looks at the policies of a list.
     *
     * @param at the path of the list
     */
    void check(String at, List<PolicyConfig> policies) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < policies.size(); i++) {
            String here = at + "[" + i + "].";
            check(here, policies.get(i), Set.of(), "");
            if (!names.add(policies.get(i).name())) {
                complaints.error(
                        here + "name",
                        "another policy is named `" + policies.get(i).name() + "` too");
            }
        }
    }

    /** Looks whether no policy's yes depends on other traces or could become a no when more spans come. */
    void checkStateless(String at, List<PolicyConfig> policies) {
        for (int i = 0; i < policies.size(); i++) {
            if (isStateful(policies.get(i))) {
                complaints.error(
                        at + "[" + i + "].type",
                        "sampling_strategy span-ingest asks about pieces of traces, so it needs policies whose yes"
                                + " holds: no rate_limiting, bytes_limiting, latency with an upper bound, or span_count"
                                + " with a maximum");
            }
        }
    }

    private static boolean isStateful(PolicyConfig policy) {
        return switch (policy.type()) {
            case "rate_limiting", "bytes_limiting" -> true;
            case "latency" -> policy.latency() != null && policy.latency().upperThresholdMs() > 0;
            case "span_count" ->
                policy.spanCount() != null && policy.spanCount().maxSpans() > 0;
            default -> partsOf(policy).stream().anyMatch(PolicyChecks::isStateful);
        };
    }

    /** How many conditions policies and their parts may ask about spans at the most. */
    static int conditions(List<PolicyConfig> policies) {
        return policies.stream()
                .mapToInt(p -> partsOf(p).isEmpty() ? conditions(p) : conditions(partsOf(p)))
                .sum();
    }

    private static int conditions(PolicyConfig policy) {
        OttlConditionConfig ottl = policy.ottlCondition();
        return ottl == null ? 1 : PolicyCompiler.question(ottl).bits();
    }

    private static List<PolicyConfig> partsOf(PolicyConfig policy) {
        List<PolicyConfig> parts = new ArrayList<>();
        if (policy.and() != null) {
            parts.addAll(policy.and().andSubPolicy());
        }
        if (policy.not() != null) {
            parts.add(policy.not().notSubPolicy());
        }
        if (policy.drop() != null) {
            parts.addAll(policy.drop().dropSubPolicy());
        }
        if (policy.composite() != null) {
            parts.addAll(policy.composite().compositeSubPolicy());
        }
        return parts;
    }

    /**
     * @param at the path of the policy, with a dot at its end
     * @param excluded types that it cannot be of where it stands
     * @param inside the type of the policy that it is a part of
     */
    private void check(String at, PolicyConfig policy, Set<String> excluded, String inside) {
        String type = policy.type();
        if (policy.name().isEmpty() && (inside.isEmpty() || inside.equals("composite"))) {
            complaints.error(at + "name", "a policy needs a name: it labels metrics and the spans that it keeps");
        }
        if (excluded.contains(type)) {
            complaints.error(
                    at + "type", "a policy of type `" + type + "` cannot be a part of one of type `" + inside + "`");
            return;
        }
        Function<PolicyConfig, @Nullable Record> section = SECTIONS.get(type);
        if (section == null && !WITHOUT_SECTION.contains(type)) {
            complaints.error(at + "type", unknown(type));
            return;
        }
        if (section != null && section.apply(policy) == null) {
            complaints.error(at + type, "a policy of type `" + type + "` needs a section `" + type + "`");
        }
        SECTIONS.forEach((key, of) -> {
            if (!key.equals(type) && of.apply(policy) != null) {
                complaints.error(
                        at + key, "belongs to policies of type `" + key + "`, this one is of type `" + type + "`");
            }
        });
        sections(at, policy);
        parts(at, policy);
        rate(at + "weir", policy.weir(), inside);
    }

    private void rate(String at, WeirPolicy weir, String inside) {
        if (!(weir.samplingPercentage() >= 0 && weir.samplingPercentage() <= 100)) {
            complaints.error(at + ".sampling_percentage", "must be between 0 and 100");
        } else if (!weir.equals(WeirPolicy.NONE) && !inside.isEmpty()) {
            complaints.error(at, "a part of another policy has no rate of its own");
        } else if (!weir.equals(WeirPolicy.NONE) && !rates) {
            complaints.error(at, "policies have rates only if weir.first_match of the processor is true");
        } else {
            adaptive(at, weir);
        }
    }

    private static String unknown(String type) {
        return "there is no policy type `" + type + "`; use one of always_sample, trace_flags, "
                + String.join(", ", SECTIONS.keySet());
    }

    private void adaptive(String at, WeirPolicy weir) {
        AdaptivePercentageConfig percentage = weir.adaptivePercentage();
        AdaptiveThroughputConfig throughput = weir.adaptiveThroughput();
        if (percentage != null && !(percentage.goalPercentage() > 0 && percentage.goalPercentage() <= 100)) {
            complaints.error(at + ".adaptive_percentage.goal_percentage", "must be above 0 and at most 100");
        }
        if (throughput != null && !(throughput.goalThroughput() > 0)) {
            complaints.error(at + ".adaptive_throughput.goal_throughput", "must be above 0");
        }
        if ((percentage != null ? 1 : 0) + (throughput != null ? 1 : 0) + (weir.samplingPercentage() < 100 ? 1 : 0)
                > 1) {
            complaints.error(at, "one of sampling_percentage, adaptive_percentage and adaptive_throughput is possible");
        }
        if (percentage != null) {
            adaptive(at + ".adaptive_percentage.", percentage.kinds());
        }
        if (throughput != null) {
            adaptive(at + ".adaptive_throughput.", throughput.kinds());
        }
    }

    private void adaptive(String at, AdaptiveKinds kinds) {
        List<String> attributes = kinds.fingerprintAttributes();
        for (int i = 0; i < attributes.size(); i++) {
            if (!Fingerprint.isName(attributes.get(i))) {
                complaints.error(
                        at + "fingerprint_attributes[" + i + "]",
                        "must begin with resource., span., root. or any., and name an attribute");
            }
        }
        if (kinds.adjustmentInterval().compareTo(Duration.ofSeconds(1)) < 0
                || kinds.adjustmentInterval().compareTo(Duration.ofHours(1)) > 0) {
            complaints.error(at + "adjustment_interval", "must be between 1s and 1h");
        }
        if (!(kinds.weight() > 0 && kinds.weight() <= 1)) {
            complaints.error(at + "weight", "must be above 0 and at most 1");
        }
        if (kinds.maxKeys() < 1 || kinds.maxKeys() > 100_000) {
            complaints.error(at + "max_keys", "must be between 1 and 100000");
        }
    }

    private void sections(String at, PolicyConfig policy) {
        if (policy.latency() != null) {
            latency(at + "latency.", policy.latency());
        }
        if (policy.numericAttribute() != null) {
            numeric(at + "numeric_attribute.", policy.numericAttribute());
        }
        if (policy.probabilistic() != null
                && !(policy.probabilistic().samplingPercentage() >= 0
                        && policy.probabilistic().samplingPercentage() <= 100)) {
            complaints.error(at + "probabilistic.sampling_percentage", "must be between 0 and 100");
        }
        if (policy.statusCode() != null) {
            codes(at + "status_code.status_codes", policy.statusCode().statusCodes());
        }
        if (policy.stringAttribute() != null) {
            text(at + "string_attribute.", policy.stringAttribute());
        }
        if (policy.rateLimiting() != null) {
            positive(
                    at + "rate_limiting.spans_per_second", policy.rateLimiting().spansPerSecond());
            notNegative(
                    at + "rate_limiting.burst_capacity", policy.rateLimiting().burstCapacity());
        }
        if (policy.bytesLimiting() != null) {
            positive(
                    at + "bytes_limiting.bytes_per_second",
                    policy.bytesLimiting().bytesPerSecond());
            notNegative(
                    at + "bytes_limiting.burst_capacity", policy.bytesLimiting().burstCapacity());
        }
        if (policy.spanCount() != null) {
            count(at + "span_count.", policy.spanCount());
        }
        if (policy.ottlCondition() != null) {
            ottl(at + "ottl_condition", policy.ottlCondition());
        }
    }

    private void latency(String at, LatencyConfig latency) {
        if (latency.thresholdMs() < 0) {
            complaints.error(at + "threshold_ms", "must not be negative");
        }
        if (latency.upperThresholdMs() < 0) {
            complaints.error(at + "upper_threshold_ms", "must not be negative; 0 means no upper bound");
        } else if (latency.upperThresholdMs() > 0 && latency.upperThresholdMs() <= latency.thresholdMs()) {
            complaints.error(at + "upper_threshold_ms", "must be above threshold_ms, or no duration is in between");
        }
    }

    private void numeric(String at, NumericAttributeConfig numeric) {
        PolicyCompiler.Bounds bounds = PolicyCompiler.Bounds.of(numeric);
        if (bounds.isUnbounded()) {
            complaints.error(
                    at + "min_value",
                    numeric.weir().zeroBounds()
                            ? "name min_value, max_value or both"
                            : "0 means no bound, and one is needed; set weir.zero_bounds if 0 is meant");
        } else if (bounds.min() > bounds.max()) {
            complaints.error(at + "max_value", "must not be below min_value, or no value is in between");
        }
    }

    private void text(String at, StringAttributeConfig text) {
        if (text.cacheMaxSize() < 0 || text.cacheMaxSize() > 1 << 20) {
            complaints.error(at + "cache_max_size", "must be between 0 and " + (1 << 20));
        }
        if (text.values().isEmpty()) {
            complaints.warning(at + "values", "without values nothing matches");
        }
        for (int i = 0; text.enabledRegexMatching() && i < text.values().size(); i++) {
            try {
                Expressions.compile(text.values().get(i));
            } catch (PatternSyntaxException e) {
                complaints.error(at + "values[" + i + "]", "is no regular expression: " + e.getDescription());
            }
        }
    }

    private void count(String at, SpanCountConfig count) {
        notNegative(at + "min_spans", count.minSpans());
        notNegative(at + "max_spans", count.maxSpans());
        if (count.maxSpans() > 0 && count.maxSpans() < count.minSpans()) {
            complaints.error(at + "max_spans", "must not be below min_spans, or no number is in between");
        }
    }

    private void ottl(String at, OttlConditionConfig ottl) {
        if (ottl.span().isEmpty() && ottl.spanevent().isEmpty()) {
            complaints.error(at, "name at least one condition, about spans in `span` or their events in `spanevent`");
        }
        ottl(at + ".span", ottl, ottl.span(), Contexts.SPAN);
        ottl(at + ".spanevent", ottl, ottl.spanevent(), Contexts.SPAN_EVENT);
    }

    private void ottl(String at, OttlConditionConfig ottl, List<String> conditions, ItemContext context) {
        try {
            Conditions.compile(conditions, context, ottl.errorMode(), Environment.NOWHERE);
        } catch (StatementException e) {
            Sources.report(e, Sources.elements(at, conditions.size()), complaints);
        }
    }

    private void codes(String at, List<String> codes) {
        if (codes.isEmpty()) {
            complaints.error(at, "name at least one of OK, ERROR, UNSET");
        }
        for (int i = 0; i < codes.size(); i++) {
            if (!CODES.contains(codes.get(i))) {
                complaints.error(
                        at + "[" + i + "]", "there is no status code `" + codes.get(i) + "`; use OK, ERROR or UNSET");
            }
        }
    }

    private void parts(String at, PolicyConfig policy) {
        if (policy.and() != null) {
            parts(at + "and.and_sub_policy", policy.and().andSubPolicy(), NOT_IN_AND, "and");
        }
        if (policy.not() != null) {
            check(at + "not.not_sub_policy.", policy.not().notSubPolicy(), NOT_IN_NOT, "not");
        }
        if (policy.drop() != null) {
            parts(at + "drop.drop_sub_policy", policy.drop().dropSubPolicy(), NOT_IN_AND, "drop");
        }
        if (policy.composite() != null) {
            composite(at + "composite.", policy.composite());
        }
    }

    private void parts(String at, List<PolicyConfig> parts, Set<String> excluded, String inside) {
        if (parts.isEmpty()) {
            complaints.error(at, "name at least one policy");
        }
        for (int i = 0; i < parts.size(); i++) {
            check(at + "[" + i + "].", parts.get(i), excluded, inside);
        }
    }

    private void composite(String at, CompositeConfig composite) {
        positive(at + "max_total_spans_per_second", composite.maxTotalSpansPerSecond());
        parts(at + "composite_sub_policy", composite.compositeSubPolicy(), NOT_IN_COMPOSITE, "composite");
        List<String> names =
                composite.compositeSubPolicy().stream().map(PolicyConfig::name).toList();
        List<RateAllocationConfig> rates = composite.rateAllocation();
        for (int i = 0; i < rates.size(); i++) {
            if (!names.contains(rates.get(i).policy())) {
                complaints.error(
                        at + "rate_allocation[" + i + "].policy",
                        "no part is named `" + rates.get(i).policy() + "`");
            }
            notNegative(at + "rate_allocation[" + i + "].percent", rates.get(i).percent());
        }
        List<String> given = rates.stream().map(RateAllocationConfig::policy).toList();
        for (int i = 0; i < names.size() && !composite.weir().fair(); i++) {
            if (!given.contains(names.get(i))) {
                complaints.warning(
                        at + "composite_sub_policy[" + i + "].name",
                        "rate_allocation leaves it out, so it keeps nothing; set weir.fair to give it the same share as"
                                + " the others");
            }
        }
        for (int i = 0; i < composite.policyOrder().size(); i++) {
            if (!names.contains(composite.policyOrder().get(i))) {
                complaints.error(
                        at + "policy_order[" + i + "]",
                        "no part is named `" + composite.policyOrder().get(i) + "`");
            }
        }
    }

    private void positive(String option, long value) {
        if (value <= 0) {
            complaints.error(option, "must be above 0");
        }
    }

    private void notNegative(String option, long value) {
        if (value < 0) {
            complaints.error(option, "must not be negative");
        }
    }
}
