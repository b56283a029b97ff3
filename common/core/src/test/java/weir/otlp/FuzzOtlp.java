package weir.otlp;

import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import weir.testing.FuzzInputs;

/**
 * A fuzz target: an export request in protobuf, after a byte that names the signal. What Weir accepts and what it reads must be
 * what protobuf's own classes accept and read, but for known differences.
 */
public final class FuzzOtlp {
    private static final ProtobufOracle ORACLE = new ProtobufOracle();

    private FuzzOtlp() {}

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length == 0) {
            return;
        }
        Signal signal = signal(data);
        byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
        if (ProtobufOracle.agrees(signal, bytes, "an input")) {
            ORACLE.assertReadsTheSame(signal, bytes);
        }
    }

    static Signal signal(byte[] data) {
        return Signal.values()[(data[0] & 0xff) % Signal.values().length];
    }

    public static List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>(FuzzInputs.of(FuzzOtlp.class));
        for (String[] hostile : OtlpCheckTest.corpus()) {
            Signal signal = Arrays.stream(Signal.values())
                    .filter(s -> s.label().equals(hostile[0]))
                    .findAny()
                    .orElseThrow();
            inputs.add(FuzzInputs.input(signal.ordinal(), HexFormat.of().parseHex(hostile[2])));
        }
        for (Signal signal : Signal.values()) {
            for (Message message : smallOnes(signal)) {
                inputs.add(FuzzInputs.input(signal.ordinal(), message.toByteArray()));
            }
        }
        return inputs;
    }

    /** Well-formed requests that hold most of what there is, and are small, so that a change of one is likely to matter. */
    static List<Message> smallOnes(Signal signal) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Message smallest = null;
            for (int seed = 0; seed < 40; seed++) {
                Message message = RandomOtlp.parse(
                        signal,
                        new RandomOtlp(100L * i + seed).message(signal, false).toByteArray());
                int size = message.getSerializedSize();
                if (size > 200 && (smallest == null || size < smallest.getSerializedSize())) {
                    smallest = message;
                }
            }
            if (smallest != null) {
                messages.add(smallest);
            }
        }
        return messages;
    }
}
