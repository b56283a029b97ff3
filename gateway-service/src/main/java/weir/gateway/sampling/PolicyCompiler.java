package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.gateway.sampling.PolicySections.BytesLimitingConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.LatencyConfig;
import weir.gateway.sampling.PolicySections.NumericAttributeConfig;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.RateLimitingConfig;
import weir.gateway.sampling.PolicySections.StringAttributeConfig;
import weir.gateway.sampling.match.OttlQuestion;
import weir.gateway.sampling.match.SpanCondition;

/** Makes policies for one shard of what the file says, which was checked. */
final class PolicyCompiler {
    /**
     * The values of {@code numeric_attribute} that match.
     *
     * @param min inclusive
     * @param max inclusive
     */
    record Bounds(long min, long max) {
        static Bounds of(NumericAttributeConfig config) {
            boolean zero = config.weir().zeroBounds();
            return new Bounds(or(config.minValue(), zero, Long.MIN_VALUE), or(config.maxValue(), zero, Long.MAX_VALUE));
        }

        private static long or(@Nullable Long bound, boolean zeroIsOne, long none) {
            return bound == null || (bound == 0 && !zeroIsOne) ? none : bound;
        }

        boolean isUnbounded() {
            return min == Long.MIN_VALUE && max == Long.MAX_VALUE;
        }
    }

    private final int shards;
    private final ArrivalConditions.Builder conditions;

    /**
     * @param shards among which rates are divided
     * @param conditions takes what the policies ask on arrival
     */
    PolicyCompiler(int shards, ArrivalConditions.Builder conditions) {
        this.shards = shards;
        this.conditions = conditions;
    }

    /** With which probability a policy keeps what it matches. */
    Rate rate(PolicySections.WeirPolicy weir) {
        if (weir.adaptivePercentage() != null) {
            return AdaptiveRate.ofPercentage(weir.adaptivePercentage());
        }
        if (weir.adaptiveThroughput() != null) {
            return AdaptiveRate.ofThroughput(weir.adaptiveThroughput(), shards);
        }
        return weir.samplingPercentage() >= 100
                ? Rate.ALL
                : new Rate.Fixed(OtTraceState.threshold(weir.samplingPercentage()));
    }

    SamplingPolicy compile(PolicyConfig config) {
        return switch (config.type()) {
            case "latency" -> latency(given(config.latency()));
            case "numeric_attribute" -> numeric(given(config.numericAttribute()));
            case "probabilistic" ->
                SamplingPolicy.Probabilistic.of(
                        given(config.probabilistic()).samplingPercentage(),
                        given(config.probabilistic()).hashSalt());
            case "status_code" ->
                new SamplingPolicy.StatusCode(given(config.statusCode()).statusCodes().stream()
                        .mapToInt(PolicyCompiler::flag)
                        .reduce(0, (a, b) -> a | b));
            case "string_attribute" -> text(given(config.stringAttribute()));
            case "boolean_attribute" -> {
                var bool = given(config.booleanAttribute());
                yield match(
                        "boolean_attribute `" + bool.key() + "`",
                        new SpanCondition.BooleanIs(
                                bool.key(), bool.value(), bool.weir().typed()),
                        bool.invertMatch());
            }
            case "rate_limiting" -> spans(given(config.rateLimiting()));
            case "bytes_limiting" -> bytes(given(config.bytesLimiting()));
            case "span_count" ->
                new SamplingPolicy.SpanCount(
                        given(config.spanCount()).minSpans(),
                        given(config.spanCount()).maxSpans());
            case "trace_state" -> {
                var state = given(config.traceState());
                yield match(
                        "trace_state `" + state.key() + "`",
                        new SpanCondition.TraceStateIn(state.key(), Set.copyOf(state.values())),
                        false);
            }
            case "trace_flags" -> match("trace_flags", new SpanCondition.FlagsHave(1), false);
            case "ottl_condition" -> ottl(given(config.ottlCondition()));
            case "and" -> new SamplingPolicy.And(all(given(config.and()).andSubPolicy()));
            case "not" -> new SamplingPolicy.Not(compile(given(config.not()).notSubPolicy()));
            case "drop" -> new SamplingPolicy.Drop(all(given(config.drop()).dropSubPolicy()));
            case "composite" -> composite(given(config.composite()));
            default -> new SamplingPolicy.AlwaysSample();
        };
    }

    private List<SamplingPolicy> all(List<PolicyConfig> configs) {
        return configs.stream().map(this::compile).toList();
    }

    private SamplingPolicy latency(LatencyConfig latency) {
        long threshold = latency.thresholdMs();
        long upper = latency.upperThresholdMs();
        return new SamplingPolicy.Latency(
                threshold,
                upper,
                latency.weir().wholeTrace()
                        ? SamplingPolicy.Latency.WHOLE
                        : conditions.bit(SamplingPolicy.Latency.range(threshold, upper)));
    }

    private SamplingPolicy numeric(NumericAttributeConfig numeric) {
        Bounds bounds = Bounds.of(numeric);
        return match(
                "numeric_attribute `" + numeric.key() + "`",
                new SpanCondition.NumberInRange(
                        numeric.key(),
                        bounds.min(),
                        bounds.max(),
                        numeric.weir().typed()),
                numeric.invertMatch());
    }

    private SamplingPolicy text(StringAttributeConfig text) {
        return match(
                "string_attribute `" + text.key() + "`",
                text.enabledRegexMatching()
                        ? new SpanCondition.TextMatches(
                                text.key(),
                                text.values(),
                                text.cacheMaxSize(),
                                text.weir().emptyValues())
                        : new SpanCondition.TextIn(
                                text.key(),
                                Set.copyOf(text.values()),
                                text.weir().emptyValues()),
                text.invertMatch());
    }

    private SamplingPolicy ottl(OttlConditionConfig ottl) {
        OttlQuestion question = question(ottl);
        List<String> texts = question.conditions();
        int bit = conditions.bit(question);
        return new SamplingPolicy.OttlCondition(
                texts, bit, question.canFail() ? bit + texts.size() : SamplingPolicy.OttlCondition.NEVER);
    }

    static OttlQuestion question(OttlConditionConfig ottl) {
        return new OttlQuestion(ottl.span(), ottl.spanevent(), ottl.errorMode());
    }

    private SamplingPolicy match(String what, SpanCondition condition, boolean inverted) {
        String key = condition instanceof SpanCondition.OfAttribute of ? of.key() : "";
        return new SamplingPolicy.SpanMatch(what, key, conditions.bit(condition), inverted);
    }

    private SamplingPolicy spans(RateLimitingConfig limit) {
        return new RateLimit(
                RateLimit.Unit.SPANS,
                bucket(
                        limit.spansPerSecond(),
                        limit.burstCapacity(),
                        limit.weir().oversize()));
    }

    private SamplingPolicy bytes(BytesLimitingConfig limit) {
        return new RateLimit(
                RateLimit.Unit.BYTES,
                bucket(
                        limit.bytesPerSecond(),
                        limit.burstCapacity(),
                        limit.weir().oversize()));
    }

    /** Rates are divided among the shards, bursts that the file names are not: as the collector does. */
    private TokenBucket bucket(long perSecond, long burst, boolean oversize) {
        double rate = (double) perSecond / shards;
        return new TokenBucket(rate, burst > 0 ? burst : 2 * rate, oversize);
    }

    private SamplingPolicy composite(CompositeConfig composite) {
        List<PolicyConfig> configs = new ArrayList<>(composite.compositeSubPolicy());
        if (composite.weir().ordered()) {
            configs.sort(java.util.Comparator.comparingInt(c -> {
                int place = composite.policyOrder().indexOf(c.name());
                return place < 0 ? Integer.MAX_VALUE : place;
            }));
        }
        double total = (double) composite.maxTotalSpansPerSecond() / shards;
        double fair = total / configs.size();
        Map<String, Double> shares = new HashMap<>();
        for (RateAllocationConfig rate : composite.rateAllocation()) {
            shares.put(rate.policy(), rate.percent() > 0 ? rate.percent() / 100.0 * total : fair);
        }
        double otherwise = composite.weir().fair() ? fair : 0;
        List<Composite.Part> parts = configs.stream()
                .map(c -> new Composite.Part(c.name(), compile(c), (long)
                        shares.getOrDefault(c.name(), otherwise).doubleValue()))
                .toList();
        return new Composite(
                parts,
                (long) total,
                composite.weir().fallThrough(),
                composite.weir().total());
    }

    private static int flag(String code) {
        return switch (code) {
            case "OK" -> TraceSummary.OK;
            case "ERROR" -> TraceSummary.ERROR;
            default -> TraceSummary.UNSET;
        };
    }

    private static <T> T given(@Nullable T section) {
        if (section == null) {
            throw new IllegalStateException("compiled before it was checked");
        }
        return section;
    }
}
