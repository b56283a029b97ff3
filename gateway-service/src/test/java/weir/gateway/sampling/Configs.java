package weir.gateway.sampling;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
import weir.gateway.sampling.PolicySections.WeirLatency;
import weir.gateway.sampling.PolicySections.WeirLimit;
import weir.gateway.sampling.PolicySections.WeirPolicy;
import weir.gateway.sampling.PolicySections.WeirString;
import weir.gateway.sampling.TailSamplingConfig.DecisionCacheConfig;
import weir.gateway.sampling.TailSamplingConfig.JournalConfig;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.gateway.sampling.TailSamplingConfig.SamplingStrategy;
import weir.gateway.sampling.TailSamplingConfig.StressConfig;
import weir.gateway.sampling.TailSamplingConfig.WeirConfig;
import weir.journal.Sync;
import weir.ottl.ErrorMode;

/** Configurations as tests need them: a decision wait of 10 s, and what each test changes. */
final class Configs {
    private List<PolicyConfig> policies = List.of(always("all"));
    private Duration afterRoot = Duration.ZERO;
    private int numTraces;
    private int remembered;
    private boolean firstMatch;
    private boolean dropPending;
    private long maxTraceBytes;
    private int shards = 1;
    private int heldMib = 64;
    private boolean record = true;
    private boolean limitsLast;
    private boolean rates;
    private List<PolicyConfig> shadows = List.of();
    private @Nullable StressConfig stress;
    private @Nullable JournalConfig journal;
    private boolean threshold;
    private int explainedMib = 1;
    private SamplingStrategy strategy = SamplingStrategy.TRACE_COMPLETE;
    private OversizedTraces oversized = OversizedTraces.DECIDE;

    /** A policy with the sections that are given. */
    static PolicyConfig policy(String name, String type, Record... sections) {
        return new PolicyConfig(
                name,
                type,
                section(LatencyConfig.class, sections),
                section(NumericAttributeConfig.class, sections),
                section(ProbabilisticConfig.class, sections),
                section(StatusCodeConfig.class, sections),
                section(StringAttributeConfig.class, sections),
                section(BooleanAttributeConfig.class, sections),
                section(RateLimitingConfig.class, sections),
                section(BytesLimitingConfig.class, sections),
                section(SpanCountConfig.class, sections),
                section(TraceStateConfig.class, sections),
                section(OttlConditionConfig.class, sections),
                section(AndConfig.class, sections),
                section(NotConfig.class, sections),
                section(DropConfig.class, sections),
                section(CompositeConfig.class, sections),
                Arrays.stream(sections)
                        .filter(WeirPolicy.class::isInstance)
                        .map(WeirPolicy.class::cast)
                        .findFirst()
                        .orElse(WeirPolicy.NONE));
    }

    private static <T> @Nullable T section(Class<T> type, Record... sections) {
        return Arrays.stream(sections)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    static PolicyConfig always(String name) {
        return policy(name, "always_sample");
    }

    static PolicyConfig latency(String name, long threshold, long upper) {
        return policy(name, "latency", new LatencyConfig(threshold, upper, new WeirLatency(false)));
    }

    static PolicyConfig probabilistic(String name, double percentage) {
        return policy(name, "probabilistic", new ProbabilisticConfig(percentage, "default-hash-seed"));
    }

    static PolicyConfig status(String name, String... codes) {
        return policy(name, "status_code", new StatusCodeConfig(List.of(codes)));
    }

    static PolicyConfig text(String name, String key, String... values) {
        return policy(
                name,
                "string_attribute",
                new StringAttributeConfig(key, List.of(values), false, 128, false, new WeirString(false)));
    }

    /** One that asks about spans only. */
    static PolicyConfig ottl(String name, ErrorMode mode, String... conditions) {
        return policy(name, "ottl_condition", new OttlConditionConfig(mode, List.of(conditions), List.of()));
    }

    static PolicyConfig spansPerSecond(String name, long rate, long burst) {
        return policy(name, "rate_limiting", new RateLimitingConfig(rate, burst, new WeirLimit(false)));
    }

    static PolicyConfig drop(String name, PolicyConfig... parts) {
        return policy(name, "drop", new DropConfig(List.of(parts)));
    }

    static Configs of(PolicyConfig... policies) {
        Configs made = new Configs();
        made.policies = List.of(policies);
        return made;
    }

    Configs afterRoot(Duration wait) {
        afterRoot = wait;
        return this;
    }

    Configs numTraces(int n) {
        numTraces = n;
        return this;
    }

    Configs remembered(int n) {
        remembered = n;
        return this;
    }

    Configs firstMatch() {
        firstMatch = true;
        return this;
    }

    Configs dropPending() {
        dropPending = true;
        return this;
    }

    Configs maxTraceBytes(long n, OversizedTraces what) {
        maxTraceBytes = n;
        oversized = what;
        return this;
    }

    Configs shards(int n) {
        shards = n;
        return this;
    }

    Configs heldMib(int n) {
        heldMib = n;
        return this;
    }

    Configs limitsLast() {
        limitsLast = true;
        return this;
    }

    Configs shadow(PolicyConfig... policies) {
        shadows = List.of(policies);
        return this;
    }

    Configs stress(double percentage) {
        stress = new StressConfig(percentage, 95, 50);
        return this;
    }

    Configs rates() {
        rates = true;
        return this;
    }

    Configs threshold() {
        threshold = true;
        return this;
    }

    Configs explained(int mib) {
        explainedMib = mib;
        return this;
    }

    Configs spanIngest() {
        strategy = SamplingStrategy.SPAN_INGEST;
        return this;
    }

    Configs policies(List<PolicyConfig> those) {
        policies = those;
        return this;
    }

    Configs journal(int maxMib) {
        journal = new JournalConfig("", Sync.NONE, Duration.ofSeconds(1), maxMib);
        return this;
    }

    Configs unrecorded() {
        record = false;
        return this;
    }

    TailSamplingConfig config() {
        return new TailSamplingConfig(
                policies,
                Duration.ofSeconds(10),
                afterRoot,
                numTraces,
                0,
                false,
                new DecisionCacheConfig(remembered, remembered),
                firstMatch,
                dropPending,
                maxTraceBytes,
                strategy,
                shards,
                new WeirConfig(
                        heldMib,
                        16,
                        record,
                        limitsLast,
                        rates,
                        threshold,
                        shadows,
                        stress,
                        oversized,
                        journal,
                        explainedMib,
                        16,
                        Duration.ofMinutes(10)));
    }
}
