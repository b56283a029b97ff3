package weir.gateway.sampling;

import java.time.Duration;

/**
 * What one shard may do: its share of the options of the whole sampler.
 *
 * @param waitTicks from a trace's first span to its decision
 * @param afterRootTicks from its root to its decision; 0: as if it had none
 * @param maxTraces undecided; beyond it the oldest is decided
 * @param maxTraceBytes of one trace's spans; from there it is decided
 * @param dropOversized whether that means to drop it
 * @param maxHeldBytes of log, index and kept batches on their way out
 * @param rememberedDecisions for late spans
 * @param dropPending whether shutdown drops what is undecided
 * @param decideOnIngest whether policies are asked whenever spans come, and only then
 * @param stressPercentage share of new traces to pass on under stress; negative: there is none
 * @param stressBytes held, from which on there is stress
 * @param relaxedBytes held, below which there is none any more
 * @param explainedBytes of notes about the latest decisions
 */
record Limits(
        int waitTicks,
        int afterRootTicks,
        int maxTraces,
        int maxTraceBytes,
        boolean dropOversized,
        long maxHeldBytes,
        int rememberedDecisions,
        boolean dropPending,
        boolean decideOnIngest,
        double stressPercentage,
        long stressBytes,
        long relaxedBytes,
        long explainedBytes) {

    /** Positions in a shard's log can name 16 GiB; the rest is for what is not in the log. */
    static final long MAX_SHARD_BYTES = 15L << 30;

    private static final int DEFAULT_MAX_TRACE_BYTES = 64 << 20;

    static Limits of(TailSamplingConfig config) {
        int shards = config.numShards();
        long held = config.heldBytes() / shards;
        long trace = config.maximumTraceSizeBytes() > 0 ? config.maximumTraceSizeBytes() : DEFAULT_MAX_TRACE_BYTES;
        TailSamplingConfig.StressConfig stress = config.weir().stress();
        return new Limits(
                ticks(config.decisionWait()),
                config.decisionWaitAfterRootReceived().isZero() ? 0 : ticks(config.decisionWaitAfterRootReceived()),
                config.numTraces() == 0 ? Integer.MAX_VALUE : Math.max(1, config.numTraces() / shards),
                (int) Math.min(trace, Math.max(1 << 16, held / 4)),
                config.weir().oversizedTraces() == TailSamplingConfig.OversizedTraces.DROP,
                held,
                (int) Math.min(1 << 28, (config.decisionCache().decisions() + shards - 1) / shards),
                config.dropPendingTracesOnShutdown(),
                config.isSpanIngest(),
                stress == null ? -1 : stress.samplingPercentage(),
                stress == null ? 0 : held / 100 * stress.activationPercent(),
                stress == null ? 0 : held / 100 * stress.deactivationPercent(),
                ((long) config.weir().explainedMib() << 20) / shards);
    }

    /** Rounded up, and one more because ticks are counted from their begin: never too early. */
    private static int ticks(Duration wait) {
        return (int) ((wait.toNanos() + TraceShard.TICK_NANOS - 1) / TraceShard.TICK_NANOS) + 1;
    }

    /** A new one, for one shard. */
    Stress stress() {
        return new Stress(stressPercentage, stressBytes, relaxedBytes);
    }

    /** From here on traces are decided early, so that senders need not be refused. */
    long pressureBytes() {
        return maxHeldBytes / 10 * 9;
    }

    /** What may be on its way to other gateways that own it now and have not taken it yet. */
    long handingBytes() {
        return Math.clamp(maxHeldBytes / 8, 1 << 20, 8 << 20);
    }

    /** The base-2 logarithm of a segment's bytes: large enough to be few, small enough to be at most a 32nd of the whole. */
    int segmentBits() {
        int bits = 63 - Long.numberOfLeadingZeros(Math.max(1, maxHeldBytes / 32));
        return Math.clamp(bits, 14, 22);
    }
}
