package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** Bytes as text and back: Hex, Base64, Decode. */
final class CodeConverters {
    private CodeConverters() {}

    static <T> void addTo(Family<T> family) {
        family.change("Hex", "target", (v, into) -> into.set(HexFormat.of().formatHex(bytes(v))));
        family.change(
                "Base64Decode",
                "target",
                (v, into) -> into.set(new String(base64(Family.text(v), Base64.getDecoder()), StandardCharsets.UTF_8)));
        family.converter(
                "Base64Encode",
                CodeConverters::encode,
                value("target"),
                Parameter.optional("variant", Parameter.Kind.TEXT));
        family.converter(
                "Decode", CodeConverters::decode, value("target"), Parameter.of("encoding", Parameter.Kind.TEXT));
    }

    /** A value as bytes: numbers as eight, most significant first, a flag as one. */
    static byte[] bytes(Value value) {
        return switch (value.kind()) {
            case STRING, BYTES -> value.copyOfBytes();
            case BOOL -> new byte[] {(byte) (value.bool() ? 1 : 0)};
            case INT, DOUBLE -> ByteBuffer.allocate(8).putLong(value.integer()).array();
            default -> throw new OttlException("a " + value.kind().label() + " is no bytes");
        };
    }

    private static <T> Getter<T> encode(Arguments<T> arguments) throws ArgumentException {
        Base64.Encoder encoder = switch (arguments.text("variant", "base64")) {
            case "base64" -> Base64.getEncoder();
            case "base64-raw" -> Base64.getEncoder().withoutPadding();
            case "base64-url" -> Base64.getUrlEncoder();
            case "base64-raw-url" -> Base64.getUrlEncoder().withoutPadding();
            default ->
                throw new ArgumentException(
                        "variant", "must be \"base64\", \"base64-raw\", \"base64-url\" or \"base64-raw-url\"");
        };
        Getter<T> getter = arguments.value("target");
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            into.set(encoder.encodeToString(bytes(value)));
        };
    }

    private static byte[] base64(String text, Base64.Decoder decoder) {
        try {
            return decoder.decode(text.replace("\n", "").replace("\r", ""));
        } catch (IllegalArgumentException e) {
            throw new OttlException("the text is no Base64");
        }
    }

    /** Turns encoded bytes into text. */
    private interface Decoding {
        String of(byte[] bytes);
    }

    private static <T> Getter<T> decode(Arguments<T> arguments) throws ArgumentException {
        Decoding decoding = decoding(arguments.text("encoding", ""));
        Getter<T> getter = arguments.value("target");
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            into.set(decoding.of(bytes(value)));
        };
    }

    private static Decoding decoding(String encoding) throws ArgumentException {
        return switch (encoding) {
            case "base64" -> b -> text(base64(ascii(b), Base64.getDecoder()));
            case "base64-raw" -> b -> text(base64(ascii(b), Base64.getDecoder()));
            case "base64-url" -> b -> text(base64(ascii(b), Base64.getUrlDecoder()));
            case "base64-raw-url" -> b -> text(base64(ascii(b), Base64.getUrlDecoder()));
            default -> {
                Charset charset = charset(encoding);
                yield b -> decoded(b, charset);
            }
        };
    }

    private static Charset charset(String name) throws ArgumentException {
        try {
            return Charset.forName(name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(
                    "encoding",
                    "must be base64, base64-raw, base64-url, base64-raw-url or a character set of the IANA");
        }
    }

    private static String ascii(byte[] b) {
        return new String(b, StandardCharsets.US_ASCII);
    }

    private static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    private static String decoded(byte[] b, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)
                    .decode(ByteBuffer.wrap(b))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new OttlException("the bytes are not of " + charset.name());
        }
    }
}
