package weir.tracestate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateTest {
    private final TraceState state = new TraceState();

    /** From the middle of an array. */
    private boolean parse(String text) {
        byte[] b = ("??" + text + ";=").getBytes(StandardCharsets.UTF_8);
        return state.parse(b, 2, b.length - 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1,b=2 | a=1,b=2",
                "' a=1 ,, b=2,' | a=1,b=2",
                "a=1,ot=th:8 | ot=th:8,a=1",
                "ot=th:8;rv:0123456789abcd;x:Y.z | ot=rv:0123456789abcd;th:8;x:Y.z",
                "ot=th:8000 | ot=th:8000",
                "ot=x: | ot=x:",
                "7t@sys=v;: | 7t@sys=v;:",
                "ot=th:8,ot=x:1 | ot=x:1"
            })
    void parse_states_arePutTogetherWithOpenTelemetrysFirst(String text, String expected) {
        assertThat(parse(text)).isTrue();
        assertThat(state).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "=1",
                "A=1",
                "a=",
                "a=1=2",
                "a=\u00e4",
                "a@=1",
                "@b=1",
                "a@2=1",
                "a@b@c=1",
                "ot=",
                "ot=th",
                "ot=:8",
                "ot=th:",
                "ot=th:8;",
                "ot=th:8;;x:1",
                "ot=th:g",
                "ot=th:123456789abcdef",
                "ot=rv:123",
                "ot=rv:0123456789abcg",
                "ot=X:1",
                "ot=x:~"
            })
    void parse_nonsense_isNone(String text) {
        assertThat(parse(text)).as(text).isFalse();
    }

    @Test
    void parse_limits_hold() {
        String members = IntStream.range(0, 32).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        assertThat(parse(members)).isTrue();
        assertThat(state.count()).isEqualTo(32);
        assertThat(parse(members + ",k=v")).isFalse();
        assertThat(parse("k=" + "v".repeat(256))).isTrue();
        assertThat(parse("k=" + "v".repeat(257))).isFalse();
        assertThat(parse("k".repeat(256) + "=v")).isTrue();
        assertThat(parse("k".repeat(257) + "=v")).isFalse();
        assertThat(parse("t".repeat(241) + "@" + "s".repeat(14) + "=v")).isTrue();
        assertThat(parse("t".repeat(242) + "@s=v")).isFalse();
        assertThat(parse("t@" + "s".repeat(15) + "=v")).isFalse();
        assertThat(parse("a=" + "v".repeat(250) + (",b=" + "v".repeat(250)).repeat(4)))
                .isFalse();
    }

    @Test
    void setters_changeWhatIsWritten() {
        assertThat(parse("ot=th:8;rv:0123456789ABCD,a=1")).isTrue();
        assertThat(state.threshold()).isEqualTo(1L << 55);
        assertThat(state.randomness()).isEqualTo(0x0123456789abcdL);

        state.threshold(3L << 54);
        assertThat(state).hasToString("ot=rv:0123456789ABCD;th:c,a=1");
        state.randomness(5);
        state.threshold(Thresholds.NONE);
        assertThat(state).hasToString("ot=rv:00000000000005,a=1");
        assertThat(state.clear()).hasToString("");
    }
}
