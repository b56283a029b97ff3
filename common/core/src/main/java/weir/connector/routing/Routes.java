package weir.connector.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.config.Checked;
import weir.otlp.Signal;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.StatementException;
import weir.ottl.Statements;
import weir.ottl.context.Contexts;
import weir.ottl.context.Item;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Sources;
import weir.ottl.function.Function;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.SyntaxException;

/** Compiles tables. */
final class Routes {
    private static final String ROUTE = "route";
    private static final Set<String> EDITORS = Set.of(ROUTE, "delete_key", "delete_matching_keys");
    private static final Set<String> ROUTED = Set.of("resource", "span", "metric", "datapoint", "log");

    /** It leaves the item as it is; that the statement was done says the rest. */
    private static final Function<Item> ROUTE_EDITOR = new Function.Editor<>(ROUTE, List.of(), _ -> _ -> {});

    private Routes() {}

    /**
     * The routes of a checked table. An entry that repeats the condition of one before is left out, as in the collector.
     *
     * @param targets where things go, to which those of the table are added
     */
    static List<Route> of(RoutingConfig config, Signal signal, List<List<String>> targets, Environment environment) {
        List<Route> routes = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < config.table().size(); i++) {
            RouteConfig entry = config.table().get(i);
            try {
                if (seen.putIfAbsent(key(entry, signal), i) == null) {
                    routes.add(route(entry, config, signal, number(entry.pipelines(), targets), environment));
                }
            } catch (StatementException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return routes;
    }

    /** The number of a target among others, which it is added to if it is new. */
    static int number(List<String> pipelines, List<List<String>> targets) {
        if (!targets.contains(pipelines)) {
            targets.add(pipelines);
        }
        return targets.indexOf(pipelines);
    }

    private static Route route(
            RouteConfig entry, RoutingConfig config, Signal signal, int target, Environment environment)
            throws StatementException {
        ItemContext context = context(entry, signal);
        if (entry.statement().isBlank()) {
            Conditions<Item> conditions =
                    Conditions.compile(entry.conditions(), context, config.errorMode(), environment);
            return new Route(context.level(), false, entry.action(), target, new Route.ByCondition(conditions));
        }
        Statements<Item> statements = Statements.compile(entry.statements(), context, config.errorMode(), environment);
        String editor = editor(entry.statement());
        return new Route(
                context.level(), !editor.equals(ROUTE), entry.action(), target, new Route.ByStatement(statements));
    }

    private static String editor(String statement) {
        String name;
        try {
            name = Parser.statement(statement).editor().name();
        } catch (SyntaxException e) {
            throw new IllegalStateException("this statement was compiled before", e);
        }
        if (!EDITORS.contains(name)) {
            throw new IllegalArgumentException(
                    "`" + name + "` is not for routing: write route() where ..., delete_key or delete_matching_keys");
        }
        return name;
    }

    /** What a route is about: what the file names, or what its paths do, or else its resource. */
    private static ItemContext context(RouteConfig entry, Signal signal) throws StatementException {
        List<ItemContext> candidates = candidates(signal);
        try {
            return Sources.context(entry.context(), entry.statements(), entry.conditions(), candidates);
        } catch (StatementException _) {
            return Sources.context("resource", entry.statements(), entry.conditions(), candidates);
        }
    }

    private static List<ItemContext> candidates(Signal signal) {
        return Contexts.of(signal).stream()
                .filter(c -> ROUTED.contains(c.name()))
                .map(c -> c.with(List.of(ROUTE_EDITOR)))
                .toList();
    }

    private static String key(RouteConfig entry, Signal signal) throws StatementException {
        return context(entry, signal).name() + " " + entry.text();
    }

    /** Reports what is wrong with the conditions of a table. */
    static void check(RoutingConfig config, Signal signal, Checked.Complaints complaints) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < config.table().size(); i++) {
            RouteConfig entry = config.table().get(i);
            String where = "table[" + i + "]";
            String text = where + (entry.statement().isBlank() ? ".condition" : ".statement");
            if (entry.isWhole() && checkContext(where + ".context", entry.context(), signal, complaints)) {
                try {
                    Integer before = seen.putIfAbsent(key(entry, signal), i);
                    if (before != null) {
                        complaints.warning(where, "has the condition of table[" + before + "], and so no effect");
                    }
                    route(entry, config, signal, 0, Environment.NOWHERE);
                } catch (StatementException e) {
                    Sources.report(e, List.of(text), complaints);
                } catch (IllegalArgumentException e) {
                    complaints.error(text, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static boolean checkContext(String option, String context, Signal signal, Checked.Complaints complaints) {
        List<String> names = candidates(signal).stream().map(ItemContext::name).toList();
        if (context.equals("request") || context.equals("otelcol")) {
            complaints.error(option, "Weir keeps no headers of requests: route by what the requests hold");
        } else if (!context.isEmpty() && !names.contains(context)) {
            complaints.error(
                    option,
                    "'" + context + "' is nothing that " + signal.label() + " are routed by; there are "
                            + String.join(", ", names));
        } else {
            return true;
        }
        return false;
    }
}
