package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.OttlException;

/**
 * The value that a percentage of a histogram's measurements do not exceed, as if they lay evenly in the bucket that it is in;
 * evenly on a logarithmic scale if the buckets are exponential. Computed as the collector does. Belongs to one thread.
 */
final class Percentile {
    private static final int COUNT_TAG = PointField.COUNT.histogram() << 3 | Wire.FIXED64;
    private static final int MIN = 11;
    private static final int MAX = 12;
    private static final int ZERO_THRESHOLD = 14;
    private static final double LN_2 = Math.log(2);

    private final double fraction;
    private final NumberList counts = new NumberList();
    private final NumberList bounds = new NumberList();
    private final Buckets positive = new Buckets();
    private final Buckets negative = new Buckets();

    /** @param percent above 0 and below 100 */
    Percentile(double percent) {
        fraction = percent / 100;
    }

    /**
     * Appends the value of a histogram's data point, as that of a NumberDataPoint.
     *
     * @return false if it has no buckets to tell from
     * @throws OttlException if its buckets contradict each other or the count
     */
    boolean writeOfHistogram(MessageEdit point, Output out) {
        long count = point.number(COUNT_TAG);
        counts.read(point, PointField.BUCKET_COUNTS.histogram(), Wire.FIXED64);
        bounds.read(point, PointField.EXPLICIT_BOUNDS.histogram(), Wire.FIXED64);
        if (count == 0 || counts.size() == 0) {
            return false;
        }
        if (counts.size() != bounds.size() + 1) {
            throw new OttlException("a histogram with " + counts.size() + " buckets and " + bounds.size()
                    + " bounds is malformed: there must be one bound less");
        }
        int min = point.find(MIN << 3 | Wire.FIXED64);
        int max = point.find(MAX << 3 | Wire.FIXED64);
        long target = target(count);
        if (bounds.size() == 0) {
            if (min == MessageEdit.ABSENT || max == MessageEdit.ABSENT) {
                return false;
            }
            return write(linear(real(point, min), real(point, max), (double) target / counts.at(0)), out);
        }
        long before = 0;
        for (int i = 0; i < counts.size(); i++) {
            if (before + counts.at(i) >= target) {
                double ratio = (double) (target - before) / counts.at(i);
                if (i == 0) {
                    return write(inFirst(point, min, ratio), out);
                }
                double lower = bounds.numberAt(i - 1);
                if (i < bounds.size()) {
                    return write(linear(lower, bounds.numberAt(i), ratio), out);
                }
                boolean ends = max != MessageEdit.ABSENT && !(real(point, max) <= lower);
                return write(ends ? linear(lower, real(point, max), ratio) : lower, out);
            }
            before += counts.at(i);
        }
        throw tooFew(before, target);
    }

    /** From the least value, where it is told, or zero up to the first bound. */
    private double inFirst(MessageEdit point, int min, double ratio) {
        double upper = bounds.numberAt(0);
        if (min != MessageEdit.ABSENT && real(point, min) < upper) {
            return linear(real(point, min), upper, ratio);
        }
        return upper < 0 ? upper : linear(0, upper, ratio);
    }

    /** The same of an exponential histogram's. */
    boolean writeOfExponential(MessageEdit point, Output out) {
        long count = point.number(COUNT_TAG);
        long zeros = point.number(PointField.ZERO_COUNT.exponential() << 3 | Wire.FIXED64);
        positive.read(point, PointField.POSITIVE.exponential());
        negative.read(point, PointField.NEGATIVE.exponential());
        if (count == 0 || (negative.size() == 0 && positive.size() == 0 && zeros == 0)) {
            return false;
        }
        int zigzag = (int) point.number(PointField.SCALE.exponential() << 3 | Wire.VARINT);
        int scale = zigzag >>> 1 ^ -(zigzag & 1);
        long target = target(count);
        long before = 0;
        for (int i = negative.size() - 1; i >= 0; i--) {
            if (before + negative.count(i) >= target) {
                double ratio = (double) (target - before) / negative.count(i);
                int index = negative.offset() + i;
                return write(-logarithmic(bound(index, scale), bound(index + 1, scale), 1 - ratio), out);
            }
            before += negative.count(i);
        }
        if (before + zeros >= target) {
            double threshold = Double.longBitsToDouble(point.number(ZERO_THRESHOLD << 3 | Wire.FIXED64));
            // Where values lie on one side only, those near zero are thought to lie on that side too.
            double lower = negative.size() == 0 && positive.size() > 0 ? 0 : -threshold;
            double upper = positive.size() == 0 && negative.size() > 0 ? 0 : threshold;
            return write(linear(lower, upper, (double) (target - before) / zeros), out);
        }
        before += zeros;
        for (int i = 0; i < positive.size(); i++) {
            if (before + positive.count(i) >= target) {
                double ratio = (double) (target - before) / positive.count(i);
                int index = positive.offset() + i;
                return write(logarithmic(bound(index, scale), bound(index + 1, scale), ratio), out);
            }
            before += positive.count(i);
        }
        throw tooFew(before, target);
    }

    private long target(long count) {
        return (long) Math.ceil(count * fraction);
    }

    private static boolean write(double value, Output out) {
        out.number(PointField.AS_DOUBLE.number(), value);
        return true;
    }

    private static double real(MessageEdit point, int entry) {
        return Double.longBitsToDouble(point.numberAt(entry));
    }

    private static double linear(double lower, double upper, double ratio) {
        checkRatio(ratio);
        return lower + ratio * (upper - lower);
    }

    private static double logarithmic(double lower, double upper, double ratio) {
        checkRatio(ratio);
        if (!(lower > 0 && upper > 0)) {
            throw new OttlException("an exponential bucket from " + lower + " to " + upper + " has no logarithm");
        }
        double from = log2(lower);
        return Math.pow(2, from + (log2(upper) - from) * ratio);
    }

    private static void checkRatio(double ratio) {
        if (ratio < 0 || ratio > 1) {
            throw new OttlException("the buckets of a histogram contradict its count");
        }
    }

    /** Exact for powers of two, which bounds often are. */
    private static double log2(double x) {
        int exponent = Math.getExponent(x) + 1;
        double half = Math.scalb(x, -exponent);
        return half == 0.5 ? exponent - 1 : Math.log(half) * (1 / LN_2) + exponent;
    }

    /**
     * The lower bound of a bucket, {@code 2^(index * 2^-scale)}.
     *
     * @param index of the bucket
     */
    private static double bound(int index, int scale) {
        if (scale > 0) {
            return Math.exp(index * Math.scalb(LN_2, -scale));
        }
        // Beyond these, powers of two are 0 or infinite.
        long exponent = scale <= -32 ? Long.signum(index) * 4096L : (long) index << -scale;
        return Math.scalb(1.0, Math.clamp(exponent, -4096, 4096));
    }

    private static OttlException tooFew(long counted, long target) {
        return new OttlException("the buckets of a histogram hold " + counted + " values, not the " + target
                + " that its count says lie up to the percentile");
    }
}
