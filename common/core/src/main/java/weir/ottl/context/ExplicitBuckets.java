package weir.ottl.context;

import java.util.Arrays;
import java.util.function.LongSupplier;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/**
 * Makes histograms of exponential ones. The collector's function does it its own way, in which there are as many counts as
 * bounds (OTLP wants one more), a bucket's count goes where its bounds lie among those given, values below zero are left out,
 * and zeros too unless the first bound is 0; sum, least and greatest value are 0 where the data point does not tell them. As
 * there, the metric's metadata are gone afterwards. Belongs to one thread.
 */
final class ExplicitBuckets {
    /** Where the count of an exponential bucket goes that does not lie between two bounds. */
    enum Distribution {
        /** To the first bound that its upper one does not exceed. */
        UPPER,
        /** By its middle. */
        MIDPOINT,
        /** In equal parts to all bounds that lie in it, and the next. */
        UNIFORM,
        /** To the same ones, by chance. */
        RANDOM
    }

    /** Above this, what is left to chance one by one is first dealt evenly. */
    private static final int MAX_BY_CHANCE = 1 << 12;

    private static final double LN_2 = Math.log(2);
    private static final int[] COPIED = {2, 3, 4};
    private static final int EXPONENTIAL_MIN = 12;
    private static final int EXPONENTIAL_MAX = 13;
    private static final int MIN = 11;
    private static final int MAX = 12;

    private final Distribution distribution;
    private final double[] bounds;
    private final LongSupplier random;
    private final long[] counts;
    private final Buckets positive = new Buckets();
    private final MessageEdit point = new MessageEdit();
    private final Output out = new Output(1024);

    /**
     * @param bounds at least one
     * @param random 64 bits a call
     */
    ExplicitBuckets(Distribution distribution, double[] bounds, LongSupplier random) {
        this.distribution = distribution;
        this.bounds = bounds.clone();
        this.random = random;
        this.counts = new long[bounds.length];
    }

    /** Does nothing to metrics of other types. */
    void apply(Item item) {
        if (item.dataField() != Fields.METRIC_EXPONENTIAL_HISTOGRAM) {
            return;
        }
        MessageEdit data = item.data();
        out.clear();
        for (int i = 0; i < data.entries(); i++) {
            if (Item.isPoint(data, i)) {
                point.reset(data.bytes(i), data.from(i), data.end(i), Fields.EXPONENTIAL_POINT_ATTRIBUTES);
                writePoint();
            }
        }
        long temporality = data.number(MetricData.TEMPORALITY << 3 | Wire.VARINT);
        if (temporality != 0) {
            out.varint(MetricData.TEMPORALITY, temporality);
        }
        item.replaceData(Fields.METRIC_HISTOGRAM, out, 0);
    }

    private void writePoint() {
        int mark = out.begin(1);
        for (int field : COPIED) {
            long number = point.number(field << 3 | Wire.FIXED64);
            if (number != 0) {
                out.fixed64(field, number);
            }
        }
        out.fixed64(PointField.SUM.histogram(), point.number(PointField.SUM.exponential() << 3 | Wire.FIXED64));
        count();
        out.header(PointField.BUCKET_COUNTS.histogram(), 8 * counts.length);
        for (long count : counts) {
            out.rawFixed64(count);
        }
        out.header(PointField.EXPLICIT_BOUNDS.histogram(), 8 * bounds.length);
        for (double bound : bounds) {
            out.rawFixed64(Double.doubleToRawLongBits(bound));
        }
        int exemplars = PointField.EXEMPLARS.exponential() << 3 | Wire.BYTES;
        for (int i = 0; i < point.entries(); i++) {
            if (point.tag(i) == exemplars) {
                out.field(PointField.EXEMPLARS.histogram(), point.bytes(i), point.from(i), point.end(i));
            }
        }
        for (int n = 0; n < point.attributes(); n++) {
            int entry = point.entryOf(n);
            out.field(Fields.HISTOGRAM_POINT_ATTRIBUTES, point.bytes(entry), point.from(entry), point.end(entry));
        }
        out.fixed64(MIN, point.number(EXPONENTIAL_MIN << 3 | Wire.FIXED64));
        out.fixed64(MAX, point.number(EXPONENTIAL_MAX << 3 | Wire.FIXED64));
        out.end(mark);
    }

    private void count() {
        Arrays.fill(counts, 0);
        long zeros = point.number(PointField.ZERO_COUNT.exponential() << 3 | Wire.FIXED64);
        if (bounds[0] == 0) {
            counts[0] += zeros;
        }
        int zigzag = (int) point.number(PointField.SCALE.exponential() << 3 | Wire.VARINT);
        double factor = Math.scalb(LN_2, -(zigzag >>> 1 ^ -(zigzag & 1)));
        positive.read(point, PointField.POSITIVE.exponential());
        for (int i = 0; i < positive.size(); i++) {
            int index = positive.offset() + i;
            distribute(positive.count(i), Math.exp(index * factor), Math.exp((index + 1) * factor));
        }
    }

    private void distribute(long count, double lower, double upper) {
        int last = bounds.length - 1;
        if (lower > bounds[last]) {
            counts[last] += count;
            return;
        }
        for (int i = 1; i <= last; i++) {
            if (lower > bounds[i - 1] && upper <= bounds[i]) {
                counts[i - 1] += count;
                return;
            }
        }
        switch (distribution) {
            case UPPER -> counts[Math.min(first(upper), last)] += count;
            case MIDPOINT -> {
                int i = first((upper + lower) / 2);
                counts[i > last ? last : Math.max(0, i - 1)] += count;
            }
            case UNIFORM -> evenly(count, Math.min(first(lower), last), Math.min(first(upper), last));
            case RANDOM -> byChance(count, lower, upper, Math.min(first(lower), last), Math.min(first(upper), last));
        }
    }

    /** The first bound that is not below a value; one too many if all are. */
    private int first(double value) {
        int i = 0;
        while (i < bounds.length && !(value <= bounds[i])) {
            i++;
        }
        return i;
    }

    private void evenly(long count, int from, int to) {
        if (to <= from) {
            counts[from] += count;
            return;
        }
        int parts = to - from + 1;
        long each = Long.divideUnsigned(count, parts);
        long rest = Long.remainderUnsigned(count, parts);
        for (int i = from; i <= to; i++) {
            counts[i] += each + (i - from < rest ? 1 : 0);
        }
    }

    private void byChance(long count, double lower, double upper, int from, int to) {
        if (to <= from) {
            counts[from] += count;
            return;
        }
        long left = count;
        for (int i = from; i <= to; i++) {
            double begin = i == 0 ? lower : bounds[i - 1];
            double share = (Math.min(bounds[i], upper) - Math.max(begin, lower)) / (upper - lower);
            long most = (long) (count * share);
            long some = Math.clamp((long) ((random.getAsLong() >>> 11) * 0x1p-53 * most), 0, Math.max(0, left));
            counts[i] += some;
            left -= some;
        }
        int parts = to - from + 1;
        if (left > MAX_BY_CHANCE) {
            long each = left / parts;
            for (int i = from; i <= to; i++) {
                counts[i] += each;
            }
            left -= each * parts;
        }
        for (; left > 0; left--) {
            counts[from + (int) Long.remainderUnsigned(random.getAsLong(), parts)]++;
        }
    }
}
