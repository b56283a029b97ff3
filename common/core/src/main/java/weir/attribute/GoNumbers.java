package weir.attribute;

import com.google.re2j.Pattern;

/** Numbers in text, as Go's {@code ParseFloat} reads them, but for its hexadecimal ones. */
public final class GoNumbers {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern INFINITE = Pattern.compile("(?i)([+-]?)inf(inity)?");

    private GoNumbers() {}

    /** The number; not a number if it is none. */
    public static double parse(String text) {
        if (DECIMAL.matches(text)) {
            double value = Double.parseDouble(text);
            // Beyond its range is an error there.
            return Double.isInfinite(value) ? Double.NaN : value;
        }
        if (INFINITE.matches(text)) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.NaN;
    }
}
