package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;

/**
 * Policies that are asked beside those in force and decide nothing: what they would have done is counted, with examples.
 * Belongs to who holds the shard's lock.
 */
final class Shadow {
    private static final int EXAMPLES = 32;
    private static final long BETWEEN_EXAMPLES_NANOS = 50_000_000;

    /** The instruments, shared by the shards. */
    static final class Instruments {
        private final PolicyMetrics policies;
        private final Counter[] traces = new Counter[4];
        private final Counter[] spans = new Counter[4];

        Instruments(ComponentContext context, PolicySet shadow) {
            policies = new PolicyMetrics(context, shadow, "weir_sampling_shadow_");
            for (int i = 0; i < traces.length; i++) {
                traces[i] = counter(context, "weir_sampling_shadow_traces", "Traces", i);
                spans[i] = counter(context, "weir_sampling_shadow_spans", "Spans of traces", i);
            }
        }

        private static Counter counter(ComponentContext context, String name, String what, int kind) {
            return context.metrics()
                    .counter(
                            name,
                            what + " by what became of them and what shadow policies would have done",
                            "component",
                            context.id().toString(),
                            "live",
                            kind >= 2 ? "kept" : "dropped",
                            "shadow",
                            kind % 2 == 1 ? "kept" : "dropped");
        }
    }

    private final PolicySet policies;
    private final Instruments instruments;
    private final PolicyTally votes;
    private final long[] traces = new long[4];
    private final long[] spans = new long[4];
    private final ShadowDifference[] examples = new ShadowDifference[EXAMPLES];
    private int found;
    private long lastNanos = Long.MIN_VALUE / 2;
    private boolean changed;
    private volatile List<ShadowDifference> shown = List.of();

    Shadow(PolicySet policies, Instruments instruments) {
        this.policies = policies;
        this.instruments = instruments;
        this.votes = new PolicyTally(instruments.policies);
    }

    /**
     * Asks the shadow policies about a trace that was just decided.
     *
     * @param decision of the live ones, as {@link PolicySet#decide} gives it
     */
    void decided(TraceSummary trace, DecisionContext context, PolicySet live, int decision) {
        changed = true;
        int would = policies.decide(trace, context, votes, 0);
        int kind = (decision > PolicySet.NONE ? 2 : 0) + (would > PolicySet.NONE ? 1 : 0);
        traces[kind]++;
        spans[kind] += trace.spans();
        if ((kind == 1 || kind == 2) && context.nanos() - lastNanos >= BETWEEN_EXAMPLES_NANOS) {
            lastNanos = context.nanos();
            examples[found++ % EXAMPLES] = new ShadowDifference(
                    HexFormat.of().toHexDigits(trace.idHigh()) + HexFormat.of().toHexDigits(trace.idLow()),
                    kind == 2,
                    name(live, decision),
                    name(policies, would),
                    trace.spans(),
                    context.unixMillis());
        }
    }

    private static String name(PolicySet of, int decision) {
        int deciding = decision > PolicySet.NONE ? decision : PolicySet.dropping(decision);
        return deciding == PolicySet.NONE ? "" : of.name(deciding);
    }

    void publish() {
        if (!changed) {
            return;
        }
        changed = false;
        votes.publish();
        for (int i = 0; i < traces.length; i++) {
            instruments.traces[i].add(traces[i]);
            instruments.spans[i].add(spans[i]);
        }
        Arrays.fill(traces, 0);
        Arrays.fill(spans, 0);
        List<ShadowDifference> latest = new ArrayList<>();
        for (int i = found - 1; i >= Math.max(0, found - EXAMPLES); i--) {
            latest.add(examples[i % EXAMPLES]);
        }
        shown = List.copyOf(latest);
    }

    /** The latest differences, the newest first. Safe for use by any thread. */
    List<ShadowDifference> differences() {
        return shown;
    }
}
