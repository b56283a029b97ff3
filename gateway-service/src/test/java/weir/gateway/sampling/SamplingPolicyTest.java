package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.gateway.sampling.SamplingPolicy.Probabilistic;

class SamplingPolicyTest {
    private static final PolicySet.Rules RULES = new PolicySet.Rules(false, false, true, false, false);

    private final TraceTable table = new TraceTable();
    private final TraceSummary trace = new TraceSummary(table).at(table.add(1, 1, 1));

    @ParameterizedTest
    @CsvSource({
        "0102030405060708090a0b0c0d0e0f10, dbcf64d5420f4cad",
        "4bf92f3577b34da6a3ce929d0e0e4736, a54533ba2e4970b5",
        "00000000000000000000000000000001, e19535eed1bbaa8a",
        "ffffffffffffffffffffffffffffffff, 17bec3739634fe2d",
        "5b8efff798038103d269b633813fc60c, 95f176d291b1d3f7"
    })
    void hash_defaultSalt_isTheCollectors(String id, String hash) {
        assertThat(HexFormat.of().toHexDigits(hash(Probabilistic.of(50, ""), id)))
                .isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({
        "0102030405060708090a0b0c0d0e0f10, 3.489",
        "4bf92f3577b34da6a3ce929d0e0e4736, 67.077",
        "00000000000000000000000000000001, 50.503",
        "ffffffffffffffffffffffffffffffff, 28.893",
        "5b8efff798038103d269b633813fc60c, 32.317"
    })
    void hash_ownSalt_changesEveryShare(String id, double percent) {
        long hash = hash(Probabilistic.of(50, "test-salt"), id);

        assertThat(Math.scalb((double) (hash >>> 1), -63) * 100)
                .isCloseTo(percent, org.assertj.core.data.Offset.offset(0.001));
    }

    @ParameterizedTest
    @CsvSource({
        "ffffffffffffffffffffffffffffffff, 10, SAMPLED",
        "ffffffffffffffffffffffffffffffff, 9, NOT_SAMPLED",
        "4bf92f3577b34da6a3ce929d0e0e4736, 75, SAMPLED",
        "4bf92f3577b34da6a3ce929d0e0e4736, 50, NOT_SAMPLED",
        "00000000000000000000000000000001, 100, SAMPLED",
        "ffffffffffffffffffffffffffffffff, 0, NOT_SAMPLED"
    })
    void probabilistic_percentage_keepsHashesUpToIt(String id, double percentage, Vote vote) {
        trace.at(table.add(7, high(id), low(id)));

        assertThat(vote(Probabilistic.of(percentage, "default-hash-seed"))).isEqualTo(vote);
    }

    /** Thresholds, then for each span start and end in ms; whether the collector samples. */
    @ParameterizedTest
    @CsvSource({
        "100,   0, '10 110',         true", // at the threshold
        "100,   0, '10 109.999999',  false", // whole milliseconds
        "100,   0, '10 20;60 110',   true", // over several spans
        "100, 200, '10 110',         false", // with an upper bound the threshold itself is not enough
        "100, 200, '10 110.999999',  false",
        "100, 200, '10 111',         true",
        "100, 200, '10 210.999999',  true", // up to the bound, in whole milliseconds
        "100, 200, '10 211',         false",
        "100, 200, '10 160;10 900',  true", // was in range on the way
        "100, 200, '10 900;10 160',  false", // the same spans in another order
        "100,   0, '0 50;40 60',     true", // a start of 0 is the epoch until the next span comes
        "100, 200, '0 50;40 60',     false",
        "0,     0, '10 10',          true",
        "0,     0, '10 9.5',         true", // less than a millisecond before is 0 milliseconds
        "0,     0, '10 8',           false",
        "1,     0, '10 8',           false"
    })
    void latency_spansInOrder_asTheCollector(long threshold, long upper, String spans, boolean sampled) {
        PolicySet policies = new PolicySet(
                List.of(Configs.latency("other", 1_000_000, 0), Configs.latency("latency", threshold, upper)),
                RULES,
                1);
        // The epoch is long ago: a start of 0 makes a duration of decades.
        long base = 1_700_000_000_000L;
        for (String span : spans.split(";")) {
            String[] times = span.split(" ");
            trace.add(nanos(base, times[0]), nanos(base, times[1]), 1, 0);
            policies.conditions().durations(trace);
        }

        assertThat(vote(policies.policy(1))).isEqualTo(Vote.of(sampled));
    }

    @Test
    void statusCode_anySpanHasOneOfTheCodes() {
        SamplingPolicy policy = new PolicySet(List.of(Configs.status("s", "ERROR", "OK")), RULES, 1).policy(0);
        assertThat(vote(policy)).isEqualTo(Vote.NOT_SAMPLED);
        trace.add(1, 2, 3, TraceSummary.UNSET);
        assertThat(vote(policy)).isEqualTo(Vote.NOT_SAMPLED);
        trace.add(1, 2, 3, TraceSummary.OK);
        assertThat(vote(policy)).isEqualTo(Vote.SAMPLED);
    }

    @Test
    void attributes_areOneFieldEachOfASpan() throws Exception {
        PolicySet policies = new PolicySet(List.of(Configs.always("keep all")), RULES, 1);

        var span = io.opentelemetry.proto.trace.v1.Span.parseFrom(policies.attributes(0, Trigger.MEMORY));

        assertThat(Map.of(
                        "tailsampling.policy", "keep all",
                        "tailsampling.trigger", "memory"))
                .allSatisfy(
                        (key, value) -> assertThat(Sampler.attribute(span, key)).isEqualTo(value));
    }

    private Vote vote(SamplingPolicy policy) {
        return policy.vote(trace, new DecisionContext(new SpanLog(12), 0));
    }

    private static long nanos(long baseMillis, String millis) {
        double given = Double.parseDouble(millis);
        return given == 0 ? 0 : baseMillis * 1_000_000 + Math.round(given * 1e6);
    }

    private static long hash(Probabilistic policy, String id) {
        return policy.hash(high(id), low(id));
    }

    private static long high(String id) {
        return Long.parseUnsignedLong(id, 0, 16, 16);
    }

    private static long low(String id) {
        return Long.parseUnsignedLong(id, 16, 32, 16);
    }
}
