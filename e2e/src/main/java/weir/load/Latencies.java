package weir.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** A histogram of durations from 1 us to about an hour, each bucket an eighth of a power of two wide. Safe for any thread. */
public final class Latencies {
    private static final int PER_OCTAVE = 8;
    private final AtomicLongArray buckets = new AtomicLongArray(32 * PER_OCTAVE);

    public void record(long nanos) {
        double octaves = Math.log(Math.max(1, nanos / 1000.0)) / Math.log(2);
        buckets.incrementAndGet((int) Math.min(buckets.length() - 1, Math.round(octaves * PER_OCTAVE)));
    }

    /** @param quantile 0 to 1 */
    public double millis(double quantile) {
        long all = 0;
        for (int i = 0; i < buckets.length(); i++) {
            all += buckets.get(i);
        }
        long wanted = (long) Math.ceil(all * quantile);
        for (int i = 0; i < buckets.length(); i++) {
            wanted -= buckets.get(i);
            if (wanted <= 0) {
                return all == 0 ? 0 : Math.pow(2, (double) i / PER_OCTAVE) / 1000;
            }
        }
        return 0;
    }
}
