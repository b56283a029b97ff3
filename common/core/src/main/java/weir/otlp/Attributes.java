package weir.otlp;

import java.nio.charset.StandardCharsets;

/** Attributes written as protobuf: values as the fields of an AnyValue, and whole attributes. */
public final class Attributes {
    private Attributes() {}

    /** A key as attribute cursors compare it. */
    public static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] value(String text) {
        return new Output(text.length() + 8).field(1, text).toByteArray();
    }

    public static byte[] value(boolean flag) {
        return new Output(8).varint(2, flag ? 1 : 0).toByteArray();
    }

    public static byte[] value(long number) {
        return new Output(16).varint(3, number).toByteArray();
    }

    public static byte[] value(double number) {
        return new Output(16).number(4, number).toByteArray();
    }

    /**
     * A whole attribute with its tag, ready to be appended to the message that it is an attribute of.
     *
     * @param field which field of that message holds its attributes; see {@link Fields}
     * @param value the fields of an AnyValue
     */
    public static byte[] attribute(int field, String key, byte[] value) {
        Output out = new Output(key.length() + value.length + 16);
        append(out, field, key(key), value);
        return out.toByteArray();
    }

    static void append(Output out, int field, byte[] key, byte[] value) {
        int size = Wire.fieldSize(key.length) + Wire.fieldSize(value.length);
        out.header(field, size).field(1, key).field(2, value);
    }
}
