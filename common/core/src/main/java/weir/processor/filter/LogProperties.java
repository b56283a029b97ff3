package weir.processor.filter;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.selection.MatchProperties;
import weir.selection.MatchProperties.Attribute;
import weir.selection.MatchProperties.MatchType;

/** Which log records are meant, by the names that filter has for this: all that is named must match. */
public record LogProperties(
        @Option(
                doc =
                        "strict: texts must be equal. regexp: a regular expression (RE2) must be found in them. Needed where there are"
                                + " texts.")
        @Nullable
        MatchType matchType,

        @Option(doc = "All of these attributes of the resource are there, with these values.")
        List<Attribute> resourceAttributes,

        @Option(doc = "All of these attributes are there, with these values.")
        List<Attribute> recordAttributes,

        @Option(doc = "The severity's text is one of these.")
        List<String> severityTexts,

        @Option(doc = "How severe they are.") @Nullable Severity severityNumber,

        @Option(doc = "The body, as text, is one of these.") List<String> bodies)
        implements Checked {
    /** How severe log records are. */
    public record Severity(
            @Option(
                    doc =
                            "The least severity: TRACE, DEBUG, INFO, WARN, ERROR or FATAL, each also with 2, 3 or 4 behind it,"
                                    + " or a number from 1 to 24. Absent: any that is told.")
            String min,

            @Option(doc = "Whether those without a number match.")
            boolean matchUndefined)
            implements Checked {
        private static final List<String> NAMES = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
        private static final int OF_A_NAME = 4;
        private static final int MOST = NAMES.size() * OF_A_NAME;

        /** 0: none is given; -1: it is no severity. */
        int number() {
            String text = min.toUpperCase(Locale.ROOT);
            if (text.isEmpty()) {
                return 0;
            } else if (text.matches("[1-9][0-9]?")) {
                int number = Integer.parseInt(text);
                return number <= MOST ? number : -1;
            }
            boolean numbered = text.matches("[A-Z]+[2-4]");
            int name = NAMES.indexOf(numbered ? text.substring(0, text.length() - 1) : text);
            int step = numbered ? text.charAt(text.length() - 1) - '1' : 0;
            return name < 0 ? -1 : OF_A_NAME * name + step + 1;
        }

        @Override
        public void check(Complaints complaints) {
            if (number() < 0) {
                complaints.error("min", "\"" + min + "\" is no severity; it must be such as INFO, WARN2 or 17");
            }
        }
    }

    @Override
    public void check(Complaints complaints) {
        boolean texts = !severityTexts.isEmpty() || !bodies.isEmpty();
        boolean values = recordAttributes.stream().anyMatch(a -> a.value() != null)
                || resourceAttributes.stream().anyMatch(a -> a.value() != null);
        if (matchType == null && (texts || values)) {
            complaints.error("match_type", "must be strict or regexp");
            return;
        }
        MatchProperties.checkTexts(complaints, orStrict(), "severity_texts", severityTexts);
        MatchProperties.checkTexts(complaints, orStrict(), "bodies", bodies);
        MatchProperties.checkAttributes(complaints, orStrict(), "record_attributes", recordAttributes);
        MatchProperties.checkAttributes(complaints, orStrict(), "resource_attributes", resourceAttributes);
    }

    /** Strict where it makes no difference. */
    private MatchType orStrict() {
        return matchType == null ? MatchType.STRICT : matchType;
    }

    /** Whether it names nothing, and therefore means all. */
    boolean isEmpty() {
        return resourceAttributes.isEmpty()
                && recordAttributes.isEmpty()
                && severityTexts.isEmpty()
                && severityNumber == null
                && bodies.isEmpty();
    }

    MatchProperties properties() {
        return MatchProperties.ofLogs(
                orStrict(),
                bodies,
                severityTexts,
                severityNumber == null
                        ? null
                        : new MatchProperties.Severity(severityNumber.number(), severityNumber.matchUndefined()),
                recordAttributes,
                resourceAttributes);
    }
}
