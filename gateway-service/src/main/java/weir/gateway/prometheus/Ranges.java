package weir.gateway.prometheus;

import java.util.Arrays;

/** A list of pieces of an array, each from one offset up to another; to be used again and again. */
final class Ranges {
    private int[] offsets = new int[32];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int from, int to) {
        if (2 * count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        offsets[2 * count] = from;
        offsets[2 * count + 1] = to;
        count++;
    }

    int count() {
        return count;
    }

    int from(int i) {
        return offsets[2 * i];
    }

    int to(int i) {
        return offsets[2 * i + 1];
    }
}
