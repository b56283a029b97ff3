package weir.ottl.context;

import java.util.Arrays;
import weir.hash.Mix;
import weir.otlp.AnyValueText;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.otlp.edit.MessageEdit;

/**
 * Data points by what they have in common: each is put into the group of its key, in which the points keep their order. Groups
 * come in the order of their first points. To be used again; belongs to one thread.
 */
final class PointGroups {
    /** No further point. */
    static final int NONE = -1;

    private static final int MAX_KEPT_POINTS = 1 << 14;
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private Output keys = new Output(256);
    private final ValueView value = new ValueView();
    private int[] order = new int[16];

    private int[] next = new int[0];
    private int groups;
    private int[] first = new int[0];
    private int[] last = new int[0];
    private int[] size = new int[0];
    private int[] keyFrom = new int[0];
    private int[] keyEnd = new int[0];
    private long[] hash = new long[0];

    /** The number of a group and 1, or 0. */
    private int[] slots = new int[0];

    private int mask;

    /** Begins with a metric of so many data points at most. */
    void reset(int points) {
        groups = 0;
        if (keys.size() > MAX_KEPT_BYTES) {
            keys = new Output(256);
        }
        keys.clear();
        if (points > next.length || next.length > MAX_KEPT_POINTS) {
            int length = Math.max(16, points);
            next = new int[length];
            first = new int[length];
            last = new int[length];
            size = new int[length];
            keyFrom = new int[length];
            keyEnd = new int[length];
            hash = new long[length];
            slots = new int[4 * Integer.highestOneBit(length)];
        }
        mask = 4 * Integer.highestOneBit(Math.max(16, points)) - 1;
        Arrays.fill(slots, 0, mask + 1, 0);
    }

    /** Where the key of the next point is to be written. */
    Output key() {
        return keys;
    }

    /** Adds a point, whose key was written behind that of the former. */
    void add(int point) {
        int from = groups == 0 ? 0 : keyEnd[groups - 1];
        int end = keys.size();
        byte[] b = keys.bytes();
        long h = Mix.hash(b, from, end);
        next[point] = NONE;
        int slot = (int) h & mask;
        while (slots[slot] != 0) {
            int group = slots[slot] - 1;
            if (hash[group] == h && Arrays.equals(b, keyFrom[group], keyEnd[group], b, from, end)) {
                keys.truncate(from);
                next[last[group]] = point;
                last[group] = point;
                size[group]++;
                return;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = groups + 1;
        hash[groups] = h;
        keyFrom[groups] = from;
        keyEnd[groups] = end;
        first[groups] = point;
        last[groups] = point;
        size[groups] = 1;
        groups++;
    }

    int groups() {
        return groups;
    }

    /** How many points a group has. */
    int size(int group) {
        return size[group];
    }

    int first(int group) {
        return first[group];
    }

    /** The point after one in its group, or {@link #NONE}. */
    int next(int point) {
        return next[point];
    }

    /**
     * Writes attributes so that equal ones are equal bytes, whatever their order: by their keys, and of each value what it says.
     * As in the collector, a whole double is the integer that it is.
     */
    void writeAttributes(MessageEdit point, Output key) {
        int count = point.attributes();
        if (count > order.length) {
            order = new int[2 * count];
        }
        for (int n = 0; n < count; n++) {
            int at = n;
            while (at > 0 && compare(point, order[at - 1], n) > 0) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = n;
        }
        for (int i = 0; i < count; i++) {
            int n = order[i];
            byte[] b = point.bytes(point.entryOf(n));
            key.field(1, b, point.keyFrom(n), point.keyEnd(n));
            value.reset(b, point.valueFrom(n), point.valueEnd(n));
            switch (value.type()) {
                case EMPTY -> key.varint(2, 0);
                case STRING -> key.field(3, b, value.from(), value.end());
                case BOOL -> key.varint(4, value.booleanValue() ? 1 : 0);
                case INT -> key.varint(5, value.longValue());
                case DOUBLE -> writeDouble(value.doubleValue(), key);
                case BYTES -> key.field(7, b, value.from(), value.end());
                case ARRAY, KEY_VALUES -> {
                    String text = AnyValueText.of(value);
                    if (text.isEmpty()) {
                        key.field(8, b, value.from(), value.end());
                    } else {
                        key.field(9, text);
                    }
                }
            }
        }
    }

    private static void writeDouble(double number, Output key) {
        long whole = (long) number;
        if (whole == number && Math.abs(whole) < 1L << 53) {
            key.varint(5, whole);
        } else {
            key.number(6, number);
        }
    }

    private static int compare(MessageEdit point, int a, int b) {
        return Arrays.compareUnsigned(
                point.bytes(point.entryOf(a)),
                point.keyFrom(a),
                point.keyEnd(a),
                point.bytes(point.entryOf(b)),
                point.keyFrom(b),
                point.keyEnd(b));
    }
}
