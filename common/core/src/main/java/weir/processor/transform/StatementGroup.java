package weir.processor.transform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Option;
import weir.ottl.ErrorMode;

/** Statements that stand together, or one that stands alone as a text. */
public record StatementGroup(
        @Option(
                doc =
                        "What the statements are about: resource, scope, span, spanevent, metric, datapoint or log. Unset: found by"
                                + " their paths, which then say it: span.name.",
                live = true)
        String context,

        @Option(doc = "Instead of the processor's error_mode, for these.", live = true) @Nullable
        ErrorMode errorMode,

        @Option(doc = "The statements are done to items that meet one of these; none: to all.", live = true)
        List<String> conditions,

        @Option(doc = "What is done, in this order.", live = true)
        List<String> statements) {
    private static final String ALONE = "alone";

    /** One statement, written as a text. */
    public static StatementGroup parse(String statement) {
        return new StatementGroup(ALONE, null, List.of(), List.of(statement));
    }

    /** Whether it was written as a text. */
    boolean isText() {
        return context.equals(ALONE);
    }
}
