package weir.gateway.prometheus;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Wire;

/**
 * One data point of any kind, read from its bytes; to be used again for the next. Belongs to one thread.
 *
 * <p>Source: opentelemetry-proto 1.11, metrics.proto; the field numbers stand beside the kinds in {@link Kind}.
 */
final class Point {
    /** The kinds of data that a metric may hold, with the fields of their points that differ. */
    enum Kind {
        GAUGE(5, 7, 8, 5),
        SUM(7, 7, 8, 5),
        HISTOGRAM(9, 9, 10, 8),
        EXPONENTIAL_HISTOGRAM(10, 1, 10, 11),
        SUMMARY(11, 7, 8, 0);

        /** All of them, for going through without a copy. */
        static final List<Kind> ALL = List.of(values());

        /** The field of a Metric that holds it. */
        final int field;

        private final int attributes;
        private final int flags;
        private final int exemplars;

        Kind(int field, int attributes, int flags, int exemplars) {
            this.field = field;
            this.attributes = attributes;
            this.flags = flags;
            this.exemplars = exemplars;
        }
    }

    private static final int NO_RECORDED_VALUE = 1;

    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final boolean readsExemplars;

    final Ranges attributes = new Ranges();
    private final Ranges exemplars = new Ranges();
    private byte[] bytes = {};

    long startNanos;
    long timeNanos;
    /** Of a gauge or a sum. */
    double value;
    /** It says that there is no value (any more). */
    boolean gone;

    long count;
    double sum;

    /** Upper bounds of a histogram, ascending, or quantiles of a summary. */
    double[] bounds = new double[16];

    int boundCount;
    /** Per bound, how many values; not cumulative. */
    long[] counts = new long[17];

    /** The values at the quantiles. */
    double[] quantiles = new double[16];

    private int countCount;

    /** @param readsExemplars whether anybody will ask for them */
    Point(boolean readsExemplars) {
        this.readsExemplars = readsExemplars;
    }

    /** Makes it the point of a {@code target_info}. */
    Point one() {
        clear();
        value = 1;
        return this;
    }

    private void clear() {
        attributes.clear();
        exemplars.clear();
        startNanos = 0;
        timeNanos = 0;
        value = 0;
        gone = false;
        count = 0;
        sum = 0;
        boundCount = 0;
        countCount = 0;
    }

    /** Reads a point of a kind that lies between two offsets. */
    void read(Kind kind, byte[] b, int from, int to) {
        clear();
        bytes = b;
        fields.reset(b, from, to);
        while (fields.next()) {
            int field = fields.field();
            if (field == kind.attributes) {
                attributes.add(fields.from(), fields.end());
            } else if (field == 2) {
                startNanos = fields.number();
            } else if (field == 3) {
                timeNanos = fields.number();
            } else if (field == kind.flags) {
                gone = (fields.number() & NO_RECORDED_VALUE) != 0;
            } else if (field == kind.exemplars) {
                exemplars.add(fields.from(), fields.end());
            } else {
                readValue(kind, field);
            }
        }
        if (kind == Kind.HISTOGRAM) {
            boundCount = Math.min(boundCount, countCount);
        }
        if (!ascending()) {
            sortBounds();
        }
    }

    private void readValue(Kind kind, int field) {
        boolean number = kind == Kind.GAUGE || kind == Kind.SUM;
        switch (field) {
            case 4 -> {
                count = fields.number();
                value = Double.longBitsToDouble(count);
            }
            case 5 -> sum = Double.longBitsToDouble(fields.number());
            case 6 -> {
                if (number) {
                    value = (double) fields.number();
                } else if (kind == Kind.SUMMARY) {
                    quantile();
                } else if (kind == Kind.HISTOGRAM) {
                    bucketCounts();
                }
            }
            case 7 -> {
                if (kind == Kind.HISTOGRAM) {
                    bucketBounds();
                }
            }
            default -> {}
        }
    }

    /** Buckets come packed; unpacked is what protobuf lets a writer do too. */
    private void bucketCounts() {
        for (int at = fields.from(); at <= fields.end() - 8; at += 8) {
            addCount(Wire.fixed64(bytes, at));
        }
    }

    private void bucketBounds() {
        for (int at = fields.from(); at <= fields.end() - 8; at += 8) {
            addBound(Double.longBitsToDouble(Wire.fixed64(bytes, at)), 0);
        }
    }

    private void quantile() {
        double quantile = 0;
        double at = 0;
        inner.reset(bytes, fields.from(), fields.end());
        while (inner.next()) {
            if (inner.field() == 1) {
                quantile = Double.longBitsToDouble(inner.number());
            } else if (inner.field() == 2) {
                at = Double.longBitsToDouble(inner.number());
            }
        }
        addBound(quantile, at);
    }

    private void addCount(long n) {
        if (countCount == counts.length) {
            counts = Arrays.copyOf(counts, 2 * countCount);
        }
        counts[countCount++] = n;
    }

    private void addBound(double bound, double at) {
        if (boundCount == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * boundCount);
            quantiles = Arrays.copyOf(quantiles, 2 * boundCount);
        }
        bounds[boundCount] = bound;
        quantiles[boundCount++] = at;
    }

    /** Whether the bounds are as they should be: each above the one before, none infinite or no number. */
    private boolean ascending() {
        for (int i = 1; i < boundCount; i++) {
            if (!(bounds[i] > bounds[i - 1])) {
                return false;
            }
        }
        return boundCount == 0 || bounds[boundCount - 1] < Double.POSITIVE_INFINITY;
    }

    /** Sorts buckets or quantiles, makes one of those with the same bound, and leaves out those without a finite one. */
    private void sortBounds() {
        counts = counts.length < boundCount ? Arrays.copyOf(counts, bounds.length) : counts;
        Integer[] order = new Integer[boundCount];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (x, y) -> Double.compare(bounds[x], bounds[y]));
        double[] sorted = new double[bounds.length];
        long[] sortedCounts = new long[counts.length];
        double[] sortedQuantiles = new double[bounds.length];
        int n = 0;
        for (int i : order) {
            if (bounds[i] == Double.POSITIVE_INFINITY || Double.isNaN(bounds[i])) {
                continue;
            }
            if (n > 0 && sorted[n - 1] == bounds[i]) {
                sortedCounts[n - 1] += counts[i];
            } else {
                sorted[n] = bounds[i];
                sortedQuantiles[n] = quantiles[i];
                sortedCounts[n++] = counts[i];
            }
        }
        bounds = sorted;
        counts = sortedCounts;
        quantiles = sortedQuantiles;
        boundCount = n;
    }

    /** The last exemplar as it is shown behind a value, if there is one and anybody will ask. */
    byte @Nullable [] exemplar() {
        return exemplars.count() == 0 || !readsExemplars
                ? null
                : exemplarAt(exemplars.count() - 1).text();
    }

    /** Per bucket, the last exemplar that falls in it; null if there is none at all. */
    byte @Nullable [] @Nullable [] exemplarsByBucket(Bounds buckets) {
        if (exemplars.count() == 0 || !readsExemplars) {
            return null;
        }
        byte[] @Nullable [] byBucket = new byte[buckets.count() + 1] @Nullable [];
        for (int i = 0; i < exemplars.count(); i++) {
            Exemplar exemplar = exemplarAt(i);
            byBucket[buckets.bucketOf(exemplar.value())] = exemplar.text();
        }
        return byBucket;
    }

    private Exemplar exemplarAt(int i) {
        return Exemplar.read(inner, bytes, exemplars.from(i), exemplars.to(i));
    }
}
