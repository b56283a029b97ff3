package weir.processor.attributes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.attribute.AttributeStep;
import weir.config.Checked;
import weir.config.Option;
import weir.selection.MatchProperties;

/** The options of {@code attributes}, the collector's. */
public record AttributesConfig(
        @Option(
                doc = "What to do to the attributes of each span, log record or data point, in this order.",
                required = true)
        List<AttributeStep> actions,

        @Option(doc = "Only what matches is changed; without it all is.") @Nullable
        MatchProperties include,

        @Option(doc = "What matches is left as it is, also if include names it.") @Nullable
        MatchProperties exclude)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (actions.isEmpty()) {
            complaints.error("actions", "must have at least one entry");
        }
    }
}
