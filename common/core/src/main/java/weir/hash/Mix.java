package weir.hash;

/**
 * 64-bit mixing: the finalizer of SplitMix64 (Steele, Lea, Flood 2014, with Stafford's variant 13 of the constants), a
 * bijection in which every bit of the input turns about half of the bits of the output.
 *
 * <p>Three choices are made from one trace id: which gateway owns it, which shard of it, and whether it is sampled. If two of
 * them read the same bits, one gateway would own only traces that are sampled. So sampling reads the id's low 56 bits as
 * they are (W3C, level 2), and every other choice mixes the id with a salt of its own.
 */
public final class Mix {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Mix() {}

    /** Mixes 64 bits. */
    public static long mix(long x) {
        long z = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Mixes 128 bits, such as a trace id, to 64. */
    public static long mix(long high, long low) {
        return mix(mix(high + GOLDEN) ^ low);
    }

    /** A hash of bytes: FNV-1a, mixed. */
    public static long hash(byte[] bytes, int from, int end) {
        long h = 0xcbf29ce484222325L;
        for (int i = from; i < end; i++) {
            h = (h ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return mix(h);
    }
}
