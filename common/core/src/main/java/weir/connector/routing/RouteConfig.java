package weir.connector.routing;

import java.util.List;
import weir.config.Option;

/** An entry of the table. */
public record RouteConfig(
        @Option(
                doc =
                        "What is routed, and what the condition is about: resource (each goes whole), span, metric, datapoint or"
                                + " log, with the resource and scope that it lies in. Unset: what the condition's paths name, as in"
                                + " span.name, or else resource.",
                live = true)
        String context,

        @Option(
                doc =
                        "What goes to the pipelines, such as attributes[\"tenant\"] == \"acme\". This or statement is needed.",
                live = true)
        String condition,

        @Option(
                doc =
                        "The condition as a statement: route() where ..., or delete_key(...) or delete_matching_keys(...), which"
                                + " is done to what meets the condition.",
                live = true)
        String statement,

        @Option(
                doc =
                        "Whether later entries, and default_pipelines, see what met the condition: move, they do not; copy, they do.",
                fallback = "move",
                live = true)
        Action action,

        @Option(doc = "Where it goes: pipelines that have the connector as a receiver.", live = true)
        List<String> pipelines) {
    /** Statements as {@link weir.ottl.context.Sources} takes them: none or one. */
    List<String> statements() {
        return statement.isEmpty() ? List.of() : List.of(statement);
    }

    List<String> conditions() {
        return condition.isEmpty() ? List.of() : List.of(condition);
    }

    /** Whether it has what it needs, and not twice. */
    boolean isWhole() {
        return condition.isBlank() != statement.isBlank();
    }

    /** The condition however it is written, to be compared. */
    String text() {
        return (statement.isEmpty() ? "route() where " + condition : statement).strip();
    }
}
