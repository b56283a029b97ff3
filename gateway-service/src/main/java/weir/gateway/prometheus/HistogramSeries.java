package weir.gateway.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * A series of a histogram. One of an exponential histogram has no bounds: the text formats can show no more of it than its
 * count and sum.
 */
final class HistogramSeries extends Series {
    private static final byte[] INFINITY = Bounds.text("le", Double.POSITIVE_INFINITY);

    private Bounds bounds = Bounds.NONE;
    /** Per bound, the values up to it that are above the bound before. */
    private long[] counts = {};

    private long count;
    private double sum;
    private byte @Nullable [] @Nullable [] exemplars;

    HistogramSeries(Family family, byte[] labels, int exposedHash, long high, long low, boolean delta) {
        super(family, labels, exposedHash, high, low, delta);
    }

    @Override
    boolean overlaps(Point point) {
        return Long.compareUnsigned(point.startNanos, timeNanos) < 0;
    }

    @Override
    void take(Point point, Take how) {
        boolean same = bounds.equal(point.bounds, point.boundCount);
        if (!same) {
            bounds = family.bounds("le", point.bounds, point.boundCount);
            counts = new long[point.boundCount];
        }
        boolean add = same && how == Take.ADD;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = point.counts[i] + (add ? counts[i] : 0);
        }
        count = point.count + (add ? count : 0);
        sum = point.sum + (add ? sum : 0);
        exemplars = point.exemplarsByBucket(bounds);
    }

    @Override
    int valueBytes() {
        return 32 + 8 * counts.length;
    }

    @Override
    void write(Rows rows) {
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            rows.sample(Rows.BUCKET, this, bounds.text(i, rows.openMetrics()));
            rows.integer(below);
            rows.end(this, exemplars == null ? null : exemplars[i]);
        }
        rows.sample(Rows.BUCKET, this, INFINITY);
        rows.integer(count);
        rows.end(this, exemplars == null ? null : exemplars[counts.length]);
        rows.sample(Rows.SUM, this);
        rows.number(sum);
        rows.end(this, null);
        rows.sample(Rows.COUNT, this);
        rows.integer(count);
        rows.end(this, null);
    }
}
