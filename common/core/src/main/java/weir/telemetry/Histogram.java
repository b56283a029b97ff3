package weir.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** Counts values in buckets. Safe for use by any thread; a reader may see a value's bucket before its sum. */
public final class Histogram {
    private final double[] bounds;
    private final AtomicLongArray counts;
    private final DoubleAdder sum = new DoubleAdder();

    /** @param bounds upper bounds (inclusive), ascending, without infinity */
    public Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    public void record(double value) {
        record(value, 1);
    }

    /** Counts a value that occurred several times. */
    public void record(double value, long times) {
        int at = Arrays.binarySearch(bounds, value);
        counts.addAndGet(at >= 0 ? at : -at - 1, times);
        sum.add(value * times);
    }

    public double[] bounds() {
        return bounds.clone();
    }

    /** How many values fell in bucket {@code i}, not cumulative; the last one is that of infinity. */
    public long bucket(int i) {
        return counts.get(i);
    }

    public long count() {
        long n = 0;
        for (int i = 0; i < counts.length(); i++) {
            n += counts.get(i);
        }
        return n;
    }

    public double sum() {
        return sum.sum();
    }
}
