package weir.gateway.sampling.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceStatesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key=value                | true",
                "a=b,key=value            | true",
                "' key=value '            | true",
                "'a=b,\tkey=value'        | true",
                "a=b,,key=value           | true",
                "key=values               | false",
                "keys=value               | false",
                "key=value,key=value      | false", // twice: not well-formed, so it has no members
                "key=value,a              | false",
                "key=value,A=b            | false",
                "key=value,a=             | false",
                "key=value,a=b=c          | false",
                "'key=value, '            | false",
                "key=value,1a=b           | false",
                "key=value,1a@b=c         | true",
                "key=value,a@1b=c         | false",
                "key=value,a=é            | false"
            })
    void match_states_asGoReadsThem(String state, boolean met) {
        assertThat(match(state)).isEqualTo(met);
    }

    @Test
    void match_moreThan32Members_hasNone() {
        String members = IntStream.range(0, 31).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));

        assertThat(match(members + ",key=value")).isTrue();
        assertThat(match(members + ",key=value,one=more")).isFalse();
    }

    @Test
    void match_valueThatIsTooLongForAMember_neverMatches() {
        String value = "v".repeat(253);
        TraceStates states = new TraceStates(
                List.of(new SpanCondition.TraceStateIn("key", Set.of(value, value.substring(1)))), new int[] {0});

        assertThat(met(states, "key=" + value)).isFalse();
        assertThat(met(states, "key=" + value.substring(1))).isTrue();
    }

    private static boolean match(String state) {
        return met(
                new TraceStates(List.of(new SpanCondition.TraceStateIn("key", Set.of("value"))), new int[] {70}),
                state);
    }

    private static boolean met(TraceStates states, String state) {
        long[] met = new long[2];
        byte[] b = ("x" + state + "y").getBytes(UTF_8);
        states.match(b, 1, b.length - 1, met);
        return met[0] != 0 || met[1] == 1L << 6;
    }
}
