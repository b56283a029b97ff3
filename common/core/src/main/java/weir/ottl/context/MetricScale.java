package weir.ottl.context;

import java.util.Arrays;
import weir.otlp.Fields;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.OttlException;

/** Multiplies the values of a metric's data points, as for another unit. Belongs to one thread. */
final class MetricScale {
    private static final int SUM = 5;
    private static final int HISTOGRAM_MIN = 11;
    private static final int HISTOGRAM_MAX = 12;
    private static final int EXEMPLAR_DOUBLE = 3;
    private static final int QUANTILE_VALUE = 2;

    private final double multiplier;
    private final MessageEdit point = new MessageEdit();
    private final MessageEdit inner = new MessageEdit();

    MetricScale(double multiplier) {
        this.multiplier = multiplier;
    }

    /** @throws OttlException for exponential histograms, whose buckets cannot be moved, and metrics without data */
    void apply(Item item) {
        int field = item.dataField();
        if (field == 0 || field == Fields.METRIC_EXPONENTIAL_HISTOGRAM) {
            throw new OttlException(
                    field == 0 ? "a metric without data cannot be scaled" : "exponential histograms cannot be scaled");
        }
        MessageEdit data = item.data();
        int entries = data.entries();
        for (int i = 0; i < entries; i++) {
            if (Item.isPoint(data, i)) {
                point.reset(data.bytes(i), data.from(i), data.end(i), MessageEdit.NO_ATTRIBUTES);
                switch (field) {
                    case Fields.METRIC_HISTOGRAM -> histogram();
                    case Fields.METRIC_SUMMARY -> summary();
                    default -> number(point, PointField.AS_DOUBLE.number());
                }
                if (point.changed()) {
                    data.replace(i, 1, point);
                }
            }
        }
    }

    /** Of a NumberDataPoint or Exemplar, both of which have integers as field 6. */
    private void number(MessageEdit message, int asDouble) {
        real(message, asDouble);
        int integer = PointField.AS_INT.number();
        int entry = message.find(integer << 3 | Wire.FIXED64);
        if (entry != MessageEdit.ABSENT) {
            message.setFixed64(integer, (long) (message.numberAt(entry) * multiplier));
        }
    }

    private void real(MessageEdit message, int field) {
        int entry = message.find(field << 3 | Wire.FIXED64);
        if (entry != MessageEdit.ABSENT) {
            message.setFixed64(
                    field, Double.doubleToRawLongBits(Double.longBitsToDouble(message.numberAt(entry)) * multiplier));
        }
    }

    private void histogram() {
        real(point, SUM);
        real(point, HISTOGRAM_MIN);
        real(point, HISTOGRAM_MAX);
        int bounds = PointField.EXPLICIT_BOUNDS.histogram();
        int exemplars = PointField.EXEMPLARS.histogram();
        int entries = point.entries();
        for (int i = 0; i < entries; i++) {
            int tag = point.tag(i);
            if (tag == (bounds << 3 | Wire.BYTES)) {
                byte[] b = Arrays.copyOfRange(point.bytes(i), point.from(i), point.end(i));
                for (int at = 0; at < b.length; at += 8) {
                    double bound = Double.longBitsToDouble(Wire.fixed64(b, at));
                    Wire.putFixed64(b, at, Double.doubleToRawLongBits(bound * multiplier));
                }
                point.replaceBytes(i, bounds, b, 0, b.length);
            } else if (tag == (exemplars << 3 | Wire.BYTES)) {
                inner.reset(point.bytes(i), point.from(i), point.end(i), MessageEdit.NO_ATTRIBUTES);
                number(inner, EXEMPLAR_DOUBLE);
                point.replace(i, exemplars, inner);
            }
        }
    }

    private void summary() {
        real(point, SUM);
        int quantiles = PointField.QUANTILE_VALUES.summary();
        int entries = point.entries();
        for (int i = 0; i < entries; i++) {
            if (point.tag(i) == (quantiles << 3 | Wire.BYTES)) {
                inner.reset(point.bytes(i), point.from(i), point.end(i), MessageEdit.NO_ATTRIBUTES);
                real(inner, QUANTILE_VALUE);
                point.replace(i, quantiles, inner);
            }
        }
    }
}
