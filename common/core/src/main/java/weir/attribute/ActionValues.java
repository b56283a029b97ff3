package weir.attribute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.Attributes;
import weir.otlp.ValueView;

/** Values of attributes as the fields of an AnyValue, changed as the collector changes them. */
final class ActionValues {
    private ActionValues() {}

    static boolean isScalar(Object value) {
        return value instanceof String || value instanceof Boolean || value instanceof Number;
    }

    static byte[] of(Object scalar) {
        return switch (scalar) {
            case Boolean flag -> Attributes.value(flag);
            case Double number -> Attributes.value(number);
            case Float number -> Attributes.value(number.doubleValue());
            case Number number -> Attributes.value(number.longValue());
            default -> Attributes.value(scalar.toString());
        };
    }

    /** The hexadecimal SHA-256 of a text, a flag's byte, or a number's eight bytes; empty for lists and maps. */
    static byte[] hash(byte[] value) {
        ValueView view = view(value);
        byte[] bytes = switch (view.type()) {
            case STRING -> view.stringValue().getBytes(StandardCharsets.UTF_8);
            case BOOL -> new byte[] {(byte) (view.booleanValue() ? 1 : 0)};
            case INT -> eight(view.longValue());
            case DOUBLE -> eight(Double.doubleToRawLongBits(view.doubleValue()));
            case EMPTY, ARRAY, KEY_VALUES, BYTES -> null;
        };
        if (bytes == null) {
            return Attributes.value("");
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Attributes.value(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] eight(long number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    /** The text of a text value; null for others. */
    static @Nullable String text(byte[] value) {
        ValueView view = view(value);
        return switch (view.type()) {
            case STRING -> view.stringValue();
            default -> null;
        };
    }

    /** The value as another type; as it is if that cannot be. */
    static byte[] convert(byte[] value, AttributeStep.To to) {
        ValueView view = view(value);
        return switch (view.type()) {
            case STRING -> fromText(value, view.stringValue(), to);
            case BOOL ->
                switch (to) {
                    case INT -> Attributes.value(view.booleanValue() ? 1L : 0L);
                    case DOUBLE -> Attributes.value(view.booleanValue() ? 1.0 : 0.0);
                    case STRING -> Attributes.value(Boolean.toString(view.booleanValue()));
                };
            case INT ->
                switch (to) {
                    case INT -> value;
                    case DOUBLE -> Attributes.value((double) view.longValue());
                    case STRING -> Attributes.value(Long.toString(view.longValue()));
                };
            case DOUBLE ->
                switch (to) {
                    case INT -> Attributes.value((long) view.doubleValue());
                    case DOUBLE -> value;
                    case STRING -> Attributes.value(AnyValueText.of(view));
                };
            case EMPTY, ARRAY, KEY_VALUES, BYTES ->
                to == AttributeStep.To.STRING ? Attributes.value(AnyValueText.of(view)) : value;
        };
    }

    private static byte[] fromText(byte[] value, String text, AttributeStep.To to) {
        try {
            return switch (to) {
                case INT -> Attributes.value(Long.parseLong(text));
                case DOUBLE -> {
                    double number = GoNumbers.parse(text);
                    yield Double.isNaN(number) && !text.equalsIgnoreCase("nan") ? value : Attributes.value(number);
                }
                case STRING -> value;
            };
        } catch (NumberFormatException e) {
            return value;
        }
    }

    private static ValueView view(byte[] value) {
        return new ValueView().reset(value, 0, value.length);
    }
}
