package weir.connector.spanmetrics;

import java.util.Arrays;

/**
 * Counts values above or equal to 0 in buckets of which each is wider than the one before by the same factor,
 * {@code 2^(2^-scale)}: bucket {@code i} holds values in {@code (factor^i, factor^(i+1)]}. It begins with the finest scale
 * and halves the resolution as often as is needed for all that was seen to fit. Belongs to one thread at a time.
 *
 * <p>Source: OpenTelemetry metrics data model, ExponentialHistogram; which bucket a value falls into, where rounding
 * decides, as in lightstep/go-expohisto, which the collector uses.
 */
final class ExponentialHistogram {
    static final int MAX_SCALE = 20;

    private static final int SIGNIFICAND_BITS = 52;
    private static final long SIGNIFICAND = (1L << SIGNIFICAND_BITS) - 1;
    private static final double LOG2_E = 1.4426950408889634;
    private static final int MIN_BUCKETS = 8;

    private final int maxBuckets;
    private int scale = MAX_SCALE;
    private double scaleFactor = Math.scalb(LOG2_E, MAX_SCALE);
    private long[] counts = {};
    private int offset;
    private int buckets;
    private long count;
    private long zeroCount;
    private double sum;
    private double min;
    private double max;

    ExponentialHistogram(int maxBuckets) {
        this.maxBuckets = maxBuckets;
    }

    /** @param times at least 1 */
    void add(double value, long times) {
        min = count == 0 ? value : Math.min(min, value);
        max = count == 0 ? value : Math.max(max, value);
        count += times;
        if (value == 0) {
            zeroCount += times;
            return;
        }
        sum += value * times;
        int index = index(value);
        if (buckets > 0) {
            for (int change = tooFine(index); change > 0; change = tooFine(index)) {
                coarsen(change);
                index = index(value);
            }
        }
        count(index, times);
    }

    /** By how much the scale is too fine for this bucket to fit beside the others. */
    private int tooFine(int index) {
        int low = Math.min(offset, index);
        int high = Math.max(offset + buckets - 1, index);
        int change = 0;
        while ((high >> change) - (low >> change) >= maxBuckets) {
            change++;
        }
        return change;
    }

    private int index(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int exponent = Math.getExponent(value);
        boolean exact = (bits & SIGNIFICAND) == 0;
        if (scale <= 0) {
            return (exponent - (exact ? 1 : 0)) >> -scale;
        }
        return exact ? (exponent << scale) - 1 : (int) Math.floor(Math.log(value) * scaleFactor);
    }

    private void coarsen(int change) {
        int first = offset >> change;
        for (int i = 0; i < buckets; i++) {
            long moved = counts[i];
            counts[i] = 0;
            counts[((offset + i) >> change) - first] += moved;
        }
        buckets = ((offset + buckets - 1) >> change) - first + 1;
        offset = first;
        scale -= change;
        scaleFactor = Math.scalb(LOG2_E, scale);
    }

    private void count(int index, long times) {
        if (buckets == 0) {
            offset = index;
        }
        int before = Math.max(0, offset - index);
        int needed = before + Math.max(buckets, index - offset + 1);
        if (needed > counts.length) {
            counts = Arrays.copyOf(
                    counts, Math.min(maxBuckets, Math.max(Integer.highestOneBit(needed - 1) * 2, MIN_BUCKETS)));
        }
        if (before > 0) {
            System.arraycopy(counts, 0, counts, before, buckets);
            Arrays.fill(counts, 0, before, 0);
            offset = index;
        }
        buckets = needed;
        counts[index - offset] += times;
    }

    /** 0 where nothing but zeros was counted. */
    int scale() {
        return count == zeroCount ? 0 : scale;
    }

    /** The index of the first bucket. */
    int offset() {
        return offset;
    }

    int buckets() {
        return buckets;
    }

    /** @param i from 0 to {@link #buckets} */
    long bucket(int i) {
        return counts[i];
    }

    long count() {
        return count;
    }

    long zeroCount() {
        return zeroCount;
    }

    double sum() {
        return sum;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }
}
