package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpCheckTest {
    private static final int MUTATIONS_PER_SIGNAL = 36_000;

    @ParameterizedTest
    @EnumSource
    void check_mutatedRequests_agreesWithProtobuf(Signal signal) {
        int accepted = 0;
        for (int seed = 0; seed < MUTATIONS_PER_SIGNAL / 100; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            byte[] whole = random.bytes(signal);
            for (int i = 0; i < 100; i++) {
                byte[] bytes = i == 0 ? whole : random.mutate(whole);
                if (ProtobufOracle.agrees(signal, bytes, "seed " + seed + ", mutation " + i)) {
                    accepted++;
                }
            }
        }
        assertThat(accepted).isBetween(MUTATIONS_PER_SIGNAL / 20, MUTATIONS_PER_SIGNAL * 19 / 20);
    }

    @ParameterizedTest
    @EnumSource
    void check_everyTruncation_agreesWithProtobuf(Signal signal) {
        for (int seed = 0; seed < 20; seed++) {
            byte[] whole = new RandomOtlp(seed).bytes(signal);
            for (int length = 0; length < Math.min(whole.length, 3000); length++) {
                ProtobufOracle.agrees(signal, Arrays.copyOf(whole, length), "seed " + seed + ", " + length + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void check_corpus_agreesWithProtobufAndItsVerdicts(Signal signal) throws IOException {
        for (String[] parts : corpus()) {
            String line = String.join(" ", parts);
            if (!parts[0].equals(signal.label())) {
                continue;
            }
            byte[] bytes = HexFormat.of().parseHex(parts[2]);
            assertThat(ProtobufOracle.agrees(signal, bytes, line)).as(line).isEqualTo(parts[1].equals("ok"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void check_randomRequest_countsItsItemsAtAnyOffset(Signal signal) throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(signal);
            byte[] shifted = new byte[bytes.length + 13];
            Arrays.fill(shifted, (byte) 0xff);
            System.arraycopy(bytes, 0, shifted, 6, bytes.length);
            int expected = ProtobufOracle.items(signal, bytes);

            assertThat(OtlpCheck.check(signal, bytes, 0, bytes.length).items()).isEqualTo(expected);
            assertThat(OtlpCheck.check(signal, shifted, 6, bytes.length).items())
                    .isEqualTo(expected);
            assertThat(OtlpCheck.check(signal, shifted, 6, bytes.length, new TraceIndex())
                            .items())
                    .isEqualTo(expected);
        }
    }

    @Test
    void check_malformedInTheMiddleOfAnArray_saysTheOffsetWithinTheRequest() {
        byte[] bytes = {0x55, 0x55, 0x0a, 0x05, 0x01};

        assertThatThrownBy(() -> OtlpCheck.check(Signal.TRACES, bytes, 2, 3))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessage("a length of 5 where 1 bytes are left at byte 1");
        assertThatThrownBy(() -> new TraceIndex().index(bytes, 2, 3))
                .hasMessage("a length of 5 where 1 bytes are left at byte 1");
    }

    @Test
    void check_messagesNestedAHundredDeep_agreesWithProtobufOnEveryDepth() {
        for (int levels = 20; levels < 60; levels++) {
            ProtobufOracle.agrees(Signal.LOGS, nestedBody(levels, 5), levels + " arrays");
        }
        for (int levels = 85; levels < 110; levels++) {
            ProtobufOracle.agrees(Signal.TRACES, nestedGroups(levels), levels + " groups");
        }
    }

    @Test
    void check_nestedTenThousandDeep_refusesWithoutOverflow() {
        byte[] values = nestedBody(10_000, 5);
        byte[] maps = nestedBody(10_000, 6);
        byte[] groups = nestedGroups(10_000);

        assertThatThrownBy(() -> OtlpCheck.check(Signal.LOGS, values, 0, values.length))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> OtlpCheck.check(Signal.LOGS, maps, 0, maps.length))
                .isInstanceOf(MalformedOtlpException.class);
        assertThatThrownBy(() -> OtlpCheck.check(Signal.METRICS, groups, 0, groups.length))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> new TraceIndex().index(groups, 0, groups.length))
                .isInstanceOf(MalformedOtlpException.class);
    }

    @Test
    void index_moreSpansThanTheLimit_refuses() {
        int spans = TraceIndex.MAX_SPANS + 1;
        Output out = new Output(1 << 20);
        int resource = out.begin(1);
        int scope = out.begin(2);
        for (int i = 0; i < spans; i++) {
            out.field(2, new byte[0]);
        }
        byte[] bytes = out.end(scope).end(resource).toByteArray();

        assertThatThrownBy(() -> new TraceIndex().index(bytes, 0, bytes.length))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("262144");
    }

    /** A log record whose body nests arrays (5) or maps (6) this deep. */
    private static byte[] nestedBody(int levels, int kind) {
        byte[] value = {};
        for (int i = 0; i < levels; i++) {
            value = wrap(kind == 5 ? new int[] {1, 5} : new int[] {2, 1, 6}, value);
        }
        return wrap(new int[] {5, 2, 2, 1}, value);
    }

    private static byte[] nestedGroups(int levels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < levels; i++) {
            out.write(14 << 3 | Wire.START_GROUP);
        }
        for (int i = 0; i < levels; i++) {
            out.write(14 << 3 | Wire.END_GROUP);
        }
        return out.toByteArray();
    }

    private static byte[] wrap(int[] fields, byte[] inner) {
        byte[] b = inner;
        for (int field : fields) {
            b = new Output(b.length + 10).field(field, b).toByteArray();
        }
        return b;
    }

    /** Signal, verdict, request in hexadecimal, what it is. */
    static List<String[]> corpus() throws IOException {
        try (var in = OtlpCheckTest.class.getResourceAsStream("hostile.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s+", 4))
                    .toList();
        }
    }
}
