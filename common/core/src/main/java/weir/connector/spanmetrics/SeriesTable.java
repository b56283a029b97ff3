package weir.connector.spanmetrics;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The series of one {@link Family} and what was counted of each, in arrays by the series' number. Numbers hold until {@link
 * #retain}. Belongs to one thread at a time.
 */
final class SeriesTable {
    private static final int MIN_SERIES = 64;
    private static final int IDS = 3;

    private final int family;
    private final double[] bounds;
    private final int maxBuckets;
    private final int maxExemplars;
    private final KeyTable keys;

    private @Nullable ResourceSeries[] resources = new ResourceSeries[MIN_SERIES];
    /** The attributes of its points: KeyValues as fields number 1 of a message. */
    private byte[][] attributes = new byte[MIN_SERIES][];

    private boolean[] overflow = new boolean[MIN_SERIES];
    private boolean[] shown = new boolean[MIN_SERIES];
    private long[] startUnixNanos = new long[MIN_SERIES];
    private long[] lastSeenNanos = new long[MIN_SERIES];
    private long[] counts = new long[MIN_SERIES];
    private double[] sums = new double[MIN_SERIES];
    private long[] buckets;
    private @Nullable ExponentialHistogram[] exponential;
    private int[] exemplars;
    private long[] exemplarIds;
    private double[] exemplarValues;
    private long attributeBytes;
    private int overflowing;

    /**
     * @param family its number
     * @param bounds upper bounds of explicit buckets; null: there is no histogram of them
     * @param maxBuckets of an exponential histogram; 0: there is none
     * @param maxExemplars of each series, at once
     */
    SeriesTable(int family, double @Nullable [] bounds, int maxBuckets, int maxExemplars, long seed) {
        this.family = family;
        this.bounds = bounds == null ? new double[0] : bounds;
        this.maxBuckets = maxBuckets;
        this.maxExemplars = maxExemplars;
        this.keys = new KeyTable(seed);
        this.buckets = new long[bounds == null ? 0 : MIN_SERIES * (bounds.length + 1)];
        this.exponential = new ExponentialHistogram[maxBuckets == 0 ? 0 : MIN_SERIES];
        this.exemplars = new int[maxExemplars == 0 ? 0 : MIN_SERIES];
        this.exemplarIds = new long[MIN_SERIES * maxExemplars * IDS];
        this.exemplarValues = new double[MIN_SERIES * maxExemplars];
    }

    /** The number of its family. */
    int family() {
        return family;
    }

    int size() {
        return keys.size();
    }

    /** How many of them stand for what there was no room for. */
    int overflowing() {
        return overflowing;
    }

    long heldBytes() {
        long each = 56 + 36L * maxExemplars;
        return keys.heldBytes()
                + each * counts.length
                + 8L * buckets.length
                + 8L * maxBuckets * size()
                + attributeBytes;
    }

    long hash(KeyBuffer key) {
        return keys.hash(key.bytes(), 0, key.size());
    }

    /** The series of a key, or -1. */
    int find(long hash, KeyBuffer key) {
        return keys.find(hash, key.bytes(), 0, key.size());
    }

    /** Adds a series that is not there, and tells its resource. */
    int add(
            long hash,
            KeyBuffer key,
            ResourceSeries resource,
            byte[] pointAttributes,
            boolean isOverflow,
            long nowUnixNanos) {
        if (keys.size() == counts.length) {
            grow();
        }
        int series = keys.add(hash, key.bytes(), 0, key.size());
        resources[series] = resource;
        attributes[series] = pointAttributes;
        attributeBytes += 16 + pointAttributes.length;
        overflow[series] = isOverflow;
        shown[series] = false;
        startUnixNanos[series] = nowUnixNanos;
        counts[series] = 0;
        sums[series] = 0;
        if (buckets.length > 0) {
            int width = bounds.length + 1;
            Arrays.fill(buckets, series * width, (series + 1) * width, 0);
        }
        if (maxBuckets > 0) {
            exponential[series] = new ExponentialHistogram(maxBuckets);
        }
        if (maxExemplars > 0) {
            exemplars[series] = 0;
        }
        tell(resource, series);
        return series;
    }

    private void tell(ResourceSeries resource, int series) {
        if (overflow[series]) {
            resource.overflowSeries[family] = series;
            overflowing++;
        } else {
            resource.series[family]++;
        }
    }

    private void grow() {
        int more = 2 * counts.length;
        resources = Arrays.copyOf(resources, more);
        attributes = Arrays.copyOf(attributes, more);
        overflow = Arrays.copyOf(overflow, more);
        shown = Arrays.copyOf(shown, more);
        startUnixNanos = Arrays.copyOf(startUnixNanos, more);
        lastSeenNanos = Arrays.copyOf(lastSeenNanos, more);
        counts = Arrays.copyOf(counts, more);
        sums = Arrays.copyOf(sums, more);
        buckets = Arrays.copyOf(buckets, Math.multiplyExact(2, buckets.length));
        exponential = Arrays.copyOf(exponential, 2 * exponential.length);
        exemplars = Arrays.copyOf(exemplars, 2 * exemplars.length);
        exemplarIds = Arrays.copyOf(exemplarIds, Math.multiplyExact(2, exemplarIds.length));
        exemplarValues = Arrays.copyOf(exemplarValues, 2 * exemplarValues.length);
    }

    /** @param times how many spans or events of this value it is counted as */
    void count(int series, long times, double value, long nowNanos) {
        counts[series] += times;
        lastSeenNanos[series] = nowNanos;
        if (buckets.length > 0) {
            sums[series] += value * times;
            buckets[series * (bounds.length + 1) + bucket(value)] += times;
        } else if (maxBuckets > 0) {
            exponentialOf(series).add(value, times);
        }
    }

    /** The first whose bound is not below the value; where there is none, the last. */
    private int bucket(double value) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Keeps a span as an example of the series, if there are not enough. */
    void exemplify(int series, long traceIdHigh, long traceIdLow, long spanId, double value) {
        if (maxExemplars == 0 || exemplars[series] == maxExemplars || overflow[series]) {
            return;
        }
        int at = series * maxExemplars + exemplars[series]++;
        exemplarIds[IDS * at] = traceIdHigh;
        exemplarIds[IDS * at + 1] = traceIdLow;
        exemplarIds[IDS * at + 2] = spanId;
        exemplarValues[at] = value;
    }

    void forgetExemplars() {
        Arrays.fill(exemplars, 0);
    }

    /** Forgets all series but some, which are numbered anew, and tells all resources how many theirs are. */
    void retain(IntPredicate kept, Iterable<ResourceSeries> all) {
        all.forEach(r -> r.forgetSeries(family));
        overflowing = 0;
        attributeBytes = 0;
        int[] numbers = new int[size()];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (kept.test(i)) {
                numbers[count] = i;
                move(i, count);
                attributeBytes += 16 + attributes[count].length;
                tell(resource(count), count);
                count++;
            }
        }
        Arrays.fill(resources, count, numbers.length, null);
        Arrays.fill(attributes, count, numbers.length, null);
        Arrays.fill(exponential, Math.min(count, exponential.length), exponential.length, null);
        keys.retain(numbers, count);
    }

    private void move(int from, int to) {
        if (from == to) {
            return;
        }
        resources[to] = resources[from];
        attributes[to] = attributes[from];
        overflow[to] = overflow[from];
        shown[to] = shown[from];
        startUnixNanos[to] = startUnixNanos[from];
        lastSeenNanos[to] = lastSeenNanos[from];
        counts[to] = counts[from];
        sums[to] = sums[from];
        if (buckets.length > 0) {
            int width = bounds.length + 1;
            System.arraycopy(buckets, from * width, buckets, to * width, width);
        }
        if (maxBuckets > 0) {
            exponential[to] = exponential[from];
        }
        if (maxExemplars > 0) {
            exemplars[to] = exemplars[from];
            System.arraycopy(
                    exemplarIds, from * maxExemplars * IDS, exemplarIds, to * maxExemplars * IDS, maxExemplars * IDS);
            System.arraycopy(exemplarValues, from * maxExemplars, exemplarValues, to * maxExemplars, maxExemplars);
        }
    }

    ResourceSeries resource(int series) {
        ResourceSeries resource = resources[series];
        if (resource == null) {
            throw new IllegalStateException("there is no series " + series);
        }
        return resource;
    }

    /** As fields number 1 of a message. */
    byte[] attributes(int series) {
        return attributes[series];
    }

    /** A hash that the series has for as long as its resource is known, also when it is forgotten in between. */
    long identity(int series) {
        return keys.hashOf(series);
    }

    /** Whether a point of it was made before; it is from now on. */
    boolean showing(int series) {
        boolean before = shown[series];
        shown[series] = true;
        return before;
    }

    long startUnixNanos(int series) {
        return startUnixNanos[series];
    }

    long lastSeenNanos(int series) {
        return lastSeenNanos[series];
    }

    long count(int series) {
        return counts[series];
    }

    double sum(int series) {
        return sums[series];
    }

    double[] bounds() {
        return bounds;
    }

    /** @param bucket from 0 to the number of bounds */
    long bucket(int series, int bucket) {
        return buckets[series * (bounds.length + 1) + bucket];
    }

    ExponentialHistogram exponentialOf(int series) {
        ExponentialHistogram histogram = exponential[series];
        if (histogram == null) {
            throw new IllegalStateException("there is no series " + series);
        }
        return histogram;
    }

    int exemplars(int series) {
        return maxExemplars == 0 ? 0 : exemplars[series];
    }

    long exemplarTraceIdHigh(int series, int exemplar) {
        return exemplarIds[IDS * (series * maxExemplars + exemplar)];
    }

    long exemplarTraceIdLow(int series, int exemplar) {
        return exemplarIds[IDS * (series * maxExemplars + exemplar) + 1];
    }

    long exemplarSpanId(int series, int exemplar) {
        return exemplarIds[IDS * (series * maxExemplars + exemplar) + 2];
    }

    double exemplarValue(int series, int exemplar) {
        return exemplarValues[series * maxExemplars + exemplar];
    }
}
