package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/** Makes one data point of several of a kind: the first is changed. Belongs to one thread. */
abstract sealed class PointMerge permits NumberMerge, HistogramMerge, ExponentialMerge {
    /** Writes what a point must have in common with another, besides attributes and time, to be merged with it. */
    abstract void writeKey(MessageEdit point, Output key);

    /** Begins with the first of so many points. */
    abstract void begin(MessageEdit first, int points);

    /**
     * Adds another.
     *
     * @return false if it has nothing to add
     */
    abstract boolean add(MessageEdit first, MessageEdit other);

    /** Puts what was added into the first. */
    abstract void finish(MessageEdit first);

    /** Of fields of eight bytes: the first's becomes the sum of both, as whole numbers. */
    static void addFixed64(MessageEdit first, MessageEdit other, int field) {
        int tag = field << 3 | Wire.FIXED64;
        first.setFixed64(field, first.number(tag) + other.number(tag));
    }

    /** The same of doubles. */
    static void addDouble(MessageEdit first, MessageEdit other, int field) {
        int tag = field << 3 | Wire.FIXED64;
        double sum = Double.longBitsToDouble(first.number(tag)) + Double.longBitsToDouble(other.number(tag));
        first.setFixed64(field, Double.doubleToRawLongBits(sum));
    }

    /** Of doubles: if the other's is beyond the first's, it becomes that; nothing if the first has none. */
    static void widen(MessageEdit first, MessageEdit other, int field, boolean upwards) {
        int tag = field << 3 | Wire.FIXED64;
        int entry = first.find(tag);
        if (entry != MessageEdit.ABSENT) {
            double mine = Double.longBitsToDouble(first.numberAt(entry));
            double theirs = Double.longBitsToDouble(other.number(tag));
            if (upwards ? theirs > mine : theirs < mine) {
                first.setFixed64(field, Double.doubleToRawLongBits(theirs));
            }
        }
    }

    /** Writes whether a field of eight bytes is there. */
    static void writePresence(MessageEdit point, int field, Output key) {
        key.varint(1, point.find(field << 3 | Wire.FIXED64) == MessageEdit.ABSENT ? 0 : 1);
    }

    /** Adds the other's exemplars to the first's. */
    static void addExemplars(MessageEdit first, MessageEdit other, int field) {
        int entries = other.entries();
        for (int i = 0; i < entries; i++) {
            if (other.tag(i) == (field << 3 | Wire.BYTES)) {
                first.replaceBytes(MessageEdit.ABSENT, field, other.bytes(i), other.from(i), other.end(i));
            }
        }
    }
}
