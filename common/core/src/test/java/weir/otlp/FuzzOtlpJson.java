package weir.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import weir.testing.FuzzInputs;

/**
 * A fuzz target: an export request in JSON, after a byte that names the signal. It is refused, or becomes a request that the
 * check accepts, that is what protobuf's own classes make of the JSON, and that comes out the same from what they print of it.
 */
public final class FuzzOtlpJson {
    /** What protobuf's classes refuse and Weir need not: the last are bytes written in both alphabets of base64. */
    private static final Pattern KNOWN = Pattern.compile("(?s)Hit recursion limit.*|.*belonging to the same oneof.*"
            + "|.*has already been set.*|Illegal base64 character (2b|2d|2f|5f)");

    private FuzzOtlpJson() {}

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length == 0) {
            return;
        }
        Signal signal = FuzzOtlp.signal(data);
        byte[] json = Arrays.copyOfRange(data, 1, data.length);
        byte[] bytes;
        try {
            bytes = OtlpJson.toProtobuf(signal, json);
        } catch (MalformedOtlpException _) {
            return;
        }
        OtlpCheck.check(signal, bytes, 0, bytes.length);
        Message read = RandomOtlp.parse(signal, bytes);
        byte[] printed =
                OtlpJsonTest.withHexIds(JsonFormat.printer().print(read)).getBytes(StandardCharsets.UTF_8);
        same(read, RandomOtlp.parse(signal, OtlpJson.toProtobuf(signal, printed)), "what was printed of it");
        Optional<String> base64 = Base64Ids.of(json);
        if (base64.isEmpty()) {
            return;
        }
        Message.Builder builder = read.newBuilderForType();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(base64.get(), builder);
        } catch (InvalidProtocolBufferException e) {
            if (KNOWN.matcher(String.valueOf(e.getMessage())).matches()) {
                return;
            }
            throw e;
        }
        same(read, builder.build(), "what protobuf reads");
    }

    /** Protobuf's JSON knows no negative zero. */
    private static void same(Message read, Message other, String what) {
        if (!read.equals(other)
                && !read.toString().replace(": -0.0\n", ": 0.0\n").equals(other.toString())) {
            throw new AssertionError("read as\n" + read + "but " + what + " is\n" + other);
        }
    }

    public static List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>(FuzzInputs.of(FuzzOtlpJson.class));
        for (Signal signal : Signal.values()) {
            for (Message message : FuzzOtlp.smallOnes(signal)) {
                String json = OtlpJsonTest.withHexIds(
                        JsonFormat.printer().omittingInsignificantWhitespace().print(message));
                inputs.add(FuzzInputs.input(signal.ordinal(), json.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return inputs;
    }
}
