package weir.ottl.context;

import java.util.Arrays;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/**
 * Of data points of gauges and sums. Whether the result is an integer the first one says, as in the collector: among integers
 * the others' doubles count as 0 in a sum or mean, and lose their fraction otherwise. A first point without a value stays.
 */
final class NumberMerge extends PointMerge {
    private static final int DOUBLE = PointField.AS_DOUBLE.number();
    private static final int INT = PointField.AS_INT.number();

    private final Aggregation aggregation;
    private double[] doubles = new double[8];
    private long[] integers = new long[8];
    private boolean isDouble;
    private boolean hasValue;
    private int size;
    private int points;

    NumberMerge(Aggregation aggregation) {
        this.aggregation = aggregation;
    }

    @Override
    void writeKey(MessageEdit point, Output key) {}

    @Override
    void begin(MessageEdit first, int count) {
        int field = valueField(first);
        hasValue = field != 0;
        isDouble = field == DOUBLE;
        points = count;
        if (count > doubles.length) {
            doubles = new double[count];
            integers = new long[count];
        }
        size = 0;
        keep(field, first);
    }

    @Override
    boolean add(MessageEdit first, MessageEdit other) {
        if (hasValue) {
            keep(valueField(other), other);
        }
        return hasValue;
    }

    private void keep(int field, MessageEdit point) {
        long bits = field == 0 ? 0 : point.number(field << 3 | Wire.FIXED64);
        double number = field == DOUBLE ? Double.longBitsToDouble(bits) : bits;
        boolean ignored = field == DOUBLE && (aggregation == Aggregation.SUM || aggregation == Aggregation.MEAN);
        doubles[size] = number;
        integers[size] = field == DOUBLE ? (ignored ? 0 : (long) number) : bits;
        size++;
    }

    /** The later of both if there are both; 0 if there is none. */
    private static int valueField(MessageEdit point) {
        int asDouble = point.find(DOUBLE << 3 | Wire.FIXED64);
        int asInt = point.find(INT << 3 | Wire.FIXED64);
        if (asDouble == asInt) {
            return 0;
        }
        return asDouble > asInt ? DOUBLE : INT;
    }

    @Override
    void finish(MessageEdit first) {
        if (!hasValue) {
            return;
        }
        if (isDouble) {
            first.removeAll(INT << 3 | Wire.FIXED64);
            first.setFixed64(DOUBLE, Double.doubleToRawLongBits(ofDoubles()));
        } else {
            first.removeAll(DOUBLE << 3 | Wire.FIXED64);
            first.setFixed64(INT, ofIntegers());
        }
    }

    private double ofDoubles() {
        return switch (aggregation) {
            case SUM -> sumOfDoubles();
            case MEAN -> sumOfDoubles() / points;
            case MIN -> {
                double min = doubles[0];
                for (int i = 1; i < size; i++) {
                    min = Math.min(min, doubles[i]);
                }
                yield min;
            }
            case MAX -> {
                double max = doubles[0];
                for (int i = 1; i < size; i++) {
                    max = Math.max(max, doubles[i]);
                }
                yield max;
            }
            case MEDIAN -> {
                Arrays.sort(doubles, 0, size);
                double upper = doubles[size / 2];
                yield size % 2 == 1 ? upper : (doubles[size / 2 - 1] + upper) / 2;
            }
            case COUNT -> points;
        };
    }

    private double sumOfDoubles() {
        double sum = doubles[0];
        for (int i = 1; i < size; i++) {
            sum += doubles[i];
        }
        return sum;
    }

    private long ofIntegers() {
        return switch (aggregation) {
            case SUM -> sumOfIntegers();
            case MEAN -> sumOfIntegers() / points;
            case MIN -> {
                long min = integers[0];
                for (int i = 1; i < size; i++) {
                    min = Math.min(min, integers[i]);
                }
                yield min;
            }
            case MAX -> {
                long max = integers[0];
                for (int i = 1; i < size; i++) {
                    max = Math.max(max, integers[i]);
                }
                yield max;
            }
            case MEDIAN -> {
                Arrays.sort(integers, 0, size);
                long upper = integers[size / 2];
                yield size % 2 == 1 ? upper : (integers[size / 2 - 1] + upper) / 2;
            }
            case COUNT -> points;
        };
    }

    private long sumOfIntegers() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += integers[i];
        }
        return sum;
    }
}
