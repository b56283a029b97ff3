package weir.ottl.context;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import weir.ottl.function.ArgumentException;

/** What becomes of the numbers of several data points. Histograms are always added. */
enum Aggregation {
    SUM,
    MEAN,
    MIN,
    MAX,
    MEDIAN,
    /** How many there are. (The collector 0.155 lets a single one keep its number.) */
    COUNT;

    /** @throws ArgumentException if there is none of this name */
    static Aggregation named(String name, String parameter) throws ArgumentException {
        for (Aggregation aggregation : values()) {
            if (aggregation.label().equals(name)) {
                return aggregation;
            }
        }
        throw new ArgumentException(
                parameter,
                "is one of " + Arrays.stream(values()).map(Aggregation::label).collect(Collectors.joining(", ")));
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
