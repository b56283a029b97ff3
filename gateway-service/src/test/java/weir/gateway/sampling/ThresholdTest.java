package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.policy;
import static weir.gateway.sampling.Configs.probabilistic;
import static weir.gateway.sampling.Configs.spansPerSecond;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.gateway.sampling.PolicySections.StatusCodeConfig;
import weir.gateway.sampling.PolicySections.WeirPolicy;

/** Rates of policies, and what is written of probabilities into trace states. */
class ThresholdTest {
    private static final int TRACES = 4000;

    @ParameterizedTest
    @CsvSource({"100, 0", "50, 80000000000000", "25, c0000000000000", "0, 100000000000000", "10, e6666666000000"})
    void threshold_ofPercentage(double percentage, String hex) {
        assertThat(Long.toHexString(OtTraceState.threshold(percentage))).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "''                      | 80000000000000 | ot=th:8",
                "a=b                     | 80000000000000 | ot=th:8,a=b",
                "a=b,ot=th:c;rv:ffffffffffffff,c=d | 80000000000000 | ot=th:c;rv:ffffffffffffff,a=b,c=d",
                "ot=x:y;th:4             | 80000000000000 | ot=th:8;x:y",
                "ot=th:zz,a=b            | 0              | ot=th:0,a=b",
                "ot=th:4;x:y             | -              | ot=x:y",
                "ot=th:4                 | -              | ''",
                "a=b                     | -              | a=b"
            })
    void with_threshold_isOnlyRaised(String state, String hex, String expected) {
        long threshold = hex == null ? OtTraceState.UNKNOWN : Long.parseLong(hex, 16);

        assertThat(OtTraceState.with(state, threshold, OtTraceState.OWN)).isEqualTo(expected);
    }

    @Test
    void with_ownRandomness_isWrittenUnlessAnotherOneDecidedBefore() {
        assertThat(OtTraceState.with("", 1L << 55, 5)).isEqualTo("ot=th:8;rv:00000000000005");
        assertThat(OtTraceState.with("ot=th:4", 1L << 55, 5)).isEmpty();
        assertThat(OtTraceState.with("ot=rv:0000000000000a", 1L << 55, 5)).isEqualTo("ot=rv:0000000000000a");
    }

    @Test
    void firstMatch_rates_theFirstThatMatchesDecidesAlone() {
        Sampler sampler = new Sampler(Configs.of(
                        policy(
                                "errors",
                                "status_code",
                                new StatusCodeConfig(List.of("ERROR")),
                                new WeirPolicy(50, null, null)),
                        Configs.drop("fine", status("", "OK")),
                        policy("rest", "always_sample", new WeirPolicy(10, null, null)),
                        always("never asked"))
                .rates()
                .threshold());
        SplittableRandom random = new SplittableRandom(1);
        List<Span.Builder> spans = new ArrayList<>();
        for (long i = 0; i < TRACES; i++) {
            Span.Builder span = i % 2 == 0 ? error(0, i) : span(0, i);
            spans.add(span.setTraceId(Spans.traceId(1, random.nextLong())));
        }
        sampler.send(spans.toArray(Span.Builder[]::new));

        sampler.decide();

        List<Span> errors = sampler.kept().stream()
                .filter(s -> "errors".equals(Sampler.attribute(s, "tailsampling.policy")))
                .toList();
        List<Span> rest = sampler.kept().stream()
                .filter(s -> "rest".equals(Sampler.attribute(s, "tailsampling.policy")))
                .toList();
        assertThat(errors)
                .hasSizeBetween(900, 1100)
                .allSatisfy(s -> assertThat(s.getTraceState()).isEqualTo("ot=th:8"));
        assertThat(rest)
                .hasSizeBetween(150, 250)
                .allSatisfy(s -> assertThat(s.getTraceState()).isEqualTo("ot=th:e6666666"));
        assertThat(sampler.kept()).hasSize(errors.size() + rest.size()).allSatisfy(ThresholdTest::assertConsistent);
        assertThat(sampler.metric("otelcol_processor_tail_sampling_count_traces_sampled", "sampled", "true"))
                .isEqualTo(sampler.kept().size());
    }

    @Test
    void firstMatch_givenRandomness_decidesInsteadOfTheId() {
        Sampler sampler = new Sampler(Configs.of(policy("half", "always_sample", new WeirPolicy(50, null, null)))
                .rates()
                .threshold());
        sampler.send(
                span(-1, 1).setTraceState("ot=rv:7fffffffffffff"),
                span(0, 2).setTraceState("x=y,ot=rv:80000000000000;th:4"));

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(2L);
        assertThat(sampler.kept().getFirst().getTraceState()).isEqualTo("ot=th:8;rv:80000000000000,x=y");
    }

    @Test
    void anyMatch_probabilities_areSaidWhereTheyAreKnown() {
        Sampler sampler = new Sampler(
                Configs.of(status("errors", "ERROR"), probabilistic("some", 30)).threshold());
        SplittableRandom random = new SplittableRandom(2);
        List<Span.Builder> spans = new ArrayList<>();
        for (long i = 0; i < TRACES; i++) {
            Span.Builder span = i % 10 == 0 ? error(0, i) : span(0, i);
            spans.add(span.setTraceId(Spans.traceId(random.nextLong(), random.nextLong())));
        }
        sampler.send(spans.toArray(Span.Builder[]::new));
        sampler.decide();

        double estimated = 0;
        for (Span span : sampler.kept()) {
            assertConsistent(span);
            estimated += OtTraceState.RANGE / (double) (OtTraceState.RANGE - threshold(span));
        }
        assertThat(estimated).isBetween(TRACES * 0.93, TRACES * 1.07);
    }

    @Test
    void anyMatch_limitsAndLateSpans_sayNothing() {
        Sampler sampler =
                new Sampler(Configs.of(spansPerSecond("limit", 100, 0)).threshold());
        sampler.send(span(1, 1).setTraceState("ot=th:8"), span(1, 2));
        sampler.decide();
        sampler.send(span(1, 3).setTraceState("a=b,ot=th:8"));
        sampler.advance(Duration.ofMillis(200));

        assertThat(sampler.kept().stream().map(Span::getTraceState)).containsExactly("", "", "a=b");
        sampler.assertIdle();
    }

    @Test
    void spanIngest_saysNothing() {
        Sampler sampler = new Sampler(Configs.of(probabilistic("some", 50), status("errors", "ERROR"))
                .spanIngest()
                .threshold());
        for (long i = 0; i < 100; i++) {
            sampler.send(error(i, i).setTraceState(i % 2 == 0 ? "" : "a=b,ot=th:8"));
        }
        sampler.decide();

        assertThat(sampler.kept())
                .hasSize(100)
                .allSatisfy(s -> assertThat(s.getTraceState()).isEqualTo(Sampler.number(s) % 2 == 0 ? "" : "a=b"));
        sampler.assertIdle();
    }

    private static long threshold(Span span) {
        String th = value(span, "th");
        return Long.parseLong((th + "0".repeat(14)).substring(0, 14), 16);
    }

    private static String value(Span span, String key) {
        for (String part : span.getTraceState().substring(3).split(";")) {
            if (part.startsWith(key + ":")) {
                return part.substring(3);
            }
        }
        return "";
    }

    /** A receiver can see that the span was rightly kept. */
    private static void assertConsistent(Span span) {
        String rv = value(span, "rv");
        long randomness = rv.isEmpty()
                ? span.getTraceId().asReadOnlyByteBuffer().getLong(8) & OtTraceState.RANGE - 1
                : Long.parseLong(rv, 16);
        assertThat(randomness).isGreaterThanOrEqualTo(threshold(span));
    }
}
