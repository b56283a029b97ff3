package weir.ottl;

import java.util.Locale;

/** Values as doubles, where a function takes anything that can be read as one. */
public final class Doubles {
    private Doubles() {}

    /**
     * Makes a value the double that it is or says: integers, flags as 1 and 0, texts; NIL stays what it is.
     *
     * @param into may be the value
     * @throws OttlException if it is none
     */
    public static void of(Value value, Value into) {
        switch (value.kind()) {
            case NIL -> into.setNil();
            case INT -> into.set((double) value.integer());
            case DOUBLE -> into.set(value);
            case BOOL -> into.set(value.bool() ? 1.0 : 0.0);
            case STRING -> into.set(parsed(value.text()));
            default -> throw new OttlException("a " + value.kind().label() + " is no number");
        }
    }

    private static double parsed(String text) {
        try {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> {
                    // Java reads more besides: 1.0f, 1d, 0x1p3, and blanks around.
                    if (!text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
                        throw new NumberFormatException(text);
                    }
                    yield Double.parseDouble(text);
                }
            };
        } catch (NumberFormatException e) {
            throw new OttlException("the text is no number");
        }
    }
}
