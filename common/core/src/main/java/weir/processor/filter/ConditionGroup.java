package weir.processor.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Option;
import weir.ottl.ErrorMode;

/** Conditions that stand together, or one that stands alone as a text. */
public record ConditionGroup(
        @Option(
                doc =
                        "What the conditions are about: resource, scope, span, spanevent, metric, datapoint or log. Unset: found by"
                                + " the paths of each condition, which then say it: span.name.",
                live = true)
        String context,

        @Option(doc = "Instead of the processor's error_mode, for these conditions.", live = true) @Nullable
        ErrorMode errorMode,

        @Option(doc = "An item that meets one of them is dropped.", live = true)
        List<String> conditions) {
    /** One condition, written as a text. */
    public static ConditionGroup parse(String condition) {
        return new ConditionGroup(ALONE, null, List.of(condition));
    }

    private static final String ALONE = "alone";

    /** Whether it was written as a text. */
    boolean isText() {
        return context.equals(ALONE);
    }
}
