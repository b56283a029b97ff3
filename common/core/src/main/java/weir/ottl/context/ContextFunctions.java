package weir.ottl.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.ottl.function.Function;
import weir.ottl.function.Functions;

/** What statements of a component can call besides {@link Functions#ofAllContexts}, by the names of contexts. */
public final class ContextFunctions {
    private ContextFunctions() {}

    /** Of {@code transform}. */
    public static Map<String, List<Function<Item>>> ofTransform() {
        return Map.of(
                Contexts.SPAN.name(), List.of(SemconvSpanName.function()),
                Contexts.METRIC.name(), MetricFunctions.editors(),
                Contexts.DATA_POINT.name(), MetricFunctions.pointEditors(),
                Contexts.LOG.name(), Functions.ofLogs());
    }

    /** Of {@code filter}. */
    public static Map<String, List<Function<Item>>> ofFilter() {
        return Map.of(Contexts.METRIC.name(), MetricFunctions.converters());
    }

    /** Of both. */
    public static Map<String, List<Function<Item>>> all() {
        Map<String, List<Function<Item>>> all = new LinkedHashMap<>(ofTransform());
        ofFilter()
                .forEach((context, functions) -> all.merge(context, functions, (a, b) -> {
                    List<Function<Item>> both = new ArrayList<>(a);
                    both.addAll(b);
                    return both;
                }));
        return all;
    }
}
