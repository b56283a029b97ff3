package weir.selection;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.ValueView;
import weir.selection.MatchProperties.MatchType;

/** Whether some attributes are there, each with its value. Belongs to one thread. */
final class AttributesMatcher {
    private static final byte[] TRUE = Attributes.key("true");
    private static final byte[] FALSE = Attributes.key("false");

    /**
     * One that must be there.
     *
     * @param value of any of the types of attributes; null: any
     */
    private record Wanted(
            byte[] key, @Nullable Object value, @Nullable Texts texts) {}

    private final MatchType type;
    private final List<Wanted> wanted = new ArrayList<>();
    private final AttributeCursor cursor = new AttributeCursor();

    AttributesMatcher(MatchType type, List<MatchProperties.Attribute> attributes) {
        for (MatchProperties.Attribute attribute : attributes) {
            Texts texts = attribute.value() instanceof String text ? Texts.of(type, List.of(text)) : null;
            wanted.add(new Wanted(Attributes.key(attribute.key()), attribute.value(), texts));
        }
        this.type = type;
    }

    /** @param field which field of the message holds its attributes */
    boolean match(byte[] b, int from, int end, int field) {
        for (int i = 0; i < wanted.size(); i++) {
            Wanted one = wanted.get(i);
            if (!cursor.reset(b, from, end, field).find(one.key)
                    || (one.value != null && !match(one.value, one.texts, cursor.value()))) {
                return false;
            }
        }
        return true;
    }

    private boolean match(Object value, @Nullable Texts texts, ValueView is) {
        return switch (is.type()) {
            case STRING -> texts != null && texts.match(is.bytes(), is.from(), is.end());
            case BOOL ->
                texts == null ? value.equals(is.booleanValue()) : expression(texts, is.booleanValue() ? TRUE : FALSE);
            case INT ->
                texts == null
                        ? isWhole(value) && ((Number) value).longValue() == is.longValue()
                        : expression(texts, Attributes.key(Long.toString(is.longValue())));
            case DOUBLE ->
                texts == null
                        ? value instanceof Double number && number == is.doubleValue()
                        : expression(texts, Attributes.key(plain(is.doubleValue())));
            case EMPTY, ARRAY, KEY_VALUES, BYTES -> false;
        };
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer;
    }

    /** Expressions are asked of the text of numbers and truth values too; an equal text must be a text. */
    private boolean expression(Texts texts, byte[] text) {
        return type == MatchType.REGEXP && texts.match(text, 0, text.length);
    }

    /** Without an exponent, however large or small. */
    private static String plain(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        }
        String digits =
                new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
        return number == 0 && 1 / number < 0 ? "-0" : digits;
    }
}
