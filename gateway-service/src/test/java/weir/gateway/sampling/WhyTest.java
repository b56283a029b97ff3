package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.drop;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Configs.probabilistic;
import static weir.gateway.sampling.Configs.spansPerSecond;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Configs.text;
import static weir.gateway.sampling.Spans.attribute;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.gateway.sampling.Why.Voted;

/** What is said about traces when somebody asks. */
class WhyTest {
    private static Why why(Sampler sampler, long trace) {
        var id = Spans.traceId(0xabcd, trace).asReadOnlyByteBuffer();
        return sampler.processor.why(id.getLong(), id.getLong());
    }

    private static Why.Decided decided(Sampler sampler, long trace) {
        Why why = why(sampler, trace);
        assertThat(why).isInstanceOf(Why.Decided.class);
        return (Why.Decided) why;
    }

    @Test
    void why_keptTrace_saysWhatEachPolicyLookedAt() {
        Sampler sampler = new Sampler(Configs.of(
                status("errors", "ERROR"),
                latency("slow", 500, 0),
                text("route", "http.route", "/x"),
                spansPerSecond("limit", 100, 0)));
        sampler.send(
                error(1, 1).setStartTimeUnixNano(1_000_000_000).setEndTimeUnixNano(1_612_000_000),
                span(1, 2).setStartTimeUnixNano(1_000_000_000).setEndTimeUnixNano(1_100_000_000));
        sampler.decide();

        Why.Decided why = decided(sampler, 1);

        assertThat(why.kept()).isTrue();
        assertThat(why.policy()).isEqualTo("errors");
        assertThat(why.trigger()).isEqualTo("deadline");
        assertThat(why.spans()).isEqualTo(2);
        assertThat(why.durationNanos()).isEqualTo(612_000_000);
        assertThat(why.waitedMillis()).isBetween(10_000L, 10_200L);
        assertThat(why.policySet()).matches("[0-9a-f]{12}");
        assertThat(why.votes())
                .containsExactly(
                        new Voted("errors", Why.Vote.KEEP, "status ERROR"),
                        new Voted("slow", Why.Vote.KEEP, "latency 612 ms ≥ 500 ms"),
                        new Voted("route", Why.Vote.NOT_KEEP, "no string_attribute `http.route` that matches"),
                        new Voted("limit", Why.Vote.KEEP, "limit of spans a second, 2 spans"));
    }

    @Test
    void why_droppedTraces_saysWhoDroppedThem_andWhoWasNotAsked() {
        Sampler sampler = new Sampler(
                Configs.of(probabilistic("some", 0), always("all"), drop("health", text("", "http.route", "/health"))));
        sampler.send(span(1, 1).addAttributes(attribute("http.route", "/health")));
        sampler.decide();

        Why.Decided why = decided(sampler, 1);

        assertThat(why.kept()).isFalse();
        assertThat(why.policy()).isEqualTo("health");
        assertThat(why.votes().stream().map(Voted::vote))
                .containsExactly(Why.Vote.DROP, Why.Vote.NOT_ASKED, Why.Vote.NOT_ASKED);
    }

    @Test
    void why_droppedWithoutAsking_saysSo() {
        Sampler sampler = new Sampler(Configs.of(always("all")).maxTraceBytes(1000, OversizedTraces.DROP));
        sampler.send(Spans.padded(span(1, 1), 70_000));
        sampler.turns();

        Why.Decided why = decided(sampler, 1);

        assertThat(why.kept()).isFalse();
        assertThat(why.trigger()).isEqualTo("span_limit");
        assertThat(why.votes()).containsExactly(new Voted("all", Why.Vote.NOT_ASKED, ""));
    }

    @Test
    void why_undecidedTrace_saysHowLongItWillTake() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.send(span(1, 1), span(1, 2), span(2, 3));
        sampler.advance(Duration.ofSeconds(4));

        assertThat(why(sampler, 1)).isInstanceOfSatisfying(Why.Waiting.class, w -> {
            assertThat(w.spans()).isEqualTo(2);
            assertThat(w.waitedMillis()).isEqualTo(4000);
            assertThat(w.dueMillis()).isBetween(6000L, 6020L);
        });
        sampler.decide();
        assertThat(decided(sampler, 1).kept()).isTrue();
    }

    @Test
    void why_neverSeen_saysSinceWhenItWouldBeKnown() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        assertThat(why(sampler, 1)).isEqualTo(new Why.Unknown("tail_sampling", 11 * 1024, 0));

        sampler.send(span(2, 1));
        sampler.decide();

        long decided = decided(sampler, 2).decidedAtUnixMillis();
        assertThat(why(sampler, 1)).isEqualTo(new Why.Unknown("tail_sampling", 11 * 1024, decided));
    }

    @Test
    void why_noteGaveWay_theDecisionIsRememberedWithItsPolicy() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")).remembered(100_000));
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();
        for (int round = 0; round < 12; round++) {
            long from = 10 + round * 1000L;
            sampler.send(LongStream.range(from, from + 1000)
                    .mapToObj(i -> span(i, i))
                    .toArray(Span.Builder[]::new));
        }
        sampler.decide();

        assertThat(why(sampler, 1)).isInstanceOfSatisfying(Why.Remembered.class, w -> {
            assertThat(w.kept()).isTrue();
            assertThat(w.policy()).isEqualTo("errors");
            assertThat(w.agoMillis()).isBetween(9_000L, 11_500L);
        });
        assertThat(why(sampler, 2))
                .isInstanceOfSatisfying(
                        Why.Remembered.class, w -> assertThat(w.kept()).isFalse());
        assertThat(sampler.metric("weir_sampling_explained_overwritten", "component", "tail_sampling"))
                .isEqualTo(12_002 - 11 * 1024);
    }

    @Test
    void why_nothingIsNoted_theDecisionIsRememberedAllTheSame() {
        Sampler sampler = new Sampler(Configs.of(always("all")).explained(0));
        sampler.send(span(1, 1));
        sampler.decide();

        assertThat(why(sampler, 1))
                .isInstanceOfSatisfying(
                        Why.Remembered.class, w -> assertThat(w.policy()).isEqualTo("all"));
        assertThat(why(sampler, 2)).isEqualTo(new Why.Unknown("tail_sampling", 0, 0));
    }

    @Test
    void why_afterReload_formerDecisionsAreSaidByFormerPolicies() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        sampler.send(error(1, 1));
        sampler.decide();
        sampler.processor.reload(Configs.of(always("all")).config());
        sampler.send(error(2, 2));
        sampler.decide();

        assertThat(decided(sampler, 1).policy()).isEqualTo("errors");
        assertThat(decided(sampler, 2).policy()).isEqualTo("all");
        assertThat(decided(sampler, 1).policySet())
                .isNotEqualTo(decided(sampler, 2).policySet());
    }

    @Test
    void why_manyPoliciesOfManyConditions_allAreSaid() {
        List<PolicyConfig> policies = new ArrayList<>();
        IntStream.range(0, 150).forEach(i -> policies.add(text("p" + i, "k", "v" + i)));
        Sampler sampler = new Sampler(Configs.of().policies(policies).shards(3));
        sampler.send(
                span(1, 1).addAttributes(attribute("k", "v149")), span(1, 2).addAttributes(attribute("k", "v64")));
        sampler.decide();

        assertThat(decided(sampler, 1).votes().stream()
                        .filter(v -> v.vote() == Why.Vote.KEEP)
                        .map(Voted::policy))
                .containsExactly("p64", "p149");
        assertThat(decided(sampler, 1).votes().get(149).values()).isEqualTo("string_attribute `k` matches");
    }

    @Test
    void why_spanIngest_saysWhatDecidedAndWhatNobodyKept() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")).spanIngest());
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();

        assertThat(decided(sampler, 1).trigger()).isEqualTo("span_ingest");
        assertThat(decided(sampler, 2).votes()).extracting(Voted::vote).containsExactly(Why.Vote.NOT_ASKED);
    }
}
