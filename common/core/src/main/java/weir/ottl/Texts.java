package weir.ottl;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import weir.otlp.AnyValueText;
import weir.otlp.Output;

/**
 * Values as text, where a function takes anything as one: numbers and flags as JSON writes them, bytes as hexadecimal digits,
 * lists and maps as JSON with sorted keys.
 */
public final class Texts {
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private Texts() {}

    /** Appends a value's text; nothing for NIL. */
    public static void append(Value value, Output out) {
        switch (value.kind()) {
            case NIL -> {}
            case STRING -> out.put(value.bytes(), value.from(), value.end());
            case BOOL -> out.put(value.bool() ? TRUE : FALSE);
            case INT, DOUBLE, BYTES, LIST, MAP, TIME, DURATION ->
                out.put(of(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Makes a value its text, computed into another register if it is none. NIL stays what it is. */
    public static void toText(Value value, Value into) {
        if (value.is(Value.Kind.STRING) || value.isNil()) {
            into.set(value);
        } else {
            append(value, into.begin());
            into.finish(Value.Kind.STRING);
        }
    }

    /** A new String of a value's text; empty for NIL. */
    public static String of(Value value) {
        return switch (value.kind()) {
            case NIL -> "";
            case STRING -> value.text();
            case BOOL -> Boolean.toString(value.bool());
            case INT -> Long.toString(value.integer());
            case DOUBLE -> number(value.number());
            case BYTES -> HexFormat.of().formatHex(value.bytes(), value.from(), value.end());
            case LIST, MAP -> json(value);
            case TIME -> '"' + Times.rfc3339(value.integer(), value.zone()) + '"';
            case DURATION -> Long.toString(value.integer());
        };
    }

    /** As JSON has it, but with two digits at least in a negative exponent: 1e-07. */
    private static String number(double number) {
        if (!Double.isFinite(number)) {
            throw new OttlException("JSON has no word for " + number);
        }
        String text = AnyValueText.number(number);
        int exponent = text.indexOf("e-");
        return exponent == text.length() - 3 && exponent > 0
                ? text.substring(0, exponent + 2) + "0" + text.substring(exponent + 2)
                : text;
    }

    private static String json(Value value) {
        Output any = new Output(value.length() + 8);
        value.writeTo(any);
        String text = AnyValueText.of(any.bytes(), 0, any.size());
        if (text.isEmpty()) {
            throw new OttlException(
                    "JSON has no word for something in a " + value.kind().label());
        }
        return text;
    }
}
