package weir.processor.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.selection.MatchProperties;
import weir.selection.MatchProperties.Attribute;
import weir.selection.MatchProperties.RegexpConfig;

/** Which metrics are meant, by the names that filter has for this. Names and resources are asked about separately. */
public record MetricProperties(
        @Option(
                doc =
                        "strict: texts must be equal. regexp: a regular expression (RE2) must be found in them. Needed where there"
                                + " are texts. The collector's expr does not exist here.")
        @Nullable
        MatchType matchType,

        @Option(doc = "Accepted for the collector's sake; expressions are compiled once and need no cache.") @Nullable
        RegexpConfig regexp,

        @Option(doc = "The name is one of these.") List<String> metricNames,

        @Option(doc = "All of these attributes of the resource are there, with these values.")
        List<Attribute> resourceAttributes)
        implements Checked {
    /** How texts are compared. */
    public enum MatchType {
        STRICT,
        REGEXP,
        EXPR
    }

    @Override
    public void check(Complaints complaints) {
        if (regexp != null) {
            complaints.warning("regexp", "has no effect: expressions are compiled once");
        }
        if (matchType == MatchType.EXPR) {
            complaints.error(
                    "match_type",
                    "expr does not exist in Weir; write metric_conditions, such as"
                            + " 'metric.name == \"m\" and datapoint.attributes[\"k\"] == \"v\"'");
            return;
        }
        boolean values = resourceAttributes.stream().anyMatch(a -> a.value() != null);
        if (matchType == null && (!metricNames.isEmpty() || values)) {
            complaints.error("match_type", "must be strict or regexp");
            return;
        }
        MatchProperties.checkTexts(complaints, type(), "metric_names", metricNames);
        MatchProperties.checkAttributes(complaints, type(), "resource_attributes", resourceAttributes);
    }

    private MatchProperties.MatchType type() {
        return matchType == MatchType.REGEXP ? MatchProperties.MatchType.REGEXP : MatchProperties.MatchType.STRICT;
    }

    /** What is asked, one after the other: to be included all must match, to be excluded one. */
    List<MatchProperties> properties() {
        List<MatchProperties> properties = new ArrayList<>();
        if (!resourceAttributes.isEmpty()) {
            properties.add(MatchProperties.ofMetrics(type(), List.of(), resourceAttributes));
        }
        if (!metricNames.isEmpty()) {
            properties.add(MatchProperties.ofMetrics(type(), metricNames, List.of()));
        }
        return properties;
    }
}
