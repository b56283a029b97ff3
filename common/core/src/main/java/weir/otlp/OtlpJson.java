package weir.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * OTLP's JSON turned into its protobuf form, reading as protobuf's JSON mapping says with OTLP's exceptions to it: names in
 * lowerCamelCase or as in the schema, ids in hexadecimal, enums as numbers or names, integers as numbers or texts, null as
 * absent; fields that the schema does not name are left out.
 */
public final class OtlpJson {
    /** Objects and arrays: a message takes two of them at most. */
    private static final int MAX_JSON_DEPTH = 2 * Shape.MAX_DEPTH + 2;

    /** The longest integer of 64 bits has 20 digits; more than this many characters are nothing honest. */
    private static final int MAX_NUMBER_CHARS = 100;

    private static final BigInteger MAX_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MAX_UINT32 = BigInteger.valueOf(0xffff_ffffL);

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_JSON_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // JSON between systems is UTF-8 (RFC 8259); the readers of others fail in ways of their own.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final JsonParser parser;
    private final Output out;

    private OtlpJson(JsonParser parser, Output out) {
        this.parser = parser;
        this.out = out;
    }

    /**
     * An export request in JSON as protobuf, well-formed.
     *
     * @throws MalformedOtlpException if it is no JSON or does not fit the schema, saying where (as JSON pointer, line and
     *     column)
     */
    public static byte[] toProtobuf(Signal signal, byte[] json) throws MalformedOtlpException {
        return toProtobuf(signal, json, 0, json.length);
    }

    /** The same of part of an array. */
    public static byte[] toProtobuf(Signal signal, byte[] json, int offset, int length) throws MalformedOtlpException {
        Output out = new Output(length / 2 + 64);
        try (JsonParser parser = JSON.createParser(json, offset, length)) {
            OtlpJson reader = new OtlpJson(parser, out);
            parser.nextToken();
            reader.message(JsonShape.of(signal), 0);
            if (parser.nextToken() != null) {
                throw reader.wrong("nothing after the request");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new MalformedOtlpException("not JSON: " + e.getOriginalMessage() + where(at));
        } catch (IOException e) {
            throw new IllegalStateException("reading an array cannot fail", e);
        }
        return out.toByteArray();
    }

    private void message(JsonShape shape, int depth) throws IOException, MalformedOtlpException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong("an object");
        }
        if (depth > Shape.MAX_DEPTH) {
            throw wrong("messages nested no deeper than " + Shape.MAX_DEPTH);
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            JsonShape.Field field = shape.field(name);
            if (field == null) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                field(field, depth);
            }
        }
    }

    private void field(JsonShape.Field field, int depth) throws IOException, MalformedOtlpException {
        if (!field.repeated()) {
            value(field, depth);
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrong("an array");
        }
        if (field.kind() == JsonShape.Kind.MESSAGE || field.kind() == JsonShape.Kind.TEXT) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value(field, depth);
            }
        } else {
            packed(field);
        }
    }

    private void packed(JsonShape.Field field) throws IOException, MalformedOtlpException {
        int mark = out.begin(field.number());
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            switch (field.kind()) {
                case DOUBLE -> out.rawFixed64(Double.doubleToRawLongBits(number()));
                case FIXED64 -> out.rawFixed64(unsigned(MAX_UINT64));
                case UINT64 -> out.rawVarint(unsigned(MAX_UINT64));
                default -> throw new IllegalStateException("no packed field of OTLP is " + field.kind());
            }
        }
        out.end(mark);
    }

    private void value(JsonShape.Field field, int depth) throws IOException, MalformedOtlpException {
        int number = field.number();
        switch (field.kind()) {
            case TEXT -> out.field(number, text());
            case TRACE_ID -> out.field(number, id(16));
            case SPAN_ID -> out.field(number, id(8));
            case BASE64 -> out.field(number, base64());
            case BOOL -> out.varint(number, flag() ? 1 : 0);
            case ENUM -> out.varint(number, named(field));
            case UINT32 -> out.varint(number, unsigned(MAX_UINT32));
            case SINT32 -> {
                int value = (int) signed(Integer.SIZE);
                out.varint(number, Integer.toUnsignedLong(value << 1 ^ value >> 31));
            }
            case FIXED32 -> out.fixed32(number, (int) unsigned(MAX_UINT32));
            case INT64 -> out.varint(number, signed(Long.SIZE));
            case UINT64 -> out.varint(number, unsigned(MAX_UINT64));
            case FIXED64 -> out.fixed64(number, unsigned(MAX_UINT64));
            case SFIXED64 -> out.fixed64(number, signed(Long.SIZE));
            case DOUBLE -> out.number(number, number());
            case MESSAGE -> {
                JsonShape shape = field.message();
                if (shape != null) {
                    int mark = out.begin(number);
                    message(shape, depth + 1);
                    out.end(mark);
                }
            }
        }
    }

    private String text() throws IOException, MalformedOtlpException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong("a text");
        }
        return parser.getText();
    }

    private byte[] id(int bytes) throws IOException, MalformedOtlpException {
        String hex = text();
        try {
            byte[] id = HexFormat.of().parseHex(hex);
            if (id.length == bytes || id.length == 0) {
                return id;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw wrong("an id of " + 2 * bytes + " hexadecimal digits");
    }

    /** With either alphabet and with or without padding, as protobuf's JSON mapping reads it. */
    private byte[] base64() throws IOException, MalformedOtlpException {
        String text = text().replace('-', '+').replace('_', '/');
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw wrong("base64");
        }
    }

    private boolean flag() throws MalformedOtlpException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private long named(JsonShape.Field field) throws IOException, MalformedOtlpException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return signed(Integer.SIZE);
        }
        Integer number = field.names().get(parser.getText());
        if (number == null) {
            throw wrong("one of "
                    + String.join(", ", field.names().keySet().stream().sorted().toList()));
        }
        return number;
    }

    private double number() throws IOException, MalformedOtlpException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            switch (parser.getText()) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {}
            }
        }
        BigDecimal decimal = decimal();
        double value = decimal == null ? Double.NaN : decimal.doubleValue();
        if (!Double.isFinite(value)) {
            throw wrong("a number of 64 bits");
        }
        // BigDecimal knows no negative zero.
        return value == 0 && parser.getText().startsWith("-") ? -0.0 : value;
    }

    private long signed(int bits) throws IOException, MalformedOtlpException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (bits == Long.SIZE || value == (int) value) {
                return value;
            }
        }
        BigInteger value = whole();
        if (value == null || value.bitLength() >= bits) {
            throw wrong("an integer of " + bits + " bits");
        }
        return value.longValue();
    }

    private long unsigned(BigInteger most) throws IOException, MalformedOtlpException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT
                && parser.getLongValue() >= 0) {
            return parser.getLongValue();
        }
        BigInteger value = whole();
        if (value == null || value.signum() < 0 || value.compareTo(most) > 0) {
            throw wrong("an integer from 0 to " + most);
        }
        return value.longValue();
    }

    /** The number, or the text of a number, if it is a whole one of not too many digits. */
    private @Nullable BigInteger whole() throws IOException {
        BigDecimal decimal = decimal();
        if (decimal == null || decimal.precision() - (long) decimal.scale() > MAX_NUMBER_CHARS) {
            return null;
        }
        BigDecimal plain = decimal.stripTrailingZeros();
        return plain.scale() > 0 ? null : plain.toBigInteger();
    }

    private @Nullable BigDecimal decimal() throws IOException {
        JsonToken token = parser.currentToken();
        boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        if (!number && token != JsonToken.VALUE_STRING) {
            return null;
        }
        String text = parser.getText();
        if (text.length() > MAX_NUMBER_CHARS) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private MalformedOtlpException wrong(String expected) {
        String path = parser.getParsingContext().pathAsPointer().toString();
        JsonToken token = parser.currentToken();
        String found = token == null
                ? "nothing"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "a text";
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
                    default -> token.asString() == null ? token.name() : token.asString();
                };
        return new MalformedOtlpException("expected " + expected + " but found " + found
                + (path.isEmpty() ? "" : " for " + path) + where(parser.currentTokenLocation()));
    }

    private static String where(@Nullable JsonLocation at) {
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
