package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.gateway.sampling.PolicySections.AdaptiveKinds;
import weir.gateway.sampling.PolicySections.AdaptivePercentageConfig;
import weir.gateway.sampling.PolicySections.AdaptiveThroughputConfig;

/**
 * A rate for each kind of trace, so that all kinds together meet a goal and rare ones are not lost among frequent ones: the
 * goal is shared out by the logarithm of how many of a kind come, and what a kind does not need goes to the others. How
 * many come is an exponential moving average over intervals. Belongs to who holds the shard's lock.
 *
 * <p>Source: how Honeycomb describes the EMA samplers of Refinery and of its library dynsampler, and the contrib collector's
 * {@code adaptive_tail_sampling}.
 */
final class AdaptiveRate implements Rate {
    private static final double FORGOTTEN = 0.5;
    private static final double FIRST_PERCENTAGE = 10;

    /** What came of one kind: in this interval, and on average. */
    private static final class Kind {
        private double count;
        private double average;
        private long threshold;
        private boolean rated;
    }

    private final Fingerprint fingerprint;
    private final double goalPercentage;
    private final double goalSpans;
    private final long intervalNanos;
    private final double weight;
    private final int maxKinds;
    private final Map<String, Kind> kinds = new HashMap<>();
    private long endNanos = Long.MIN_VALUE;
    private boolean adjusted;

    private AdaptiveRate(AdaptiveKinds kinds, double goalPercentage, double goalSpans) {
        this.fingerprint = new Fingerprint(kinds.fingerprintAttributes());
        this.intervalNanos = kinds.adjustmentInterval().toNanos();
        this.weight = kinds.weight();
        this.maxKinds = kinds.maxKeys();
        this.goalPercentage = goalPercentage;
        this.goalSpans = goalSpans;
    }

    /** Keeps a share of all traces that match. */
    static AdaptiveRate ofPercentage(AdaptivePercentageConfig config) {
        return new AdaptiveRate(config.kinds(), config.goalPercentage(), -1);
    }

    /**
     * Keeps so many spans a second.
     *
     * @param shards that share them
     */
    static AdaptiveRate ofThroughput(AdaptiveThroughputConfig config, int shards) {
        double seconds = config.kinds().adjustmentInterval().toNanos() / 1e9;
        return new AdaptiveRate(config.kinds(), -1, config.goalThroughput() * seconds / shards);
    }

    @Override
    public long threshold(TraceSummary trace, DecisionContext context) {
        long now = context.nanos();
        if (endNanos == Long.MIN_VALUE) {
            endNanos = now + intervalNanos;
        } else if (now >= endNanos) {
            adjust();
            endNanos = now + intervalNanos;
        }
        String key = fingerprint.of(trace, context.log);
        Kind kind = kinds.get(key);
        if (kind == null && kinds.size() < maxKinds) {
            kind = new Kind();
            kinds.put(key, kind);
        }
        if (kind != null) {
            kind.count += goalSpans < 0 ? 1 : trace.spans();
        }
        if (!adjusted || kind == null) {
            return OtTraceState.threshold(goalSpans < 0 ? goalPercentage : FIRST_PERCENTAGE);
        }
        // What was never seen is rare.
        return kind.rated ? kind.threshold : 0;
    }

    @Override
    public void continueFrom(Rate former) {
        if (former instanceof AdaptiveRate other) {
            kinds.putAll(other.kinds);
            endNanos = other.endNanos;
            adjusted = other.adjusted;
        }
    }

    private void adjust() {
        kinds.values().removeIf(kind -> {
            // The first interval says all that is known.
            kind.average = adjusted ? weight * kind.count + (1 - weight) * kind.average : kind.count;
            kind.count = 0;
            return kind.average < FORGOTTEN;
        });
        adjusted = true;
        List<Kind> all = new ArrayList<>(kinds.values());
        all.sort(Comparator.comparingDouble(k -> k.average));
        double sum = all.stream().mapToDouble(k -> k.average).sum();
        double goal = goalSpans < 0 ? sum * goalPercentage / 100 : goalSpans;
        double logarithms = all.stream().mapToDouble(AdaptiveRate::logarithm).sum();
        for (Kind kind : all) {
            double log = logarithm(kind);
            double share = logarithms > 0 ? goal * log / logarithms : 0;
            double kept = Math.min(kind.average, Math.max(share, 0));
            goal -= kept;
            logarithms -= log;
            kind.rated = true;
            kind.threshold = OtTraceState.threshold(100 * kept / kind.average);
        }
    }

    /** One for a kind of which one comes, so that none is without a share. */
    private static double logarithm(Kind kind) {
        return 1 + Math.log10(Math.max(1, kind.average));
    }
}
