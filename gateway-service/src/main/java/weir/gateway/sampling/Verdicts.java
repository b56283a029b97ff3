package weir.gateway.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;
import weir.pipeline.TraceVerdicts;

/** Tells what shards remember of traces; some at a time, as a shard must not be held for long. For any thread. */
record Verdicts(TraceShard[] shards, long seed) implements TraceVerdicts {
    private static final int AT_ONCE = 256;

    @Override
    public Verdict[] verdicts(long[] traceIds) {
        Verdict[] verdicts = new Verdict[traceIds.length / 2];
        Arrays.fill(verdicts, Verdict.UNKNOWN);
        long[] hashes = new long[verdicts.length];
        Arrays.setAll(hashes, i -> TraceHash.of(traceIds[2 * i], traceIds[2 * i + 1], seed));
        for (int s = 0; s < shards.length; s++) {
            int shard = s;
            int[] its = IntStream.range(0, hashes.length)
                    .filter(i -> TraceHash.shard(hashes[i], shards.length) == shard)
                    .toArray();
            for (int from = 0; from < its.length; from += AT_ONCE) {
                int[] some = Arrays.copyOfRange(its, from, Math.min(its.length, from + AT_ONCE));
                long[] known = shards[s].decisions((decisions, _) -> Arrays.stream(some)
                        .mapToLong(i -> decisions.verdict(hashes[i]))
                        .toArray());
                for (int i = 0; i < some.length; i++) {
                    verdicts[some[i]] = of(known[i]);
                }
            }
        }
        return verdicts;
    }

    private static Verdict of(long known) {
        if (known == DecisionMemory.UNKNOWN) {
            return Verdict.UNKNOWN;
        }
        return known == DecisionMemory.DROPPED ? Verdict.DROPPED : Verdict.KEPT;
    }
}
