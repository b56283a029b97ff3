package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import weir.match.ByteTable;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueType;
import weir.otlp.ValueView;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Getter;
import weir.ottl.Value;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;
import weir.ottl.function.Parameter;

/** Functions that only statements about metrics and their data points have. */
public final class MetricFunctions {
    /** Of the enum AggregationTemporality. */
    static final long DELTA = 1;

    static final long CUMULATIVE = 2;

    private MetricFunctions() {}

    /** Those that edit a metric, or make one of it: of {@code transform}. */
    public static List<Function<Item>> editors() {
        List<Function<Item>> editors = new ArrayList<>(List.of(
                new Function.Editor<>("convert_sum_to_gauge", List.of(), _ -> MetricFunctions::sumToGauge),
                new Function.Editor<>(
                        "convert_gauge_to_sum",
                        List.of(
                                Parameter.of("string_agg_temp", Parameter.Kind.TEXT),
                                Parameter.of("monotonic", Parameter.Kind.FLAG)),
                        MetricFunctions::gaugeToSum),
                new Function.Editor<>(
                        "scale_metric",
                        List.of(
                                Parameter.of("multiplier", Parameter.Kind.VALUE),
                                Parameter.optional("unit", Parameter.Kind.VALUE)),
                        MetricFunctions::scale),
                new Function.Editor<>(
                        "aggregate_on_attributes",
                        List.of(
                                Parameter.of("aggregation_function", Parameter.Kind.TEXT),
                                Parameter.optional("attributes", Parameter.Kind.TEXTS)),
                        MetricFunctions::aggregateOnAttributes),
                new Function.Editor<>(
                        "aggregate_on_attribute_value",
                        List.of(
                                Parameter.of("aggregation_function", Parameter.Kind.TEXT),
                                Parameter.of("attribute", Parameter.Kind.TEXT),
                                Parameter.of("values", Parameter.Kind.TEXTS),
                                Parameter.of("new_value", Parameter.Kind.TEXT)),
                        MetricFunctions::aggregateOnAttributeValue),
                new Function.Editor<>(
                        "convert_exponential_histogram_to_histogram",
                        List.of(
                                Parameter.of("distribution_fn", Parameter.Kind.TEXT),
                                Parameter.of("explicit_bounds", Parameter.Kind.VALUES)),
                        MetricFunctions::toExplicitBuckets)));
        editors.addAll(MetricMakers.ofMetrics());
        return editors;
    }

    /** The same of a data point. */
    public static List<Function<Item>> pointEditors() {
        List<Function<Item>> editors = new ArrayList<>(MetricMakers.ofDataPoints());
        editors.add(new Function.Editor<>(
                "merge_histogram_buckets",
                List.of(
                        Parameter.of("target_value", Parameter.Kind.VALUE),
                        Parameter.optional("method", Parameter.Kind.TEXT)),
                BucketMerge::create));
        return editors;
    }

    /** Those that ask about a metric's data points: of {@code filter}. */
    public static List<Function<Item>> converters() {
        return List.of(
                new Function.Converter<>(
                        "HasAttrKeyOnDatapoint",
                        List.of(Parameter.of("key", Parameter.Kind.TEXT)),
                        arguments -> onPoints(arguments.text("key", ""), (_, _) -> true)),
                new Function.Converter<>(
                        "HasAttrOnDatapoint",
                        List.of(
                                Parameter.of("key", Parameter.Kind.TEXT),
                                Parameter.of("expected_val", Parameter.Kind.TEXT)),
                        MetricFunctions::hasAttribute));
    }

    private static void sumToGauge(Item item) {
        if (item.dataField() == Fields.METRIC_SUM) {
            item.data().removeAll(MetricData.TEMPORALITY << 3);
            item.data().removeAll(MetricData.MONOTONIC << 3);
            item.changeData(Fields.METRIC_GAUGE);
        }
    }

    private static Function.Edit<Item> gaugeToSum(Arguments<Item> arguments) throws ArgumentException {
        long temporality = temporality(arguments);
        long monotonic = arguments.flag("monotonic", false) ? 1 : 0;
        return item -> {
            if (item.dataField() == Fields.METRIC_GAUGE) {
                item.data().setVarint(MetricData.TEMPORALITY, temporality);
                item.data().setVarint(MetricData.MONOTONIC, monotonic);
                item.changeData(Fields.METRIC_SUM);
            }
        };
    }

    /** What {@code string_agg_temp} says. */
    static long temporality(Arguments<Item> arguments) throws ArgumentException {
        return switch (arguments.text("string_agg_temp", "")) {
            case "delta" -> DELTA;
            case "cumulative" -> CUMULATIVE;
            default -> throw new ArgumentException("string_agg_temp", "is either \"delta\" or \"cumulative\"");
        };
    }

    private static Function.Edit<Item> aggregateOnAttributes(Arguments<Item> arguments) throws ArgumentException {
        if (!arguments.has("attributes")) {
            return new PointAggregation(aggregation(arguments), _ -> {})::apply;
        }
        ByteTable kept = table(arguments.texts("attributes"));
        return new PointAggregation(aggregation(arguments), point -> {
            for (int n = point.attributes() - 1; n >= 0; n--) {
                byte[] b = point.bytes(point.entryOf(n));
                if (kept.find(b, point.keyFrom(n), point.keyEnd(n)) == ByteTable.NONE) {
                    point.removeAttribute(n);
                }
            }
        })::apply;
    }

    private static Function.Edit<Item> aggregateOnAttributeValue(Arguments<Item> arguments) throws ArgumentException {
        byte[] key = arguments.text("attribute", "").getBytes(StandardCharsets.UTF_8);
        long word = MessageEdit.word(key, 0, key.length);
        ByteTable values = table(arguments.texts("values"));
        byte[] newValue =
                new Output(32).field(1, arguments.text("new_value", "")).toByteArray();
        ValueView value = new ValueView();
        return new PointAggregation(aggregation(arguments), point -> {
            int n = point.attribute(key, 0, key.length, word);
            if (n == MessageEdit.ABSENT) {
                return;
            }
            value.reset(point.bytes(point.entryOf(n)), point.valueFrom(n), point.valueEnd(n));
            // What is no text counts as an empty one, as in the collector.
            int end = value.type() == ValueType.STRING ? value.end() : value.from();
            if (values.find(value.bytes(), value.from(), end) != ByteTable.NONE) {
                point.setValue(n, newValue, 0, newValue.length);
            }
        })::apply;
    }

    private static Aggregation aggregation(Arguments<Item> arguments) throws ArgumentException {
        return Aggregation.named(arguments.text("aggregation_function", ""), "aggregation_function");
    }

    private static ByteTable table(List<String> texts) {
        return new ByteTable(texts.stream()
                .distinct()
                .map(t -> t.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    private static Function.Edit<Item> toExplicitBuckets(Arguments<Item> arguments) throws ArgumentException {
        ExplicitBuckets.Distribution distribution = switch (arguments.text("distribution_fn", "")) {
            case "upper" -> ExplicitBuckets.Distribution.UPPER;
            case "midpoint" -> ExplicitBuckets.Distribution.MIDPOINT;
            case "uniform" -> ExplicitBuckets.Distribution.UNIFORM;
            case "random", "" -> ExplicitBuckets.Distribution.RANDOM;
            default ->
                throw new ArgumentException(
                        "distribution_fn", "is one of \"upper\", \"midpoint\", \"uniform\", \"random\"");
        };
        return new ExplicitBuckets(
                distribution, bounds(arguments), arguments.environment().random())::apply;
    }

    private static double[] bounds(Arguments<Item> arguments) throws ArgumentException {
        String wanted = "is a list in brackets of numbers with a point: [0.0, 10.0, 100.0]";
        @Nullable Value list = arguments.constant("explicit_bounds");
        if (list == null || !list.is(Value.Kind.LIST) || list.length() == 0) {
            throw new ArgumentException("explicit_bounds", wanted);
        }
        List<Double> bounds = new ArrayList<>();
        FieldCursor elements = new FieldCursor().reset(list.bytes(), list.from(), list.end());
        ValueView bound = new ValueView();
        while (elements.next()) {
            bound.reset(elements.bytes(), elements.from(), elements.end());
            if (bound.type() != ValueType.DOUBLE) {
                throw new ArgumentException("explicit_bounds", wanted);
            }
            bounds.add(bound.doubleValue());
        }
        return bounds.stream().mapToDouble(d -> d).toArray();
    }

    private static Function.Edit<Item> scale(Arguments<Item> arguments) throws ArgumentException {
        @Nullable Value multiplier = arguments.constant("multiplier");
        if (multiplier == null || !multiplier.is(Value.Kind.DOUBLE)) {
            throw new ArgumentException("multiplier", "is a number with a point: 0.001");
        }
        MetricScale scale = new MetricScale(multiplier.number());
        @Nullable Getter<Item> unit = arguments.has("unit") ? arguments.value("unit") : null;
        Value text = new Value();
        return item -> {
            if (unit != null) {
                unit.get(item, text);
                Expected.kind(text, Value.Kind.STRING);
            }
            scale.apply(item);
            if (unit != null) {
                item.message().setBytes(Fields.METRIC_UNIT, text.bytes(), text.from(), text.end());
            }
        };
    }

    private static Getter<Item> hasAttribute(Arguments<Item> arguments) {
        byte[] expected = arguments.text("expected_val", "").getBytes(StandardCharsets.UTF_8);
        ValueView value = new ValueView();
        return onPoints(
                arguments.text("key", ""),
                (point, n) -> value.reset(point.bytes(point.entryOf(n)), point.valueFrom(n), point.valueEnd(n))
                        .isString(expected));
    }

    /** Whether a data point has an attribute of this key that meets a test. */
    private static Getter<Item> onPoints(String key, BiPredicate<MessageEdit, Integer> test) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        long word = MessageEdit.word(utf8, 0, utf8.length);
        MessageEdit point = new MessageEdit();
        return (item, into) -> {
            MessageEdit data = item.data();
            int attributes = PointField.ATTRIBUTES.of(item.dataField());
            boolean found = false;
            for (int i = 0; i < data.entries() && !found; i++) {
                if (Item.isPoint(data, i)) {
                    point.reset(data.bytes(i), data.from(i), data.end(i), attributes);
                    int n = point.attribute(utf8, 0, utf8.length, word);
                    found = n != MessageEdit.ABSENT && test.test(point, n);
                }
            }
            into.set(found);
        };
    }
}
