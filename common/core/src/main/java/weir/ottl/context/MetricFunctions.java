package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.otlp.ValueView;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Getter;
import weir.ottl.Value;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;
import weir.ottl.function.Parameter;

/** Functions that only statements about metrics have. */
public final class MetricFunctions {
    private MetricFunctions() {}

    /** Those that edit a metric: of {@code transform}. */
    public static List<Function<Item>> editors() {
        return List.of(
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
                        MetricFunctions::scale));
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
        long temporality = switch (arguments.text("string_agg_temp", "")) {
            case "delta" -> 1;
            case "cumulative" -> 2;
            default -> throw new ArgumentException("string_agg_temp", "is either \"delta\" or \"cumulative\"");
        };
        long monotonic = arguments.flag("monotonic", false) ? 1 : 0;
        return item -> {
            if (item.dataField() == Fields.METRIC_GAUGE) {
                item.data().setVarint(MetricData.TEMPORALITY, temporality);
                item.data().setVarint(MetricData.MONOTONIC, monotonic);
                item.changeData(Fields.METRIC_SUM);
            }
        };
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
