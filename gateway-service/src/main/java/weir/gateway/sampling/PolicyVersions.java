package weir.gateway.sampling;

import java.util.concurrent.atomic.AtomicLong;
import weir.pipeline.ComponentContext;

/** Which set of policies is in force, as metrics say it, and the instruments of each. To be used by one thread at a time. */
final class PolicyVersions {
    private final ComponentContext context;
    private final AtomicLong count = new AtomicLong();
    private String hash = "";

    PolicyVersions(ComponentContext context) {
        this.context = context;
    }

    /** How many sets were in force by now. Safe for use by any thread. */
    long count() {
        return count.get();
    }

    /** The instruments of policies that will be in force; also those that say which ones are. */
    PolicyInstruments announce(PolicySet policies) {
        String id = context.id().toString();
        count.incrementAndGet();
        context.metrics()
                .gauge(
                        "weir_sampling_policy_version",
                        "How many sets of policies were in force since the start",
                        count::get,
                        "component",
                        id);
        if (!hash.equals(policies.hash())) {
            context.metrics().remove("component", id, "hash", hash);
            hash = policies.hash();
        }
        context.metrics()
                .gauge(
                        "weir_sampling_policy_set",
                        "Always 1; which set of policies is in force",
                        () -> 1,
                        "component",
                        id,
                        "hash",
                        hash);
        PolicySet shadow = policies.shadow();
        return new PolicyInstruments(
                new PolicyMetrics(context, policies, SamplingMetrics.PREFIX),
                shadow == null ? null : new Shadow.Instruments(context, shadow));
    }
}
