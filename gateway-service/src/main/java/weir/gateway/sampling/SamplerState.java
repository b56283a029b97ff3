package weir.gateway.sampling;

import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import weir.pipeline.ComponentContext;

/** How a sampler is doing: what its shards show of themselves, taken together. Safe for use by any thread. */
final class SamplerState {
    private final TraceShard[] shards;

    /** @param shards all of them; not copied */
    SamplerState(TraceShard[] shards) {
        this.shards = shards;
    }

    /** Registers the gauges. */
    void show(ComponentContext context, TailSamplingConfig config, LongSupplier queuedBytes) {
        String id = context.id().toString();
        context.metrics()
                .gauge(
                        "otelcol_processor_tail_sampling_sampling_traces_on_memory",
                        "Undecided traces",
                        () -> sum(ShardGauges::traces));
        context.metrics()
                .gauge(
                        "weir_sampling_held_bytes",
                        "What undecided traces, and kept ones on their way out, take",
                        () -> sum(ShardGauges::heldBytes),
                        "component",
                        id);
        context.metrics()
                .gauge(
                        "weir_sampling_max_held_bytes",
                        "The byte budget: at it senders are asked to retry later",
                        config::heldBytes,
                        "component",
                        id);
        context.metrics()
                .gauge(
                        "weir_sampling_stressed_shards",
                        "Shards that hold so much that new traces are not waited for",
                        () -> sum(shown -> shown.isStressed() ? 1 : 0),
                        "component",
                        id);
        context.metrics()
                .gauge("weir_sampling_queued_bytes", "Requests that wait to be taken in", queuedBytes, "component", id);
        context.metrics()
                .gauge(
                        "weir_sampling_oldest_trace_milliseconds",
                        "How long the oldest undecided trace waits",
                        this::oldestMillis,
                        "component",
                        id);
    }

    /** Whether a shard holds as much as it may. */
    boolean isFull() {
        for (TraceShard shard : shards) {
            if (shard.gauges().isFull()) {
                return true;
            }
        }
        return false;
    }

    /** What keeps it from being drained, for people. */
    String open() {
        int kept = 0;
        int handedOver = 0;
        for (TraceShard shard : shards) {
            kept += shard.keptBatches();
            handedOver += shard.departures();
        }
        return sum(ShardGauges::traces)
                + " undecided traces, "
                + kept
                + " batches of kept spans that the next component has not taken, "
                + handedOver
                + " batches of undecided traces that their new owners have not taken";
    }

    private long oldestMillis() {
        long oldest = 0;
        for (TraceShard shard : shards) {
            oldest = Math.max(oldest, shard.gauges().oldestAgeMillis());
        }
        return oldest;
    }

    private long sum(ToLongFunction<ShardGauges> what) {
        long sum = 0;
        for (TraceShard shard : shards) {
            sum += what.applyAsLong(shard.gauges());
        }
        return sum;
    }
}
