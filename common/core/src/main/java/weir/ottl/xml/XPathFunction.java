package weir.ottl.xml;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions of XPath 1.0 but {@code id} and {@code lang}, and three of later versions that the collector has too. */
enum XPathFunction {
    BOOLEAN("boolean", 1, 1),
    CEILING("ceiling", 1, 1),
    CONCAT("concat", 2, 100),
    CONTAINS("contains", 2, 2),
    COUNT("count", 1, 1),
    ENDS_WITH("ends-with", 2, 2),
    FALSE("false", 0, 0),
    FLOOR("floor", 1, 1),
    LAST("last", 0, 0),
    LOCAL_NAME("local-name", 0, 1),
    LOWER_CASE("lower-case", 1, 1),
    NAME("name", 0, 1),
    NORMALIZE_SPACE("normalize-space", 0, 1),
    NOT("not", 1, 1),
    NUMBER("number", 0, 1),
    POSITION("position", 0, 0),
    ROUND("round", 1, 1),
    STARTS_WITH("starts-with", 2, 2),
    STRING("string", 0, 1),
    STRING_JOIN("string-join", 2, 2),
    STRING_LENGTH("string-length", 0, 1),
    SUBSTRING("substring", 2, 3),
    SUBSTRING_AFTER("substring-after", 2, 2),
    SUBSTRING_BEFORE("substring-before", 2, 2),
    SUM("sum", 1, 1),
    TRANSLATE("translate", 3, 3),
    TRUE("true", 0, 0);

    final String written;
    final int least;
    final int most;

    XPathFunction(String written, int least, int most) {
        this.written = written;
        this.least = least;
        this.most = most;
    }

    static @Nullable XPathFunction of(String name) {
        return Arrays.stream(values())
                .filter(f -> f.written.equals(name))
                .findFirst()
                .orElse(null);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(f -> f.written).toList();
    }

    /** Whether an argument must be nodes. */
    boolean takesNodes(int argument) {
        return argument == 0
                && switch (this) {
                    case COUNT, SUM, LOCAL_NAME, NAME, STRING_JOIN -> true;
                    default -> false;
                };
    }
}
