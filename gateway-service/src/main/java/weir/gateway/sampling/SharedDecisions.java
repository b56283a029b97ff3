package weir.gateway.sampling;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import weir.pipeline.SharesDecisions;
import weir.pipeline.ToldDecisions;

/** What a sampler decided lately, for other gateways, and what they told it. */
final class SharedDecisions implements SharesDecisions {
    private static final long SLACK_TICKS = 128;

    private final String sampler;
    private final long seed;
    private final TraceShard[] shards;
    private final Supplier<List<String>> policies;
    private final ReentrantLock policiesInForce;
    private final ForeignDecisions foreign;

    /**
     * @param policies the names of those in force
     * @param policiesInForce held while others are put in force, so that no verdict is told by wrong names
     */
    SharedDecisions(
            String sampler,
            long seed,
            TraceShard[] shards,
            Supplier<List<String>> policies,
            ReentrantLock policiesInForce,
            ForeignDecisions foreign) {
        this.sampler = sampler;
        this.seed = seed;
        this.shards = shards;
        this.policies = policies;
        this.policiesInForce = policiesInForce;
        this.foreign = foreign;
    }

    @Override
    public String sampler() {
        return sampler;
    }

    @Override
    public Duration toldFor() {
        return foreign.keptFor();
    }

    @Override
    public ToldDecisions decided(Duration lately, String self) {
        long ticks = Math.min(Integer.MAX_VALUE, lately.toNanos() / TraceShard.TICK_NANOS + SLACK_TICKS);
        policiesInForce.lock();
        try {
            LongStream.Builder words = LongStream.builder();
            for (TraceShard shard : shards) {
                // One part after the other, as a shard must not be held for long.
                for (int p = 0; p < DecisionMemory.PARTS; p++) {
                    int part = p;
                    for (long word : shard.decisions((decisions, tick) -> decisions.told(part, (int) ticks, tick))) {
                        words.add(word);
                    }
                }
            }
            List<String> names = policies.get();
            return new ToldDecisions(
                    self,
                    sampler,
                    seed,
                    names.subList(0, Math.min(names.size(), Decisions.MAX_POLICIES)),
                    words.build().toArray(),
                    Duration.ZERO);
        } finally {
            policiesInForce.unlock();
        }
    }

    @Override
    public List<ToldDecisions> heard() {
        return foreign.heard(sampler);
    }

    @Override
    public int learn(ToldDecisions told) {
        // Its own come back from who passes on all that it heard; they are in its own memory.
        return told.seed() == seed ? 0 : foreign.learn(told);
    }
}
