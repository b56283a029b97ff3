package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;
import weir.ottl.function.Parameter;

/** Editors that make a metric beside the one that they are called for; see {@link MadeMetrics}. */
final class MetricMakers {
    private static final int COUNT_TAG = PointField.COUNT.histogram() << 3 | Wire.FIXED64;
    private static final int SUM_TAG = PointField.SUM.histogram() << 3 | Wire.FIXED64;
    private static final int QUANTILE_TAG = PointField.QUANTILE_VALUES.summary() << 3 | Wire.BYTES;
    private static final int DOUBLE_VALUE = 4;
    private static final byte[] NO_UNIT = {'1'};

    private MetricMakers() {}

    /** Those for metrics. */
    static List<Function<Item>> ofMetrics() {
        return List.of(
                new Function.Editor<>(
                        "copy_metric",
                        List.of(
                                Parameter.optional("name", Parameter.Kind.VALUE),
                                Parameter.optional("description", Parameter.Kind.VALUE),
                                Parameter.optional("unit", Parameter.Kind.VALUE)),
                        MetricMakers::copy),
                new Function.Editor<>("extract_count_metric", monotonicAndSuffix(), MetricMakers::extractCount),
                new Function.Editor<>("extract_sum_metric", monotonicAndSuffix(), MetricMakers::extractSum),
                new Function.Editor<>(
                        "extract_percentile_metric",
                        List.of(
                                Parameter.of("percentile", Parameter.Kind.VALUE),
                                Parameter.optional("suffix", Parameter.Kind.TEXT)),
                        MetricMakers::extractPercentile),
                new Function.Editor<>(
                        "convert_summary_quantile_val_to_gauge",
                        List.of(
                                Parameter.optional("attribute_key", Parameter.Kind.TEXT),
                                Parameter.optional("suffix", Parameter.Kind.TEXT)),
                        MetricMakers::quantiles));
    }

    /** Those for data points: of a summary with several, they make as many metrics of all of them, as in the collector. */
    static List<Function<Item>> ofDataPoints() {
        return List.of(
                new Function.Editor<>(
                        "convert_summary_count_val_to_sum",
                        temporalityAndSuffix(),
                        arguments -> ofSummary(arguments, "_count", MetricMakers::writeCount)),
                new Function.Editor<>(
                        "convert_summary_sum_val_to_sum",
                        temporalityAndSuffix(),
                        arguments -> ofSummary(arguments, "_sum", MetricMakers::writeSum)));
    }

    private static List<Parameter> monotonicAndSuffix() {
        return List.of(
                Parameter.of("monotonic", Parameter.Kind.FLAG), Parameter.optional("suffix", Parameter.Kind.TEXT));
    }

    private static List<Parameter> temporalityAndSuffix() {
        return List.of(
                Parameter.of("string_agg_temp", Parameter.Kind.TEXT),
                Parameter.of("monotonic", Parameter.Kind.FLAG),
                Parameter.optional("suffix", Parameter.Kind.TEXT));
    }

    private static Function.Edit<Item> copy(Arguments<Item> arguments) {
        List<String> names = List.of("name", "description", "unit");
        int[] fields = {Fields.METRIC_NAME, Fields.METRIC_DESCRIPTION, Fields.METRIC_UNIT};
        List<@Nullable Getter<Item>> texts = names.stream()
                .<@Nullable Getter<Item>>map(n -> arguments.has(n) ? arguments.value(n) : null)
                .toList();
        Value text = new Value();
        Output before = new Output(256);
        MessageEdit copy = new MessageEdit();
        return item -> {
            item.finishData();
            before.clear();
            item.message().write(before);
            copy.reset(before.bytes(), 0, before.size(), MessageEdit.NO_ATTRIBUTES);
            for (int i = 0; i < fields.length; i++) {
                Getter<Item> given = texts.get(i);
                if (given != null) {
                    given.get(item, text);
                    Expected.kind(text, Value.Kind.STRING);
                    copy.setBytes(fields[i], text.bytes(), text.from(), text.end());
                }
            }
            copy.write(item.made().begin());
            item.made().finish();
        };
    }

    private static Function.Edit<Item> extractCount(Arguments<Item> arguments) {
        DerivedMetric derived = new DerivedMetric(arguments.text("suffix", "_count"));
        boolean monotonic = arguments.flag("monotonic", false);
        return item -> {
            long temporality = temporality("extract_count_metric", item);
            Output out = derived.begin(item);
            DerivedMetric.copyText(item.message(), Fields.METRIC_DESCRIPTION, out);
            // Counts are of no unit, whatever was counted.
            out.field(Fields.METRIC_UNIT, NO_UNIT);
            if (sum(item, derived, MetricMakers::writeCount, temporality, monotonic, out) > 0) {
                item.made().finish();
            }
        };
    }

    private static Function.Edit<Item> extractSum(Arguments<Item> arguments) {
        DerivedMetric derived = new DerivedMetric(arguments.text("suffix", "_sum"));
        boolean monotonic = arguments.flag("monotonic", false);
        return item -> {
            long temporality = temporality("extract_sum_metric", item);
            DerivedMetric.NumberOf number = item.dataField() == Fields.METRIC_SUMMARY
                    ? MetricMakers::writeSum
                    : (point, out) -> point.find(SUM_TAG) != MessageEdit.ABSENT && writeSum(point, out);
            Output out = withDescriptionAndUnit(derived, item);
            if (sum(item, derived, number, temporality, monotonic, out) > 0) {
                item.made().finish();
            }
        };
    }

    private static Function.Edit<Item> ofSummary(
            Arguments<Item> arguments, String defaultSuffix, DerivedMetric.NumberOf number) throws ArgumentException {
        DerivedMetric derived = new DerivedMetric(arguments.text("suffix", defaultSuffix));
        long temporality = MetricFunctions.temporality(arguments);
        boolean monotonic = arguments.flag("monotonic", false);
        return item -> {
            if (item.dataField() == Fields.METRIC_SUMMARY) {
                item.putPartIntoData();
                sum(item, derived, number, temporality, monotonic, withDescriptionAndUnit(derived, item));
                item.made().finish();
            }
        };
    }

    private static Function.Edit<Item> extractPercentile(Arguments<Item> arguments) throws ArgumentException {
        @Nullable Value given = arguments.constant("percentile");
        double percent = given != null && given.is(Value.Kind.DOUBLE) ? given.number() : Double.NaN;
        if (!(percent > 0 && percent < 100)) {
            throw new ArgumentException("percentile", "is a number with a point, above 0 and below 100: 99.0");
        }
        String name = "p" + AnyValueText.number(percent);
        String suffix = arguments.text("suffix", "");
        DerivedMetric derived = new DerivedMetric(suffix.isEmpty() ? "_" + name : suffix);
        byte[] alone = name.getBytes(StandardCharsets.UTF_8);
        byte[] behind = (" (" + name + ")").getBytes(StandardCharsets.UTF_8);
        Percentile percentile = new Percentile(percent);
        return item -> {
            int field = item.dataField();
            if (field != Fields.METRIC_HISTOGRAM && field != Fields.METRIC_EXPONENTIAL_HISTOGRAM) {
                return;
            }
            MessageEdit of = item.message();
            Output out = derived.begin(item);
            int description = of.find(Fields.METRIC_DESCRIPTION << 3 | Wire.BYTES);
            if (description == MessageEdit.ABSENT || of.from(description) == of.end(description)) {
                out.field(Fields.METRIC_DESCRIPTION, alone);
            } else {
                int length = of.end(description) - of.from(description);
                out.header(Fields.METRIC_DESCRIPTION, length + behind.length)
                        .put(of.bytes(description), of.from(description), of.end(description))
                        .put(behind);
            }
            DerivedMetric.copyText(of, Fields.METRIC_UNIT, out);
            int mark = out.begin(Fields.METRIC_GAUGE);
            int points = derived.points(
                    item,
                    field == Fields.METRIC_HISTOGRAM ? percentile::writeOfHistogram : percentile::writeOfExponential,
                    out);
            out.end(mark);
            if (points > 0) {
                item.made().finish();
            }
        };
    }

    private static Function.Edit<Item> quantiles(Arguments<Item> arguments) {
        byte[] key = arguments.text("attribute_key", "quantile").getBytes(StandardCharsets.UTF_8);
        DerivedMetric derived = new DerivedMetric(arguments.text("suffix", ".quantiles"));
        MessageEdit point = new MessageEdit();
        MessageEdit quantile = new MessageEdit();
        Output number = new Output(16);
        return item -> {
            if (item.dataField() != Fields.METRIC_SUMMARY) {
                return;
            }
            Output out = withDescriptionAndUnit(derived, item);
            int gauge = out.begin(Fields.METRIC_GAUGE);
            MessageEdit data = item.data();
            for (int i = 0; i < data.entries(); i++) {
                if (!Item.isPoint(data, i)) {
                    continue;
                }
                point.reset(data.bytes(i), data.from(i), data.end(i), Fields.SUMMARY_POINT_ATTRIBUTES);
                int entries = point.entries();
                for (int q = 0; q < entries; q++) {
                    if (point.tag(q) == QUANTILE_TAG) {
                        quantile.reset(point.bytes(q), point.from(q), point.end(q), MessageEdit.NO_ATTRIBUTES);
                        number.clear().fixed64(DOUBLE_VALUE, quantile.number(1 << 3 | Wire.FIXED64));
                        setAttribute(point, key, number);
                        int mark = out.begin(1);
                        out.fixed64(PointField.AS_DOUBLE.number(), quantile.number(2 << 3 | Wire.FIXED64));
                        DerivedMetric.copyAttributesAndTimes(point, out);
                        out.end(mark);
                    }
                }
            }
            out.end(gauge);
            item.made().finish();
        };
    }

    private static void setAttribute(MessageEdit point, byte[] key, Output value) {
        int n = point.attribute(key, 0, key.length);
        if (n == MessageEdit.ABSENT) {
            point.addAttribute(key, 0, key.length, value.bytes(), 0, value.size());
        } else {
            point.setValue(n, value.bytes(), 0, value.size());
        }
    }

    private static Output withDescriptionAndUnit(DerivedMetric derived, Item item) {
        Output out = derived.begin(item);
        DerivedMetric.copyText(item.message(), Fields.METRIC_DESCRIPTION, out);
        DerivedMetric.copyText(item.message(), Fields.METRIC_UNIT, out);
        return out;
    }

    private static int sum(
            Item item,
            DerivedMetric derived,
            DerivedMetric.NumberOf number,
            long temporality,
            boolean monotonic,
            Output out) {
        int mark = out.begin(Fields.METRIC_SUM);
        int points = derived.points(item, number, out);
        out.varint(MetricData.TEMPORALITY, temporality);
        if (monotonic) {
            out.varint(MetricData.MONOTONIC, 1);
        }
        out.end(mark);
        return points;
    }

    private static boolean writeCount(MessageEdit point, Output out) {
        out.fixed64(PointField.AS_INT.number(), point.number(COUNT_TAG));
        return true;
    }

    private static boolean writeSum(MessageEdit point, Output out) {
        out.fixed64(PointField.AS_DOUBLE.number(), point.number(SUM_TAG));
        return true;
    }

    /** Summaries are cumulative, though they do not say so. */
    private static long temporality(String function, Item item) {
        long temporality = switch (item.dataField()) {
            case Fields.METRIC_HISTOGRAM, Fields.METRIC_EXPONENTIAL_HISTOGRAM ->
                item.data().number(MetricData.TEMPORALITY << 3 | Wire.VARINT);
            case Fields.METRIC_SUMMARY -> MetricFunctions.CUMULATIVE;
            default -> 0;
        };
        if (temporality == 0) {
            throw new OttlException(
                    function + " needs a summary, or a histogram of either kind with an aggregation temporality");
        }
        return temporality;
    }
}
