package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.padded;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.pipeline.SharesDecisions;
import weir.pipeline.ToldDecisions;
import weir.pipeline.TraceOwners;
import weir.testing.Waiting;

/** Traces that one gateway decided, and of which spans come to another one later. */
class AdoptionTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Sampler first =
            new Sampler(Configs.of(status("errors", "ERROR")).shards(2), 1);
    private final SharesDecisions told = shared(first);

    @Test
    void lateHalves_ofTracesDecidedElsewhere_shareTheirFate() {
        first.send(error(1, 1), span(2, 2));
        first.decide();
        assertThat(first.keptNumbers()).containsExactly(1L);
        Sampler second =
                new Sampler(Configs.of(always("all"), status("errors", "ERROR")).shards(3), 2);
        SharesDecisions learning = shared(second);

        assertThat(learning.learn(told.decided(LONG, "gateway-0"))).isEqualTo(2);
        second.send(span(1, 11), error(2, 12), span(3, 13));
        second.decide();

        assertThat(second.keptNumbers()).containsExactly(11L, 13L);
        Span adopted = kept(second, 11);
        assertThat(Sampler.attribute(adopted, "tailsampling.policy")).isEqualTo("errors");
        assertThat(Sampler.attribute(adopted, "tailsampling.trigger")).isEqualTo("decided_elsewhere");
        assertThat(Sampler.attribute(adopted, "tailsampling.policy_set")).isNull();
        assertThat(second.metric(
                        "weir_sampling_decisions", "component", "tail_sampling", "trigger", "decided_elsewhere"))
                .isEqualTo(2);
        assertThat(second.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(1);
        second.assertIdle();
    }

    @Test
    void spansAfterAnAdoptedDecision_followItAtOnceAndItIsToldOn() {
        first.send(error(1, 1), span(2, 2));
        first.decide();
        Sampler second = new Sampler(Configs.of(status("errors", "ERROR")), 2);
        SharesDecisions learning = shared(second);
        learning.learn(told.decided(LONG, "gateway-0"));
        second.send(span(1, 11), error(2, 12));
        second.decide();

        second.send(span(1, 21), error(2, 22));
        assertThat(second.keptNumbers()).containsExactly(11L);
        second.advance(Duration.ofSeconds(1));

        assertThat(second.keptNumbers()).containsExactly(11L, 21L);
        Sampler third = new Sampler(Configs.of(status("errors", "ERROR")), 3);
        shared(third).learn(learning.decided(LONG, "gateway-1"));
        third.send(span(1, 31), error(2, 32));
        third.decide();
        assertThat(third.keptNumbers()).containsExactly(31L);
        third.assertIdle();
    }

    @Test
    void whatNobodyAskedForYet_isPassedOnAsItWasHeard() {
        first.send(error(1, 1));
        first.decide();
        SharesDecisions second = shared(new Sampler(Configs.of(always("all")), 2));
        second.learn(told.decided(LONG, "gateway-0"));

        assertThat(second.heard()).singleElement().satisfies(heard -> {
            assertThat(heard.gateway()).isEqualTo("gateway-0");
            assertThat(heard.policies()).containsExactly("errors");
            assertThat(heard.words()).hasSize(1);
            assertThat(shared(new Sampler(Configs.of(always("all")), 3)).learn(heard))
                    .isEqualTo(1);
            assertThat(told.learn(heard)).as("its own").isZero();
        });
    }

    @Test
    void keptByAPolicyThatIsUnknownHere_isKept() {
        first.send(error(1, 1));
        first.decide();
        Sampler second = new Sampler(Configs.of(status("never", "UNSET")), 2);
        shared(second).learn(told.decided(LONG, "gateway-0"));

        second.send(error(1, 11));
        second.decide();
        second.send(error(1, 12));
        second.advance(Duration.ofSeconds(1));

        assertThat(second.keptNumbers()).containsExactly(11L, 12L);
        assertThat(Sampler.attribute(kept(second, 11), "tailsampling.policy")).isNull();
        Why why = second.processor.why(0xabcd, 1);
        assertThat(why).isInstanceOfSatisfying(Why.Decided.class, decided -> {
            assertThat(decided.kept()).isTrue();
            assertThat(decided.policy()).isEmpty();
            assertThat(decided.trigger()).isEqualTo("decided_elsewhere");
        });
        second.assertIdle();
    }

    @Test
    void toldAfterItWasDecidedHere_changesNothing() {
        first.send(error(1, 1));
        first.decide();
        Sampler second = new Sampler(Configs.of(status("errors", "ERROR")), 2);
        second.send(span(1, 11));
        second.decide();

        shared(second).learn(told.decided(LONG, "gateway-0"));
        second.send(error(1, 12));
        second.decide();

        assertThat(second.keptNumbers()).isEmpty();
        second.assertIdle();
    }

    @Test
    void lately_leavesOutWhatWasDecidedBefore() {
        first.send(error(1, 1));
        first.decide();
        first.advance(Duration.ofSeconds(30));
        first.send(error(2, 2));
        first.decide();

        assertThat(told.decided(Duration.ofSeconds(5), "gateway-0").words()).hasSize(1);
        assertThat(told.decided(LONG, "gateway-0").words()).hasSize(2);
    }

    @Test
    void underStress_lateSpansFollowWhatWasDecidedElsewhere() {
        first.send(error(1, 1), span(2, 2));
        first.decide();
        Sampler second = new Sampler(Configs.of(always("all")).heldMib(4).stress(0), 2);
        shared(second).learn(told.decided(LONG, "gateway-0"));
        second.next.hold();
        for (long n = 1000; second.metric("weir_sampling_stressed_shards", "component", "tail_sampling") == 0; n++) {
            assertThat(n).as("spans until there is stress").isLessThan(4000);
            second.send(padded(span(n, n), 4000));
        }

        second.send(span(1, 11), span(2, 12), span(3, 13));
        second.turns();

        String late = SamplingMetrics.PREFIX + "early_releases_from_cache_decision";
        assertThat(second.metric(late, "sampled", "true")).isEqualTo(1);
        assertThat(second.metric(late, "sampled", "false")).isEqualTo(1);
    }

    @Test
    void atSpanIngest_lateSpansFollowWhatWasDecidedElsewhere() {
        first.send(error(1, 1), span(2, 2));
        first.decide();
        Sampler second = new Sampler(Configs.of(status("errors", "ERROR")).spanIngest(), 2);
        shared(second).learn(told.decided(LONG, "gateway-0"));

        second.send(span(1, 11), error(2, 12), error(3, 13));
        second.advance(Duration.ofSeconds(1));

        assertThat(second.keptNumbers()).containsExactly(11L, 13L);
        second.decide();
        second.assertIdle();
    }

    @Test
    void drain_withoutJournal_tellsWhatTheStopDecided() throws Exception {
        List<ToldDecisions> heard = new ArrayList<>();
        Sampler stopping = new Sampler(Configs.of(status("errors", "ERROR")), 5);
        stopping.processor.handOverTo(new Owners() {
            @Override
            public void tellAll(Duration limit) {
                heard.add(shares.getFirst().decided(LONG, "gateway-0"));
            }
        });
        stopping.start();
        LongStream.range(0, 50)
                .forEach(n -> stopping.processor.consume(
                        Spans.batch(n % 2 == 0 ? error(n + 1, n + 1) : span(n + 1, n + 1)), stopping.deliveries::add));
        Waiting.until(() -> stopping.deliveries.size() == 50);

        assertThat(stopping.stop()).hasSize(25);

        assertThat(heard)
                .singleElement()
                .satisfies(all -> assertThat(all.words()).hasSize(50));
    }

    private static SharesDecisions shared(Sampler sampler) {
        Owners owners = new Owners();
        sampler.processor.handOverTo(owners);
        return owners.shares.getFirst();
    }

    private static Span kept(Sampler sampler, long number) {
        return sampler.kept().stream()
                .filter(span -> Sampler.number(span) == number)
                .findFirst()
                .orElseThrow();
    }

    /** Nobody but this gateway, so that nothing is handed over. */
    private static class Owners implements TraceOwners {
        final List<SharesDecisions> shares = new ArrayList<>();

        @Override
        public void share(SharesDecisions decided) {
            shares.add(decided);
        }

        @Override
        public Membership members() {
            return Membership.of(List.of(), 0);
        }

        @Override
        public String self() {
            return "gateway-0";
        }

        @Override
        public long bytesPerSecond() {
            return 1 << 20;
        }

        @Override
        public void send(Batch batch, int to, DeliveryCallback done) {
            throw new AssertionError("nothing is to be handed over");
        }
    }
}
