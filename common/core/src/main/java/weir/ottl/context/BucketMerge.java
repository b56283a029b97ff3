package weir.ottl.context;

import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Doubles;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;

/** Makes fewer buckets of a histogram's data point: takes a bound away, or several, so that a number is not exceeded. */
final class BucketMerge {
    /** How near a bound must be to one that is named. */
    private static final double EPSILON = 1e-12;

    private static final int COUNTS = PointField.BUCKET_COUNTS.histogram();
    private static final int BOUNDS = PointField.EXPLICIT_BOUNDS.histogram();

    private final NumberList counts = new NumberList();
    private final NumberList bounds = new NumberList();
    private final Output scratch = new Output(64);

    private BucketMerge() {}

    /** Makes {@code merge_histogram_buckets}. */
    static Function.Edit<Item> create(Arguments<Item> arguments) throws ArgumentException {
        boolean limits = switch (arguments.text("method", "remove_explicit_bound")) {
            case "remove_explicit_bound" -> false;
            case "limit_buckets" -> true;
            default ->
                throw new ArgumentException("method", "is either \"remove_explicit_bound\" or \"limit_buckets\"");
        };
        @Nullable Value known = arguments.constant("target_value");
        if (known != null) {
            try {
                double target = number(known, new Value());
                if (limits) {
                    checkLimit(target);
                }
            } catch (OttlException e) {
                throw new ArgumentException("target_value", String.valueOf(e.getMessage()));
            }
        }
        Getter<Item> target = arguments.value("target_value");
        Value value = new Value();
        Value number = new Value();
        BucketMerge merge = new BucketMerge();
        return item -> {
            if (item.dataField() == Fields.METRIC_HISTOGRAM) {
                target.get(item, value);
                double wanted = number(value, number);
                if (limits) {
                    checkLimit(wanted);
                    merge.limit(item.part(), wanted);
                } else {
                    merge.remove(item.part(), wanted);
                }
            }
        };
    }

    private static double number(Value value, Value scratch) {
        Doubles.of(value, scratch);
        if (scratch.isNil()) {
            throw new OttlException("a number is needed, not nil");
        }
        return scratch.number();
    }

    private static void checkLimit(double buckets) {
        if (!(buckets >= 1) || buckets != Math.rint(buckets) || buckets > Long.MAX_VALUE) {
            throw new OttlException("the most buckets there may be is a whole number above 0");
        }
    }

    /** @return whether there is one bound less than counts, and at least one */
    private boolean read(MessageEdit point) {
        counts.read(point, COUNTS, Wire.FIXED64);
        bounds.read(point, BOUNDS, Wire.FIXED64);
        return counts.size() > 1 && counts.size() == bounds.size() + 1;
    }

    private void write(MessageEdit point) {
        counts.putInto(point, COUNTS, scratch);
        bounds.putInto(point, BOUNDS, scratch);
    }

    private void remove(MessageEdit point, double bound) {
        if (!read(point)) {
            return;
        }
        for (int i = 0; i < bounds.size(); i++) {
            if (Math.abs(bounds.numberAt(i) - bound) < EPSILON) {
                counts.set(i + 1, counts.at(i + 1) + counts.at(i));
                counts.remove(i);
                bounds.remove(i);
                write(point);
                return;
            }
        }
    }

    /** Adds up as many neighbours each as needed. */
    private void limit(MessageEdit point, double most) {
        if (!read(point) || counts.size() <= most || !isIncreasing()) {
            return;
        }
        int size = counts.size();
        int together = (size - 1) / (int) most + 1;
        int merged = 0;
        for (int i = 0; i < size; i += together) {
            long sum = 0;
            int end = Math.min(size, i + together);
            for (int j = i; j < end; j++) {
                sum += counts.at(j);
            }
            counts.set(merged, sum);
            if (end < size) {
                bounds.set(merged, bounds.at(end - 1));
            }
            merged++;
        }
        counts.truncate(merged);
        bounds.truncate(merged - 1);
        write(point);
    }

    private boolean isIncreasing() {
        for (int i = 1; i < bounds.size(); i++) {
            if (!(bounds.numberAt(i) > bounds.numberAt(i - 1))) {
                return false;
            }
        }
        return true;
    }
}
