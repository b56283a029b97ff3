package weir.gateway.prometheus;

import org.jspecify.annotations.Nullable;
import weir.pipeline.Reason;

/**
 * One identity of a metric: its labels as the bytes that are exposed, made once, and its newest value. Guarded by the
 * store's lock.
 *
 * <p>Several identities may have one name and one set of labels, when what tells them apart is not exposed. They are
 * chained, and only the one that came last is shown.
 */
abstract sealed class Series permits NumberSeries, HistogramSeries, SummarySeries {
    /** What an object of this kind takes besides its arrays, with its share of the tables: an estimate, rounded up. */
    static final int OVERHEAD_BYTES = 160;

    /** How a point that comes for a series is taken. */
    enum Take {
        /** As it is: its value is cumulative, or begins anew. */
        REPLACE,
        /** Added to what is there: it is a delta that begins where the last one ended. */
        ADD
    }

    final Family family;
    final byte[] labels;
    final int exposedHash;
    final long high;
    final long low;
    final boolean delta;

    /** When it was last updated, as the timer tells it. */
    long updatedNanos;
    /** Unix nanoseconds, unsigned; 0 when not given. */
    long startNanos;
    /** Unix nanoseconds, unsigned; 0 when not given, or before the first point. */
    long timeNanos;

    /** Where it stands among its family's members; -1 when it is not shown. */
    int member = -1;
    /** What was counted for it in the store. */
    int booked;
    /** No longer in the store. */
    boolean removed;
    /** The identity that took this one's place. */
    @Nullable
    Series newer;
    /** The identity whose place this one took. */
    @Nullable
    Series older;

    private boolean taken;

    /**
     * @param labels as they stand between the braces, sorted by name
     * @param exposedHash of {@link #exposed} and the family's name, one that nobody outside can foretell
     * @param high the upper half of the hash that it is known by
     * @param delta whether its points are differences to be added up
     */
    Series(Family family, byte[] labels, int exposedHash, long high, long low, boolean delta) {
        this.family = family;
        this.labels = labels;
        this.exposedHash = exposedHash;
        this.high = high;
        this.low = low;
        this.delta = delta;
    }

    /** Two series of a family with the same bytes here cannot be shown both. */
    byte[] exposed() {
        return labels;
    }

    /** Whether the point's time is shown where times are asked for. */
    boolean timed() {
        return true;
    }

    /** What it takes in memory: an estimate. */
    final int bytes() {
        return OVERHEAD_BYTES + labels.length + valueBytes();
    }

    /** Takes a point's value; says why if it does not. */
    final @Nullable Reason update(Point point, long nowNanos) {
        Take how = Take.REPLACE;
        if (taken) {
            if (point.timeNanos != 0 && Long.compareUnsigned(point.timeNanos, timeNanos) < 0) {
                return Reason.OUT_OF_ORDER;
            }
            if (delta) {
                if (point.startNanos == timeNanos) {
                    how = Take.ADD;
                } else if (overlaps(point)) {
                    return Reason.OUT_OF_ORDER;
                }
            }
        }
        take(point, how);
        taken = true;
        timeNanos = point.timeNanos;
        startNanos = how == Take.ADD ? startNanos : point.startNanos;
        updatedNanos = nowNanos;
        return null;
    }

    /** Whether a delta that begins before the last one ended must not be taken as a beginning. */
    boolean overlaps(Point point) {
        return false;
    }

    abstract void take(Point point, Take how);

    abstract int valueBytes();

    abstract void write(Rows rows);
}
