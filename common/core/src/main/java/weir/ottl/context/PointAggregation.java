package weir.ottl.context;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.OttlException;

/**
 * Makes one of those data points of a metric that have the same time and, after a change of them, the same attributes; of a
 * delta's also the same start. Other things than numbers, such as exemplars of gauges, are those of the first; the start is the
 * earliest. As in the collector, the metric's metadata are gone afterwards. Belongs to one thread.
 */
final class PointAggregation {
    /** What is done to each point before. */
    @FunctionalInterface
    interface Change {
        void to(MessageEdit point);
    }

    private static final int DELTA = 1;
    private static final int START_TIME = PointField.START_TIME.number();
    private static final int START_TAG = START_TIME << 3 | Wire.FIXED64;
    private static final int TIME_TAG = PointField.TIME.number() << 3 | Wire.FIXED64;
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private final Change change;
    private final boolean counts;
    private final NumberMerge numbers;
    private final HistogramMerge histograms = new HistogramMerge();
    private final ExponentialMerge exponentials = new ExponentialMerge();
    private final PointGroups groups = new PointGroups();
    private final MessageEdit point = new MessageEdit();
    private final MessageEdit other = new MessageEdit();
    private Output changed = new Output(1024);
    private Output out = new Output(1024);
    private int[] end = new int[16];

    PointAggregation(Aggregation aggregation, Change change) {
        this.change = change;
        this.counts = aggregation == Aggregation.COUNT;
        this.numbers = new NumberMerge(aggregation);
    }

    /** @throws OttlException for summaries, whose quantiles cannot be added */
    void apply(Item item) {
        int field = item.dataField();
        @Nullable
        PointMerge merge = switch (field) {
            case Fields.METRIC_GAUGE, Fields.METRIC_SUM -> numbers;
            case Fields.METRIC_HISTOGRAM -> histograms;
            case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> exponentials;
            case 0 -> null;
            default -> throw new OttlException("summaries cannot be aggregated");
        };
        if (merge == null) {
            return;
        }
        MessageEdit data = item.data();
        int attributes = PointField.ATTRIBUTES.of(field);
        long temporality = MetricData.hasTemporality(item) ? data.number(MetricData.TEMPORALITY << 3 | Wire.VARINT) : 0;
        int points = group(data, attributes, merge, temporality == DELTA);
        out = cleared(out);
        for (int group = 0; group < groups.groups(); group++) {
            write(group, attributes, merge);
        }
        if (temporality != 0) {
            out.varint(MetricData.TEMPORALITY, temporality);
        }
        if (field == Fields.METRIC_SUM && data.number(MetricData.MONOTONIC << 3 | Wire.VARINT) != 0) {
            out.varint(MetricData.MONOTONIC, 1);
        }
        item.replaceData(field, out, points - groups.groups());
    }

    /** Changes all points, and tells which belong together. */
    private int group(MessageEdit data, int attributes, PointMerge merge, boolean byStart) {
        changed = cleared(changed);
        int entries = data.entries();
        groups.reset(entries);
        int points = 0;
        for (int i = 0; i < entries; i++) {
            if (!Item.isPoint(data, i)) {
                continue;
            }
            point.reset(data.bytes(i), data.from(i), data.end(i), attributes);
            change.to(point);
            Output key = groups.key();
            key.fixed64(1, point.number(TIME_TAG));
            if (byStart) {
                key.fixed64(1, point.number(START_TAG));
            }
            merge.writeKey(point, key);
            groups.writeAttributes(point, key);
            point.write(changed);
            if (points == end.length) {
                end = Arrays.copyOf(end, 2 * points);
            }
            end[points] = changed.size();
            groups.add(points++);
        }
        return points;
    }

    private void write(int group, int attributes, PointMerge merge) {
        int first = groups.first(group);
        if (groups.size(group) == 1 && !(counts && merge == numbers)) {
            out.field(1, changed.bytes(), from(first), end[first]);
            return;
        }
        point.reset(changed.bytes(), from(first), end[first], attributes);
        merge.begin(point, groups.size(group));
        long start = point.number(START_TAG);
        for (int i = groups.next(first); i != PointGroups.NONE; i = groups.next(i)) {
            other.reset(changed.bytes(), from(i), end[i], attributes);
            if (merge.add(point, other) && Long.compareUnsigned(other.number(START_TAG), start) < 0) {
                start = other.number(START_TAG);
                point.setFixed64(START_TIME, start);
            }
        }
        merge.finish(point);
        out.header(1, point.size());
        point.write(out);
    }

    private int from(int i) {
        return i == 0 ? 0 : end[i - 1];
    }

    private static Output cleared(Output output) {
        return output.size() > MAX_KEPT_BYTES ? new Output(1024) : output.clear();
    }
}
