package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/** The positive or negative buckets of an exponential histogram's data point. To be used again; belongs to one thread. */
final class Buckets {
    private static final int OFFSET = 1;
    private static final int COUNTS = 2;

    private final MessageEdit message = new MessageEdit();
    private final Output encoded = new Output(64);
    private final NumberList counts = new NumberList();
    private int offset;

    /** Reads a field of a data point. */
    Buckets read(MessageEdit point, int field) {
        counts.clear();
        offset = 0;
        int entry = point.find(field << 3 | Wire.BYTES);
        if (entry != MessageEdit.ABSENT) {
            message.reset(point.bytes(entry), point.from(entry), point.end(entry), MessageEdit.NO_ATTRIBUTES);
            int zigzag = (int) message.number(OFFSET << 3 | Wire.VARINT);
            offset = zigzag >>> 1 ^ -(zigzag & 1);
            counts.read(message, COUNTS, Wire.VARINT);
        }
        return this;
    }

    int size() {
        return counts.size();
    }

    long count(int i) {
        return counts.at(i);
    }

    /** The index of the first bucket, as the scale numbers them. */
    int offset() {
        return offset;
    }

    /**
     * Adds the counts of other buckets of the same scale, each to the bucket of the same bounds. (The collector 0.155 mistakes
     * the bounds when the offsets differ and the other begins below, or this begins with empty buckets.)
     *
     * @throws OttlException if they lie too far apart
     */
    void add(Buckets other) {
        if (other.size() == 0) {
            return;
        }
        if (size() == 0) {
            offset = other.offset;
        }
        long begin = Math.min(offset, other.offset);
        long end = Math.max((long) offset + size(), (long) other.offset + other.size());
        if (end - begin > Math.max(Limits.MAX_BUCKETS, Math.max(size(), other.size()))) {
            throw new OttlException(
                    "the buckets of two histograms are so far apart that together they would be " + (end - begin));
        }
        counts.shift((int) (offset - begin));
        counts.extend((int) (end - begin));
        offset = (int) begin;
        int first = other.offset - offset;
        for (int i = 0; i < other.size(); i++) {
            counts.set(first + i, counts.at(first + i) + other.count(i));
        }
    }

    /** Makes these the buckets of a data point; without any, leaves it as it is. */
    void putInto(MessageEdit point, int field) {
        if (counts.size() == 0) {
            return;
        }
        encoded.clear();
        if (offset != 0) {
            encoded.varint(OFFSET, (offset << 1 ^ offset >> 31) & 0xffff_ffffL);
        }
        counts.writeVarints(encoded, COUNTS);
        point.setBytes(field, encoded.bytes(), 0, encoded.size());
    }
}
