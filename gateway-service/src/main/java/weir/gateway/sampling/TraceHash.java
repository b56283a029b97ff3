package weir.gateway.sampling;

/**
 * The hash of a trace id that chooses its shard and its place in tables. Every bit of the id goes into every bit of the
 * hash, mixed with a seed of this process, so that it shares nothing with what the owner among the gateways or a
 * probability is read from, and nobody outside can make ids that collide.
 */
final class TraceHash {
    private TraceHash() {}

    static long of(long idHigh, long idLow, long seed) {
        return mix(idHigh + 0x9e3779b97f4a7c15L * (mix(idLow ^ seed) | 1));
    }

    /** The shard of a trace: read from other bits than the tables of the shard read. */
    static int shard(long hash, int shards) {
        return (int) Math.unsignedMultiplyHigh(hash * 0xd6e8feb86659fd93L, shards);
    }

    /** David Stafford's variant 13 of the 64-bit finalizer of MurmurHash3. */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
