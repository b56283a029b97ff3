package weir.gateway.sampling;

import java.time.Duration;
import java.util.List;
import weir.gateway.sampling.PolicyConfig.LatencyConfig;
import weir.gateway.sampling.PolicyConfig.ProbabilisticConfig;
import weir.gateway.sampling.PolicyConfig.StatusCodeConfig;
import weir.gateway.sampling.TailSamplingConfig.DecisionCacheConfig;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.gateway.sampling.TailSamplingConfig.WeirConfig;

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
    private OversizedTraces oversized = OversizedTraces.DECIDE;

    static PolicyConfig always(String name) {
        return new PolicyConfig(name, "always_sample", null, null, null);
    }

    static PolicyConfig latency(String name, long threshold, long upper) {
        return new PolicyConfig(name, "latency", new LatencyConfig(threshold, upper), null, null);
    }

    static PolicyConfig probabilistic(String name, double percentage) {
        return new PolicyConfig(
                name, "probabilistic", null, new ProbabilisticConfig(percentage, "default-hash-seed"), null);
    }

    static PolicyConfig status(String name, String... codes) {
        return new PolicyConfig(name, "status_code", null, null, new StatusCodeConfig(List.of(codes)));
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
                "trace-complete",
                shards,
                new WeirConfig(heldMib, 16, record, oversized));
    }
}
