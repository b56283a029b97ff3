package weir.gateway.prometheus;

import java.util.random.RandomGenerator;
import weir.otlp.FieldCursor;
import weir.otlp.Wire;

/**
 * Makes the 128-bit hash that a series is known by. Two lanes of multiply-and-fold over words of 8 bytes, with seeds that are
 * drawn per process, so that nobody outside can look for two series with one hash; among a million series by chance
 * it happens once in 10^26. Attributes are summed up, so that their order does not matter. Belongs to one thread.
 */
final class Identity {
    private static final int MAX_DEPTH = 64;
    /** The field of an AnyValue that holds a map. */
    private static final int MAP_TAG = 6 << 3 | Wire.BYTES;

    private final long seedHigh;
    private final long seedLow;
    private final long factorHigh;
    private final long factorLow;
    private final FieldCursor fields = new FieldCursor();

    private long high;
    private long low;

    Identity(RandomGenerator random) {
        seedHigh = random.nextLong();
        seedLow = random.nextLong();
        factorHigh = random.nextLong() | 1;
        factorLow = random.nextLong() | 1;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    Identity begin() {
        high = seedHigh;
        low = seedLow;
        return this;
    }

    /** Goes on from a hash that was made before. */
    Identity begin(long fromHigh, long fromLow) {
        high = fromHigh;
        low = fromLow;
        return this;
    }

    Identity add(long word) {
        high = fold(high ^ word, factorHigh);
        low = fold(low ^ Long.rotateLeft(word, 29), factorLow);
        return this;
    }

    Identity add(byte[] b, int from, int to) {
        int at = from;
        while (to - at >= 8) {
            add(Wire.fixed64(b, at));
            at += 8;
        }
        long rest = 0;
        for (int i = to - 1; i >= at; i--) {
            rest = rest << 8 | (b[i] & 0xff);
        }
        return add(rest).add(to - from);
    }

    /** Adds a set of KeyValue messages, whatever their order. */
    Identity addAttributes(byte[] b, Ranges attributes) {
        long beforeHigh = high;
        long beforeLow = low;
        long sumHigh = 0;
        long sumLow = 0;
        for (int i = 0; i < attributes.count(); i++) {
            begin();
            keyValue(fields, b, attributes.from(i), attributes.to(i), 0);
            sumHigh += high;
            sumLow += low;
        }
        return begin(beforeHigh ^ sumHigh, beforeLow ^ sumLow).add(attributes.count());
    }

    private void keyValue(FieldCursor cursor, byte[] b, int from, int to, int depth) {
        int keyFrom = from;
        int keyTo = from;
        int valueFrom = from;
        int valueTo = from;
        cursor.reset(b, from, to);
        while (cursor.next()) {
            if (cursor.isBytes(1)) {
                keyFrom = cursor.from();
                keyTo = cursor.end();
            } else if (cursor.isBytes(2)) {
                valueFrom = cursor.from();
                valueTo = cursor.end();
            }
        }
        add(b, keyFrom, keyTo);
        value(b, valueFrom, valueTo, depth);
    }

    /** The value's bytes as they are, but for maps, whose order is nobody's meaning. */
    private void value(byte[] b, int from, int to, int depth) {
        if (from == to || b[from] != MAP_TAG || depth > MAX_DEPTH) {
            add(b, from, to);
            return;
        }
        long beforeHigh = high;
        long beforeLow = low;
        long sumHigh = 0;
        long sumLow = 0;
        FieldCursor inner = new FieldCursor();
        FieldCursor entry = new FieldCursor();
        inner.reset(b, from, to);
        while (inner.next()) {
            entry.reset(b, inner.from(), inner.end());
            while (entry.next()) {
                begin();
                keyValue(new FieldCursor(), b, entry.from(), entry.end(), depth + 1);
                sumHigh += high;
                sumLow += low;
            }
        }
        begin(beforeHigh ^ sumHigh, beforeLow ^ sumLow).add(-1);
    }

    private static long fold(long a, long factor) {
        return a * factor ^ Math.unsignedMultiplyHigh(a, factor);
    }
}
