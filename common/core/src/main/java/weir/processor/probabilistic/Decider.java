package weir.processor.probabilistic;

import weir.tracestate.Thresholds;

/** The threshold by which a mode decides, and the hash of the mode that has one. Immutable. */
final class Decider {
    private static final int BUCKETS = 1 << 14;
    private static final float BUCKETS_A_PERCENT = BUCKETS / 100f;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final ProbabilisticSamplerConfig.Mode mode;
    private final double ratio;
    private final int precision;
    private final long threshold;
    private final int seeded;

    Decider(ProbabilisticSamplerConfig config) {
        float percentage = (float) Math.min(100, config.samplingPercentage());
        mode = config.mode();
        precision = config.samplingPrecision();
        ratio = percentage == 0 ? 0 : Math.max(percentage / 100.0, Thresholds.LEAST);
        threshold = mode == ProbabilisticSamplerConfig.Mode.HASH_SEED
                ? ofBuckets((int) (percentage * BUCKETS_A_PERCENT))
                : Thresholds.of(ratio, precision);
        int hash = FNV_OFFSET;
        for (int shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ ((int) (config.hashSeed() >>> shift) & 0xff)) * FNV_PRIME;
        }
        seeded = hash;
    }

    private static long ofBuckets(int kept) {
        return kept == 0 ? Thresholds.NEVER : (long) (BUCKETS - kept) << 42;
    }

    /** Whether nothing is kept but by its own wish. */
    boolean isNever() {
        return threshold == Thresholds.NEVER;
    }

    boolean isHashing() {
        return mode == ProbabilisticSamplerConfig.Mode.HASH_SEED;
    }

    /** @param came the threshold of what an item says of former decisions; {@link Thresholds#NONE} */
    long threshold(long came) {
        if (isNever() || came == Thresholds.NONE) {
            return threshold;
        }
        return switch (mode) {
            case HASH_SEED -> threshold;
            case EQUALIZING -> Math.max(threshold, came);
            case PROPORTIONAL -> Thresholds.of(Thresholds.probability(came) * ratio, precision);
        };
    }

    /** The threshold of what an item asks for itself, in percent; {@link Thresholds#NONE} if that is no share. */
    long ofPercentage(double percentage) {
        double asked = percentage / 100;
        return asked >= Thresholds.LEAST && asked <= 1 ? Thresholds.of(asked, precision) : Thresholds.NONE;
    }

    /** The randomness of some bytes: 14 bits of their hash decide, upside down; the others fill it up. */
    long randomness(byte[] b, int from, int end) {
        int hash = seeded;
        for (int i = from; i < end; i++) {
            hash = (hash ^ (b[i] & 0xff)) * FNV_PRIME;
        }
        long bucket = hash & (BUCKETS - 1);
        long unused = Integer.toUnsignedLong(hash) >>> 18;
        return (BUCKETS - 1 - bucket) << 42 | (unused ^ unused << 10) << 14 | bucket;
    }
}
