package weir.gateway.sampling;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.journal.Sync;

/** The options of {@code tail_sampling}: the collector's, and Weir's own under {@code weir}. */
public record TailSamplingConfig(
        @Option(
                doc = "What keeps a trace. All are asked; one that says yes is enough, unless one of type drop has the"
                        + " trace dropped. A change takes effect for all traces that are not decided yet.",
                required = true,
                live = true)
        List<PolicyConfig> policies,

        @Option(
                doc = "How long to wait for a trace's spans, from the arrival of the first one. Not rounded to"
                        + " seconds; decided within 0.2 s.",
                fallback = "30s")
        Duration decisionWait,

        @Option(
                doc = "If not 0: how long to wait after a span without parent has arrived, where that is shorter.",
                fallback = "0s")
        Duration decisionWaitAfterRootReceived,

        @Option(
                doc = "If not 0: how many undecided traces to hold; beyond it the oldest is decided early. The"
                        + " byte budget, weir.max_held_mib, holds in any case.")
        int numTraces,

        @Option(doc = "Accepted for the collector's files, and of no effect: the index of traces grows by itself.")
        long expectedNewTracesPerSec,

        @Option(
                doc = "Accepted for the collector's files, and of no effect: Weir evicts no undecided trace, it"
                        + " decides early and then asks senders to retry later.")
        boolean blockOnOverflow,

        @Option(doc = "How many decisions to remember for spans that come late.")
        DecisionCacheConfig decisionCache,

        @Option(doc = "Ask policies in the file's order only until one keeps the trace.", live = true)
        boolean sampleOnFirstMatch,

        @Option(doc = "Drop undecided traces when the process stops, rather than decide them with the spans there are.")
        boolean dropPendingTracesOnShutdown,

        @Option(
                doc = "If not 0: bytes of spans at which a trace is not waited for any longer; see"
                        + " weir.oversized_traces. In any case 64 MiB, or a quarter of the byte budget.")
        long maximumTraceSizeBytes,

        @Option(
                doc = "When policies are asked: trace-complete, when a trace's wait is over, about all its spans; or"
                        + " span-ingest, about each piece of a trace when it comes, alone, until one of them decides."
                        + " What nobody kept when the wait is over is then dropped.",
                fallback = "trace-complete")
        SamplingStrategy samplingStrategy,

        @Option(doc = "Threads that hold and decide traces, each its share of the trace ids; 1 to 256.", fallback = "1")
        int numShards,

        @Option(doc = "Weir's own options.") WeirConfig weir)
        implements Checked {

    /** Section {@code decision_cache}. */
    public record DecisionCacheConfig(
            @Option(doc = "How many decisions to keep a trace to remember; 0: as many as Weir sees fit.")
            int sampledCacheSize,

            @Option(doc = "How many decisions to drop a trace to remember; 0: as many as Weir sees fit.")
            int nonSampledCacheSize) {
        private static final long DEFAULT_KEPT = 100_000;
        private static final long DEFAULT_DROPPED = 900_000;

        /** Both kinds share one memory: at least this many of the latest decisions are in it. */
        long decisions() {
            return (sampledCacheSize > 0 ? sampledCacheSize : DEFAULT_KEPT)
                    + (nonSampledCacheSize > 0 ? nonSampledCacheSize : DEFAULT_DROPPED);
        }
    }

    /** Section {@code weir}. */
    public record WeirConfig(
            @Option(
                    doc = "MiB that undecided traces, and kept ones on their way out, may take together. Towards"
                            + " it the oldest traces are decided early; at it senders are asked to retry"
                            + " later. 0: half of the heap.")
            int maxHeldMib,

            @Option(
                    doc = "MiB of requests that may wait to be taken in; beyond it senders are asked to retry.",
                    fallback = "16")
            int maxQueuedMib,

            @Option(
                    doc =
                            "Write the attributes tailsampling.policy, tailsampling.policy_set (a hash of all policies) and"
                                    + " tailsampling.trigger on kept spans.",
                    fallback = "true",
                    live = true)
            boolean recordPolicy,

            @Option(
                    doc = "Ask rate_limiting, bytes_limiting and composite after all other policies, and only about"
                            + " traces that none of those keeps, so that no other trace is charged.",
                    live = true)
            boolean limitsLast,

            @Option(
                    doc = "Ask policies in the file's order, drop where it stands, and let the first one that matches"
                            + " decide: it keeps the share of its weir.sampling_percentage, by the randomness that"
                            + " OpenTelemetry's samplers use (rv, or the last 7 bytes of the trace id).",
                    live = true)
            boolean firstMatch,

            @Option(
                    doc = "Write the probability with which a trace was kept into the trace state of its spans, as"
                            + " ot=th, so that counts can be made up for it; where it is not known, as with rate"
                            + " limits and late spans, take away what is there. A policy of type probabilistic"
                            + " writes the randomness that it used as rv, too.",
                    live = true)
            boolean recordThreshold,

            @Option(
                    doc =
                            "Policies that are asked about each trace beside the others and decide nothing: what they would"
                                    + " have done is counted by weir_sampling_shadow_traces, with examples.",
                    live = true)
            List<PolicyConfig> shadowPolicies,

            @Option(
                    doc =
                            "What to do when so much is held that deciding early does not help. Unset: senders are asked to"
                                    + " retry, and nothing else.")
            @Nullable
            StressConfig stress,

            @Option(
                    doc = "What becomes of a trace that reaches maximum_trace_size_bytes: decide (by the policies,"
                            + " with the spans there are) or drop (as the collector does).",
                    fallback = "decide")
            OversizedTraces oversizedTraces,

            @Option(
                    doc =
                            "Write what is acknowledged to disk first, and read it back at the start, so that a process that"
                                    + " dies loses nothing. Unset: what is undecided is lost with the process.")
            @Nullable
            JournalConfig journal,

            @Option(
                    doc =
                            "MiB of numbers about the latest decisions, kept and dropped, so that ./weir why and the console"
                                    + " can explain them: about 11,000 decisions each. 0: none.",
                    fallback = "8")
            int explainedMib,

            @Option(
                    doc =
                            "MiB of decisions that other gateways tell, for traces of which spans come here now: some 40,000"
                                    + " decisions each; the oldest go first. See ownership.peers. 0: none.",
                    fallback = "32")
            int toldDecisionsMib,

            @Option(
                    doc = "How long decisions that other gateways tell are of use; longer than spans come late, plus"
                            + " ownership.grace_period.",
                    fallback = "10m")
            Duration toldDecisionsFor) {}

    /** Section {@code weir.journal}. */
    public record JournalConfig(
            @Option(doc = "Where to keep its files, for this process alone. Empty: in the process's data directory.")
            String directory,

            @Option(
                    doc =
                            "What an acknowledgement outlives: none and interval, the process; of a node that dies, interval"
                                    + " loses what came since the last sync; always, the node.",
                    fallback = "interval")
            Sync sync,

            @Option(doc = "Time between syncs, if sync is interval.", fallback = "1s")
            Duration syncInterval,

            @Option(
                    doc =
                            "MiB that its files may take, 16 or more: what comes in during decision_wait, and until the"
                                    + " backend has taken what was kept. At it, and on a full disk, senders are asked to retry.",
                    fallback = "1024")
            int maxMib) {
        private static final int MIN_MIB = 16;

        private void check(Complaints complaints) {
            if (maxMib < MIN_MIB) {
                complaints.error("weir.journal.max_mib", "must be at least " + MIN_MIB);
            }
            if (!syncInterval.isPositive()) {
                complaints.error("weir.journal.sync_interval", "must be longer than nothing");
            }
        }
    }

    /** Section {@code weir.stress}. */
    public record StressConfig(
            @Option(
                    doc = "Share of the new traces that is passed on at once, by their ids, in percent; the others are"
                            + " dropped. The same traces on all gateways.",
                    required = true)
            double samplingPercentage,

            @Option(doc = "Percent of weir.max_held_mib from which on this is done.", fallback = "95")
            int activationPercent,

            @Option(doc = "Percent of weir.max_held_mib below which it ends.", fallback = "85")
            int deactivationPercent) {}

    /** What becomes of a trace that grew too large. */
    public enum OversizedTraces {
        DECIDE,
        DROP
    }

    /** When policies are asked. */
    public enum SamplingStrategy {
        TRACE_COMPLETE("trace-complete"),
        SPAN_INGEST("span-ingest");

        private final String word;

        SamplingStrategy(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private static final long MAX_TRACE_BYTES = 1 << 30;
    private static final int MAX_SHARDS = 256;
    private static final int MAX_EXPLAINED_MIB = 1024;
    private static final int MAX_TOLD_MIB = 1024;

    @Override
    public void check(Complaints complaints) {
        checkPolicies(complaints);
        if (decisionWait.isNegative() || decisionWait.compareTo(Duration.ofDays(1)) > 0) {
            complaints.error("decision_wait", "must be between 0s and 24h");
        }
        if (decisionWaitAfterRootReceived.isNegative()) {
            complaints.error("decision_wait_after_root_received", "must not be negative; 0s turns it off");
        } else if (decisionWaitAfterRootReceived.compareTo(decisionWait) >= 0
                && !decisionWaitAfterRootReceived.isZero()) {
            complaints.warning(
                    "decision_wait_after_root_received", "is not shorter than decision_wait, so it changes nothing");
        }
        if (numTraces < 0) {
            complaints.error("num_traces", "must not be negative; 0 leaves it to the byte budget");
        }
        if (expectedNewTracesPerSec != 0) {
            complaints.warning("expected_new_traces_per_sec", "has no effect: the index of traces grows by itself");
        }
        if (blockOnOverflow) {
            complaints.warning(
                    "block_on_overflow",
                    "has no effect: no undecided trace is evicted; traces are decided early, then senders asked to retry");
        }
        if (maximumTraceSizeBytes < 0 || maximumTraceSizeBytes > MAX_TRACE_BYTES) {
            complaints.error("maximum_trace_size_bytes", "must be between 0 and " + MAX_TRACE_BYTES);
        }
        if (numShards < 1 || numShards > MAX_SHARDS) {
            complaints.error("num_shards", "must be between 1 and " + MAX_SHARDS);
        }
        checkOwn(complaints);
    }

    private void checkPolicies(Complaints complaints) {
        if (policies.isEmpty()) {
            complaints.error("policies", "name at least one policy; without any, no trace would be kept");
        }
        PolicyChecks checks = new PolicyChecks(complaints, weir.firstMatch());
        checks.check("policies", policies);
        checks.check("weir.shadow_policies", weir.shadowPolicies());
        if (isSpanIngest() && !weir.shadowPolicies().isEmpty()) {
            complaints.error("weir.shadow_policies", "ask about whole traces; sampling_strategy span-ingest does not");
        }
        if (isSpanIngest() && weir.firstMatch()) {
            complaints.error("weir.first_match", "asks about whole traces; sampling_strategy span-ingest does not");
        }
        if (isSpanIngest()) {
            checks.checkStateless("policies", policies);
        }
        if (PolicyChecks.conditions(policies) + PolicyChecks.conditions(weir.shadowPolicies())
                > ArrivalConditions.MAX_CONDITIONS) {
            complaints.error(
                    "policies",
                    "at most " + ArrivalConditions.MAX_CONDITIONS
                            + " policies and parts are possible; each condition of an ottl_condition counts as one");
        }
        if (policies.size() > Decisions.MAX_POLICIES) {
            complaints.error("policies", "at most " + Decisions.MAX_POLICIES + " policies are possible");
        }
    }

    private void checkOwn(Complaints complaints) {
        if (decisionCache.sampledCacheSize() < 0) {
            complaints.error("decision_cache.sampled_cache_size", "must not be negative");
        }
        if (decisionCache.nonSampledCacheSize() < 0) {
            complaints.error("decision_cache.non_sampled_cache_size", "must not be negative");
        }
        if (weir.maxHeldMib() < 0) {
            complaints.error("weir.max_held_mib", "must not be negative; 0 means half of the heap");
        }
        if (weir.maxQueuedMib() < 1) {
            complaints.error("weir.max_queued_mib", "must be at least 1");
        }
        if (weir.journal() != null) {
            weir.journal().check(complaints);
        }
        if (weir.explainedMib() < 0 || weir.explainedMib() > MAX_EXPLAINED_MIB) {
            complaints.error("weir.explained_mib", "must be between 0 and " + MAX_EXPLAINED_MIB);
        }
        if (weir.toldDecisionsMib() < 0 || weir.toldDecisionsMib() > MAX_TOLD_MIB) {
            complaints.error("weir.told_decisions_mib", "must be between 0 and " + MAX_TOLD_MIB);
        }
        if (weir.toldDecisionsFor().isNegative() || weir.toldDecisionsFor().compareTo(Duration.ofHours(2)) > 0) {
            complaints.error("weir.told_decisions_for", "must be between 0s and 2h");
        }
        StressConfig stress = weir.stress();
        if (stress != null && !(stress.samplingPercentage() >= 0 && stress.samplingPercentage() <= 100)) {
            complaints.error("weir.stress.sampling_percentage", "must be between 0 and 100");
        }
        if (stress != null
                && !(stress.deactivationPercent() >= 1
                        && stress.deactivationPercent() < stress.activationPercent()
                        && stress.activationPercent() <= 100)) {
            complaints.error(
                    "weir.stress.activation_percent",
                    "must be at most 100, and above deactivation_percent, which must be at least 1");
        }
        if (numShards >= 1 && heldBytes() / numShards > Limits.MAX_SHARD_BYTES) {
            complaints.error(
                    "num_shards",
                    "one shard can hold " + (Limits.MAX_SHARD_BYTES >> 30)
                            + " GiB: raise num_shards, or lower weir.max_held_mib");
        }
    }

    boolean isSpanIngest() {
        return samplingStrategy == SamplingStrategy.SPAN_INGEST;
    }

    PolicySet.Rules rules() {
        return new PolicySet.Rules(
                sampleOnFirstMatch, weir.limitsLast(), weir.recordPolicy(), weir.firstMatch(), weir.recordThreshold());
    }

    /** The byte budget of all shards together. */
    long heldBytes() {
        return weir.maxHeldMib() > 0
                ? (long) weir.maxHeldMib() << 20
                : Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 2);
    }
}
