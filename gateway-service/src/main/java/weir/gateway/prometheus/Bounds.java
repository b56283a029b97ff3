package weir.gateway.prometheus;

import java.util.Arrays;

/**
 * The upper bounds of a histogram's buckets or the quantiles of a summary, with their texts; shared by all series of a
 * family that have the same.
 */
final class Bounds {
    static final Bounds NONE = new Bounds("le", new double[0], 0);

    private final double[] values;
    private final byte[][] texts;
    private final byte[][] openMetricsTexts;

    /** @param label le or quantile */
    Bounds(String label, double[] from, int count) {
        values = Arrays.copyOf(from, count);
        texts = new byte[count][];
        openMetricsTexts = new byte[count][];
        for (int i = 0; i < count; i++) {
            texts[i] = text(label, values[i], false);
            openMetricsTexts[i] = text(label, values[i], true);
        }
    }

    /** A label with a number as its value. */
    static byte[] text(String label, double value) {
        return text(label, value, false);
    }

    private static byte[] text(String label, double value, boolean point) {
        TextBuffer text = new TextBuffer(24);
        return text.put(label).put("=\"").number(value, point).put('"').toByteArray();
    }

    int count() {
        return values.length;
    }

    /** Which bucket a value falls in, {@link #count} for the one without a bound. */
    int bucketOf(double value) {
        int at = Arrays.binarySearch(values, value);
        return at >= 0 ? at : -at - 1;
    }

    /** The label with its value, such as {@code le="0.5"}. */
    byte[] text(int i, boolean openMetrics) {
        return openMetrics ? openMetricsTexts[i] : texts[i];
    }

    boolean equal(double[] others, int count) {
        return Arrays.equals(values, 0, values.length, others, 0, count);
    }
}
