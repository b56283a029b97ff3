package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;

/**
 * Writes a metric with a number for each data point of another one: its name has a suffix, and its points have the attributes
 * and times of those. Belongs to one thread.
 */
final class DerivedMetric {
    /** What is told of a data point. */
    @FunctionalInterface
    interface NumberOf {
        /**
         * Appends a NumberDataPoint's value.
         *
         * @return false if there is none, and so no data point
         */
        boolean write(MessageEdit point, Output out);
    }

    private final byte[] suffix;
    private final MessageEdit point = new MessageEdit();

    DerivedMetric(String suffix) {
        this.suffix = suffix.getBytes(StandardCharsets.UTF_8);
    }

    /** Begins beside a metric, with the name. */
    Output begin(Item item) {
        MessageEdit of = item.message();
        Output out = item.made().begin();
        int name = of.find(Fields.METRIC_NAME << 3 | Wire.BYTES);
        int length = name == MessageEdit.ABSENT ? 0 : of.end(name) - of.from(name);
        out.header(Fields.METRIC_NAME, length + suffix.length);
        if (length > 0) {
            out.put(of.bytes(name), of.from(name), of.end(name));
        }
        return out.put(suffix);
    }

    /** Appends a text of a metric, such as its unit, if it has it. */
    static void copyText(MessageEdit of, int field, Output out) {
        int entry = of.find(field << 3 | Wire.BYTES);
        if (entry != MessageEdit.ABSENT) {
            out.field(field, of.bytes(entry), of.from(entry), of.end(entry));
        }
    }

    /**
     * Appends the data points.
     *
     * @return how many
     */
    int points(Item item, NumberOf number, Output out) {
        MessageEdit data = item.data();
        int attributes = PointField.ATTRIBUTES.of(item.dataField());
        int entries = data.entries();
        int points = 0;
        for (int i = 0; i < entries; i++) {
            if (Item.isPoint(data, i)) {
                point.reset(data.bytes(i), data.from(i), data.end(i), attributes);
                int before = out.size();
                int mark = out.begin(1);
                if (number.write(point, out)) {
                    copyAttributesAndTimes(point, out);
                    out.end(mark);
                    points++;
                } else {
                    out.truncate(before);
                }
            }
        }
        return points;
    }

    /** Appends what a NumberDataPoint has of the data point that it is made of. */
    static void copyAttributesAndTimes(MessageEdit point, Output out) {
        for (int n = 0; n < point.attributes(); n++) {
            int entry = point.entryOf(n);
            out.field(Fields.NUMBER_POINT_ATTRIBUTES, point.bytes(entry), point.from(entry), point.end(entry));
        }
        copyTime(point, PointField.START_TIME.number(), out);
        copyTime(point, PointField.TIME.number(), out);
    }

    private static void copyTime(MessageEdit point, int field, Output out) {
        long nanos = point.number(field << 3 | Wire.FIXED64);
        if (nanos != 0) {
            out.fixed64(field, nanos);
        }
    }
}
