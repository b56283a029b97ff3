package weir.connector.routing;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.otlp.Signal;
import weir.ottl.ErrorMode;
import weir.pipeline.ComponentId;
import weir.pipeline.NamesPipelines;

/** The options of {@code routing}, the collector's. */
public record RoutingConfig(
        @Option(
                doc = "Where things go: each to the pipelines of the first entry whose condition it meets.",
                live = true)
        List<RouteConfig> table,

        @Option(
                doc =
                        "Where that goes which no entry was for. None: it is dropped, and counted (not_routed in the ledger).",
                live = true)
        List<String> defaultPipelines,

        @Option(
                doc =
                        "What becomes of a condition that cannot be evaluated: propagate refuses the request, ignore logs it and"
                                + " takes it for not met, silent does not log it.",
                fallback = "propagate",
                live = true)
        ErrorMode errorMode)
        implements Checked, NamesPipelines {
    @Override
    public Map<String, String> namedPipelines() {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < table.size(); i++) {
            put("table[" + i + "].pipelines", table.get(i).pipelines(), named);
        }
        put("default_pipelines", defaultPipelines, named);
        return named;
    }

    private static void put(String option, List<String> pipelines, Map<String, String> to) {
        for (int i = 0; i < pipelines.size(); i++) {
            to.put(option + "[" + i + "]", pipelines.get(i));
        }
    }

    @Override
    public void check(Complaints complaints) {
        if (table.isEmpty()) {
            complaints.error("table", "needs at least one entry; the connector forward leads all to all its pipelines");
        }
        checkNames("default_pipelines", defaultPipelines, complaints);
        for (int i = 0; i < table.size(); i++) {
            String entry = "table[" + i + "]";
            RouteConfig route = table.get(i);
            checkNames(entry + ".pipelines", route.pipelines(), complaints);
            if (route.pipelines().isEmpty()) {
                complaints.error(entry, "needs pipelines to lead to");
            }
            if (!route.isWhole()) {
                complaints.error(entry, "needs either a condition or a statement");
            }
        }
        Signal signal = checkSignals(complaints);
        if (signal != null) {
            Routes.check(this, signal, complaints);
        }
    }

    private static void checkNames(String option, List<String> pipelines, Complaints complaints) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < pipelines.size(); i++) {
            if (!seen.add(pipelines.get(i))) {
                complaints.error(option + "[" + i + "]", "'" + pipelines.get(i) + "' stands here twice");
            }
        }
    }

    /** The signal that is routed, by the pipelines' names; null if they name none. */
    private @Nullable Signal checkSignals(Complaints complaints) {
        Signal first = null;
        for (Map.Entry<String, String> named : namedPipelines().entrySet()) {
            Signal signal = signalOf(named.getValue());
            if (first == null) {
                first = signal;
            } else if (signal != null && signal != first) {
                complaints.error(
                        named.getKey(),
                        "'" + named.getValue() + "' is a pipeline of " + signal.label() + ", those before it are of "
                                + first.label() + ": each signal needs a routing connector of its own");
            }
        }
        return first;
    }

    private static @Nullable Signal signalOf(String pipeline) {
        String type = ComponentId.parse(pipeline).type();
        for (Signal signal : Signal.values()) {
            if (signal.label().equals(type)) {
                return signal;
            }
        }
        return null;
    }
}
