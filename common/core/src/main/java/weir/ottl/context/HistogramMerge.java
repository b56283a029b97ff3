package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/** Of data points of histograms with the same bounds, which are added. Those without values change nothing. */
final class HistogramMerge extends PointMerge {
    private static final int COUNT = PointField.COUNT.histogram();
    private static final int MIN = 11;
    private static final int MAX = 12;
    private static final int BUCKET_COUNTS = PointField.BUCKET_COUNTS.histogram();

    private final NumberList counts = new NumberList();
    private final NumberList others = new NumberList();
    private final Output scratch = new Output(64);
    private boolean changed;

    @Override
    void writeKey(MessageEdit point, Output key) {
        others.read(point, PointField.EXPLICIT_BOUNDS.histogram(), Wire.FIXED64);
        key.varint(1, others.size());
        for (int i = 0; i < others.size(); i++) {
            key.rawFixed64(others.at(i));
        }
        writePresence(point, MIN, key);
        writePresence(point, MAX, key);
        key.varint(1, point.number(PointField.FLAGS.histogram() << 3 | Wire.VARINT));
    }

    @Override
    void begin(MessageEdit first, int points) {
        changed = false;
        counts.read(first, BUCKET_COUNTS, Wire.FIXED64);
    }

    @Override
    boolean add(MessageEdit first, MessageEdit other) {
        if (other.number(COUNT << 3 | Wire.FIXED64) == 0) {
            return false;
        }
        addFixed64(first, other, COUNT);
        addDouble(first, other, PointField.SUM.histogram());
        widen(first, other, MIN, false);
        widen(first, other, MAX, true);
        others.read(other, BUCKET_COUNTS, Wire.FIXED64);
        counts.extend(others.size());
        for (int i = 0; i < others.size(); i++) {
            counts.set(i, counts.at(i) + others.at(i));
        }
        addExemplars(first, other, PointField.EXEMPLARS.histogram());
        changed = true;
        return true;
    }

    @Override
    void finish(MessageEdit first) {
        if (changed) {
            counts.putInto(first, BUCKET_COUNTS, scratch);
        }
    }
}
