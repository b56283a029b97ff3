package weir.transport.receiver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.otlp.Wire;

/**
 * A {@code google.rpc.Status}, with a {@code google.rpc.RetryInfo} if the client may come back. Written by hand, since these
 * are the only messages of that package.
 *
 * <pre>
 * Status { int32 code = 1; string message = 2; repeated Any details = 3 }
 * Any { string type_url = 1; bytes value = 2 }   RetryInfo { Duration retry_delay = 1 }
 * Duration { int64 seconds = 1; int32 nanos = 2 }
 * </pre>
 *
 * @param code of gRPC
 * @param retryDelay when to come back; null if not at all
 */
record RpcStatus(int code, String message, @Nullable Duration retryDelay) {
    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

    byte[] toProtobuf() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        number(out, 1, code);
        bytes(out, 2, message.getBytes(StandardCharsets.UTF_8));
        Duration delay = retryDelay;
        if (delay != null) {
            ByteArrayOutputStream duration = new ByteArrayOutputStream();
            number(duration, 1, delay.getSeconds());
            number(duration, 2, delay.getNano());
            ByteArrayOutputStream info = new ByteArrayOutputStream();
            bytes(info, 1, duration.toByteArray());
            ByteArrayOutputStream any = new ByteArrayOutputStream();
            bytes(any, 1, RETRY_INFO.getBytes(StandardCharsets.US_ASCII));
            bytes(any, 2, info.toByteArray());
            bytes(out, 3, any.toByteArray());
        }
        return out.toByteArray();
    }

    byte[] toJson() {
        StringBuilder out = new StringBuilder("{\"code\":").append(code).append(",\"message\":");
        quote(out, message);
        Duration delay = retryDelay;
        if (delay != null) {
            out.append(",\"details\":[{\"@type\":\"").append(RETRY_INFO).append("\",\"retryDelay\":\"");
            out.append(delay.getSeconds()).append('.');
            out.append(Integer.toString(1_000_000_000 + delay.getNano()), 1, 10).append("s\"}]");
        }
        return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A varint field; 0 is left out, as proto3 does. */
    static void number(ByteArrayOutputStream out, int field, long value) {
        if (value != 0) {
            varint(out, (long) field << 3 | Wire.VARINT);
            varint(out, value);
        }
    }

    /** A field of text, bytes or a message; empty ones are left out. */
    static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        if (value.length > 0) {
            varint(out, (long) field << 3 | Wire.BYTES);
            varint(out, value.length);
            out.writeBytes(value);
        }
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        byte[] varint = new byte[10];
        out.write(varint, 0, Wire.putVarint(varint, 0, value));
    }

    /** A JSON string. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
