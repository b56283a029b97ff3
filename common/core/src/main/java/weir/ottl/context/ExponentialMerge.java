package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/** Of data points of exponential histograms of the same scale, which are added. Those without values change nothing. */
final class ExponentialMerge extends PointMerge {
    private static final int COUNT = PointField.COUNT.exponential();
    private static final int MIN = 12;
    private static final int MAX = 13;

    private final Buckets positive = new Buckets();
    private final Buckets negative = new Buckets();
    private final Buckets others = new Buckets();
    private boolean changed;

    @Override
    void writeKey(MessageEdit point, Output key) {
        key.varint(1, point.number(PointField.SCALE.exponential() << 3 | Wire.VARINT));
        writePresence(point, MIN, key);
        writePresence(point, MAX, key);
        key.varint(1, point.number(PointField.FLAGS.exponential() << 3 | Wire.VARINT));
    }

    @Override
    void begin(MessageEdit first, int points) {
        changed = false;
        positive.read(first, PointField.POSITIVE.exponential());
        negative.read(first, PointField.NEGATIVE.exponential());
    }

    @Override
    boolean add(MessageEdit first, MessageEdit other) {
        if (other.number(COUNT << 3 | Wire.FIXED64) == 0) {
            return false;
        }
        addFixed64(first, other, COUNT);
        addDouble(first, other, PointField.SUM.exponential());
        addFixed64(first, other, PointField.ZERO_COUNT.exponential());
        widen(first, other, MIN, false);
        widen(first, other, MAX, true);
        positive.add(others.read(other, PointField.POSITIVE.exponential()));
        negative.add(others.read(other, PointField.NEGATIVE.exponential()));
        addExemplars(first, other, PointField.EXEMPLARS.exponential());
        changed = true;
        return true;
    }

    @Override
    void finish(MessageEdit first) {
        if (changed) {
            positive.putInto(first, PointField.POSITIVE.exponential());
            negative.putInto(first, PointField.NEGATIVE.exponential());
        }
    }
}
