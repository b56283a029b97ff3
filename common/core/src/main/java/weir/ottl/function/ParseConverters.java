package weir.ottl.function;

import static weir.ottl.function.Family.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Numbers and JSON read from texts. */
final class ParseConverters {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.MAX_DEPTH_LEVELS)
                    .maxStringLength(Limits.MAX_PRODUCED_BYTES)
                    .build())
            .build();

    private ParseConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter("ParseInt", ParseConverters::parseInt, value("target"), value("base"));
        family.change("ParseJSON", "target", ParseConverters::json);
        family.question("IsValidLuhn", "target", v -> isLuhn(v));
    }

    private static <T> Getter<T> parseInt(Arguments<T> arguments) {
        Getter<T> textOf = arguments.value("target");
        Getter<T> baseOf = arguments.value("base");
        Value text = new Value();
        Value base = new Value();
        return (item, into) -> {
            textOf.get(item, text);
            baseOf.get(item, base);
            String digits = Family.text(text);
            long radix = Family.integer(base);
            if (digits.isEmpty()) {
                throw new OttlException("an empty text is no number");
            }
            if (radix != 0 && (radix < 2 || radix > 36)) {
                throw new OttlException("a base is between 2 and 36, or 0 to be told by the text");
            }
            try {
                into.set(radix == 0 ? prefixed(digits) : Long.parseLong(digits, (int) radix));
            } catch (NumberFormatException e) {
                throw new OttlException("the text is no number of base " + radix);
            }
        };
    }

    /** By its prefix 0b, 0, 0o or 0x; underscores may stand between digits. */
    private static long prefixed(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = 10;
        int from = 0;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            char mark = Character.toLowerCase(digits.charAt(1));
            radix = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
            from = mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1;
        }
        return Long.parseLong((negative ? "-" : "") + digits.substring(from).replace("_", ""), radix);
    }

    private static boolean isLuhn(Value value) {
        String digits = value.is(Kind.INT) ? Long.toString(value.integer()) : Family.text(value);
        String plain = digits.replace(" ", "");
        int sum = 0;
        for (int i = 0; i < plain.length(); i++) {
            int digit = plain.charAt(plain.length() - 1 - i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            int doubled = 2 * digit;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return plain.length() > 1 && sum % 10 == 0;
    }

    private static void json(Value value, Value into) {
        Family.of(Kind.STRING, value);
        try (JsonParser parser = JSON.createParser(value.bytes(), value.from(), value.length())) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
                throw new OttlException("the JSON is neither an object nor an array");
            }
            Output out = into.begin();
            boolean object = first == JsonToken.START_OBJECT;
            inside(parser, object, out);
            if (parser.nextToken() != null) {
                throw new OttlException("something follows the JSON");
            }
            into.finish(object ? Kind.MAP : Kind.LIST);
        } catch (IOException e) {
            throw new OttlException("the text is no JSON");
        }
    }

    /** Appends the entries or elements up to the end of the object or array. */
    private static void inside(JsonParser parser, boolean object, Output out) throws IOException {
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY) {
            int mark = out.begin(Fields.VALUES);
            if (object) {
                out.field(1, parser.currentName());
                parser.nextToken();
                int inner = out.begin(2);
                any(parser, out);
                out.end(inner);
            } else {
                any(parser, out);
            }
            out.end(mark);
            Limits.checkProduced(out.size());
            token = parser.nextToken();
        }
    }

    private static void any(JsonParser parser, Output out) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> out.field(1, parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> out.varint(2, parser.getBooleanValue() ? 1 : 0);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.number(4, parser.getDoubleValue());
            case START_ARRAY -> {
                int mark = out.begin(5);
                inside(parser, false, out);
                out.end(mark);
            }
            case START_OBJECT -> {
                int mark = out.begin(6);
                inside(parser, true, out);
                out.end(mark);
            }
            default -> {}
        }
    }
}
