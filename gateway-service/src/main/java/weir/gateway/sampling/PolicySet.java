package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.List;
import weir.gateway.sampling.ArrivalCondition.Duration;

/**
 * The policies in the file's order, what they ask of spans on arrival, and what is written on the spans that they keep. Immutable; used by the threads of all shards.
 */
final class PolicySet {
    /** No policy keeps the trace. */
    static final int NONE = -1;

    private final List<String> names;
    private final SamplingPolicy[] policies;
    private final Duration[] durations;
    private final long[] durationBits;
    private final boolean firstMatch;
    private final byte[][][] attributes;

    /** @param firstMatch whether policies after the first that keeps a trace are not asked */
    PolicySet(List<PolicyConfig> configs, boolean firstMatch, boolean record) {
        this.names = configs.stream().map(PolicyConfig::name).toList();
        this.policies = new SamplingPolicy[configs.size()];
        this.firstMatch = firstMatch;
        List<Duration> asked = new ArrayList<>();
        for (int i = 0; i < policies.length; i++) {
            policies[i] = configs.get(i).compile(1L << asked.size());
            if (policies[i] instanceof SamplingPolicy.Latency latency) {
                asked.add((Duration) latency.condition());
            }
        }
        durations = asked.toArray(Duration[]::new);
        durationBits = new long[durations.length];
        for (int i = 0; i < durations.length; i++) {
            durationBits[i] = 1L << i;
        }
        attributes = new byte[policies.length][Trigger.values().length][];
        for (int i = 0; i < policies.length; i++) {
            for (Trigger trigger : Trigger.values()) {
                attributes[i][trigger.ordinal()] =
                        record ? DecisionAttributes.encoded(names.get(i), trigger) : new byte[0];
            }
        }
    }

    int size() {
        return policies.length;
    }

    String name(int policy) {
        return names.get(policy);
    }

    SamplingPolicy policy(int policy) {
        return policies[policy];
    }

    /** Looks at a trace after each of its spans was added to its summary. */
    void arrived(TraceSummary trace) {
        Duration[] asked = durations;
        if (asked.length > 0) {
            long nanos = trace.durationNanos();
            long bits = 0;
            for (int i = 0; i < asked.length; i++) {
                if (asked[i].matches(nanos)) {
                    bits |= durationBits[i];
                }
            }
            if (bits != 0) {
                trace.matched(bits);
            }
        }
    }

    /**
     * All policies are asked, and the first that keeps the trace is named; see {@link #NONE}.
     *
     * @param timed how many traces this one stands for in the time spent in policies, 0 if it is not measured
     */
    int decide(TraceSummary trace, Tally tally, int timed) {
        int keeping = NONE;
        int asked = 0;
        while (asked < policies.length && !(firstMatch && keeping != NONE)) {
            long begin = timed > 0 ? System.nanoTime() : 0;
            Vote vote = policies[asked].vote(trace);
            if (timed > 0) {
                tally.timed(asked, System.nanoTime() - begin, timed);
            }
            if (vote == Vote.SAMPLED) {
                tally.sampled(asked, trace.spans(), trace.bytes());
                keeping = keeping == NONE ? asked : keeping;
            }
            asked++;
        }
        tally.asked(asked, trace.spans(), trace.bytes());
        return keeping;
    }

    /** The encoded attributes to append to a kept span's message; empty when decisions are not recorded. */
    byte[] attributes(int policy, Trigger trigger) {
        return attributes[policy][trigger.ordinal()];
    }
}
