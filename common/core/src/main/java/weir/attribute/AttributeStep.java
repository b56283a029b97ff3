package weir.attribute;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.match.Expressions;

/** One entry of the actions of {@code attributes} and {@code resource}, as the collector has them. */
public record AttributeStep(
        @Option(doc = "The attribute's name. For delete and hash, pattern may stand beside or instead of it.")
        String key,

        @Option(
                doc = "insert: adds it if it is not there. update: changes it if it is there. upsert: either. delete:"
                        + " removes it. hash: replaces its value by the hexadecimal SHA-256 of it. extract: makes"
                        + " attributes of the named groups of pattern. convert: changes its type.",
                required = true)
        What action,

        @Option(doc = "The value, for insert, update and upsert: text, a number, true or false.") @Nullable
        Object value,

        @Option(doc = "The attribute whose value is taken; nothing is done where it is not there.") @Nullable
        String fromAttribute,

        @Option(doc = "A regular expression (RE2): for delete and hash of names, for extract of the value.") @Nullable
        String pattern,

        @Option(doc = "int, double or string, for convert.") @Nullable
        To convertedType)
        implements Checked {
    /** What a step does. */
    public enum What {
        INSERT,
        UPDATE,
        UPSERT,
        DELETE,
        HASH,
        EXTRACT,
        CONVERT
    }

    /** What a value is converted to. */
    public enum To {
        INT,
        DOUBLE,
        STRING
    }

    @Override
    public void check(Complaints complaints) {
        boolean byPattern = pattern != null && (action == What.DELETE || action == What.HASH);
        if (key.isEmpty() && !byPattern) {
            complaints.error("key", "must be given");
        }
        if (pattern != null) {
            checkPattern(pattern, complaints);
        }
        switch (action) {
            case INSERT, UPDATE, UPSERT -> {
                if ((value == null) == (fromAttribute == null)) {
                    complaints.error("", "needs one of value and from_attribute");
                }
                if (value != null && !ActionValues.isScalar(value)) {
                    complaints.error("value", "must be text, a number, true or false");
                }
                unused(complaints, "pattern", pattern, "converted_type", convertedType);
            }
            case DELETE, HASH ->
                unused(complaints, "value", value, "from_attribute", fromAttribute, "converted_type", convertedType);
            case EXTRACT -> {
                if (pattern == null) {
                    complaints.error("pattern", "must be given for extract");
                }
                unused(complaints, "value", value, "from_attribute", fromAttribute, "converted_type", convertedType);
            }
            case CONVERT -> {
                if (convertedType == null) {
                    complaints.error("converted_type", "must be given for convert: int, double or string");
                }
                unused(complaints, "value", value, "from_attribute", fromAttribute, "pattern", pattern);
            }
        }
    }

    private void checkPattern(String regex, Complaints complaints) {
        try {
            Pattern compiled = Expressions.compile(regex);
            if (action == What.EXTRACT && compiled.namedGroups().isEmpty()) {
                complaints.error("pattern", "needs at least one named group, (?P<name>...)");
            }
        } catch (PatternSyntaxException e) {
            complaints.error("pattern", "is no regular expression: " + e.getDescription());
        }
    }

    private void unused(Complaints complaints, @Nullable Object... namesAndValues) {
        Stream.iterate(0, i -> i < namesAndValues.length, i -> i + 2)
                .filter(i -> namesAndValues[i + 1] != null)
                .forEach(i -> complaints.error(
                        String.valueOf(namesAndValues[i]),
                        "does nothing for " + action.name().toLowerCase(Locale.ROOT)));
    }
}
