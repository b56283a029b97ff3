package weir.processor.resource;

import java.util.List;
import weir.attribute.AttributeStep;
import weir.config.Checked;
import weir.config.Option;

/** The options of {@code resource}, the collector's. */
public record ResourceConfig(
        @Option(doc = "What to do to the attributes of each resource, in this order.", required = true)
        List<AttributeStep> attributes)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (attributes.isEmpty()) {
            complaints.error("attributes", "must have at least one entry");
        }
    }
}
