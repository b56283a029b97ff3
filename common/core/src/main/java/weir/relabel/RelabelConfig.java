package weir.relabel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Locale;
import weir.config.Checked;
import weir.config.Option;
import weir.match.Expressions;

/** One entry of {@code relabel_configs} or {@code metric_relabel_configs}. */
public record RelabelConfig(
        @Option(doc = "The labels whose values, joined by the separator, are looked at.")
        List<String> sourceLabels,

        @Option(doc = "What stands between the values.", fallback = ";")
        String separator,

        @Option(doc = "A regular expression (RE2) that the whole text must match.", fallback = "(.*)")
        String regex,

        @Option(doc = "For hashmod: what the hash is taken modulo.")
        long modulus,

        @Option(doc = "The label that is set or compared; may name groups of the regular expression, such as $1.")
        String targetLabel,

        @Option(doc = "The new value, or for labelmap the new name; may name groups.", fallback = "$1")
        String replacement,

        @Option(doc = "What the rule does.", fallback = "replace")
        Action action)
        implements Checked {
    /** What a rule does. */
    public enum Action {
        REPLACE,
        KEEP,
        DROP,
        KEEPEQUAL,
        DROPEQUAL,
        HASHMOD,
        LABELMAP,
        LABELDROP,
        LABELKEEP,
        LOWERCASE,
        UPPERCASE;

        /** As Prometheus writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public void check(Complaints complaints) {
        try {
            compiled();
        } catch (PatternSyntaxException e) {
            complaints.error("regex", "is no regular expression: " + e.getDescription());
        }
        boolean needsTarget = switch (action) {
            case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
            case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
        };
        if (needsTarget && targetLabel.isEmpty()) {
            complaints.error("target_label", "must be given for " + action.word());
        }
        if (action == Action.HASHMOD && modulus <= 0) {
            complaints.error("modulus", "must be given for hashmod, and be more than 0");
        }
        if ((action == Action.LABELDROP || action == Action.LABELKEEP)
                && !(sourceLabels.isEmpty() && targetLabel.isEmpty() && modulus == 0)) {
            complaints.error("action", action.word() + " takes nothing but regex");
        }
        if (action == Action.LABELMAP && replacement.isEmpty()) {
            complaints.error("replacement", "must not be empty for labelmap");
        }
    }

    /** Anchored at both ends, a dot matching line ends too, as Prometheus has it. */
    Pattern compiled() {
        return Expressions.compile("^(?s:" + regex + ")$");
    }
}
