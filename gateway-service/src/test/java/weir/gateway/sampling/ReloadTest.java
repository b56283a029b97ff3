package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Configs.policy;
import static weir.gateway.sampling.Configs.spansPerSecond;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Configs.text;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weir.config.Differences;
import weir.gateway.sampling.PolicySections.AndConfig;
import weir.pipeline.Delivery;

/** Other policies while traces wait. */
class ReloadTest {
    @Test
    void reload_tracesThatWait_areJudgedByTheNewPoliciesWhole() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")).shards(2));
        sampler.send(error(1, 1), span(2, 2).addAttributes(Spans.attribute("a", "b")), span(3, 3));

        sampler.processor.reload(Configs.of(text("text", "a", "b"), latency("long", 40, 0))
                .shards(2)
                .config());
        sampler.send(span(1, 4), span(2, 5), span(3, 6).setEndTimeUnixNano(1_700_000_000_040_000_000L));
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(2L, 3L, 5L, 6L);
        assertThat(sampler.kept().stream().map(s -> Sampler.attribute(s, "tailsampling.policy")))
                .containsOnly("text", "long");
        sampler.assertIdle();
    }

    @Test
    void reload_moreConditionsThanBefore_haveRoom() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.send(span(1, 1).addAttributes(Spans.attribute("k150", "v")), span(2, 2));

        sampler.processor.reload(Configs.of(IntStream.range(0, 200)
                        .mapToObj(i -> text("p" + i, "k" + i, "v"))
                        .toArray(PolicyConfig[]::new))
                .config());
        sampler.send(span(3, 3).addAttributes(Spans.attribute("k199", "v")), span(4, 4));
        sampler.decide();
        sampler.processor.reload(Configs.of(text("few", "k1", "v")).config());
        sampler.send(span(5, 5).addAttributes(Spans.attribute("k1", "v")));
        sampler.decide();

        assertThat(sampler.kept().stream().map(s -> Sampler.attribute(s, "tailsampling.policy")))
                .containsExactlyInAnyOrder("p150", "p199", "few");
        sampler.assertIdle();
    }

    @Test
    void reload_lateSpans_followTheDecisionOfFormerPolicies() {
        Sampler sampler = new Sampler(Configs.of(text("gone", "a", "b"), status("stays", "ERROR")));
        sampler.send(span(1, 1).addAttributes(Spans.attribute("a", "b")), error(2, 2), span(3, 3));
        sampler.decide();

        sampler.processor.reload(
                Configs.of(always("all"), status("stays", "OK")).config());
        sampler.send(span(1, 4), span(2, 5), span(3, 6));
        sampler.advance(Duration.ofMillis(200));

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L, 4L, 5L);
        assertThat(sampler.kept().stream()
                        .filter(s -> Sampler.number(s) > 3)
                        .map(s -> Sampler.number(s) + " " + Sampler.attribute(s, "tailsampling.policy")))
                .containsExactlyInAnyOrder("4 null", "5 stays");
        sampler.assertIdle();
    }

    @Test
    void reload_limitsThatStayTheSame_areNotFullAgain() {
        PolicyConfig limit = spansPerSecond("limit", 1, 100);
        PolicyConfig inner = policy("inner", "and", new AndConfig(List.of(limit, always("all"))));
        for (PolicyConfig policy : List.of(limit, inner)) {
            Sampler sampler = new Sampler(Configs.of(policy));
            sendTraces(sampler, 200);
            assertThat(sampler.keptNumbers()).hasSize(100);

            sampler.processor.reload(Configs.of(text("other", "a", "b"), policy).config());
            sendTraces(sampler, 200);

            assertThat(sampler.keptNumbers()).hasSizeBetween(105, 115);
        }
    }

    @Test
    void reload_limitThatChanged_beginsAnew() {
        Sampler sampler = new Sampler(Configs.of(spansPerSecond("limit", 1, 100)));
        sendTraces(sampler, 200);

        sampler.processor.reload(Configs.of(spansPerSecond("limit", 1, 90)).config());
        sendTraces(sampler, 200);

        assertThat(sampler.keptNumbers()).hasSize(190);
    }

    private static void sendTraces(Sampler sampler, int traces) {
        long first = 1_000_000L * (1 + sampler.deliveries.size());
        sampler.send(LongStream.range(first, first + traces)
                .mapToObj(i -> span(i, i))
                .toArray(Span.Builder[]::new));
        sampler.decide();
    }

    @Test
    void reload_metrics_tellVersionAndHash() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        assertThat(sampler.metric("weir_sampling_policy_version")).isEqualTo(1);
        sampler.send(span(1, 1));
        sampler.decide();
        String before = requireNonNull(Sampler.attribute(sampler.kept().getFirst(), "tailsampling.policy_set"));

        sampler.processor.reload(Configs.of(always("every")).config());
        sampler.send(span(2, 2));
        sampler.decide();
        String after = requireNonNull(Sampler.attribute(sampler.kept().getLast(), "tailsampling.policy_set"));

        assertThat(sampler.metric("weir_sampling_policy_version")).isEqualTo(2);
        assertThat(before).matches("[0-9a-f]{12}").isNotEqualTo(after);
        assertThat(sampler.metric("weir_sampling_policy_set", "hash", after)).isEqualTo(1);
        assertThat(sampler.metric("weir_sampling_policy_set")).isEqualTo(1);
        sampler.processor.reload(Configs.of(always("all")).config());
        assertThat(sampler.metric("weir_sampling_policy_set", "hash", before)).isEqualTo(1);
    }

    @Test
    void differences_ofPolicies_takeEffectWhileItRuns() {
        TailSamplingConfig former = Configs.of(always("all")).config();
        TailSamplingConfig next = Configs.of(status("e", "OK"))
                .firstMatch()
                .limitsLast()
                .unrecorded()
                .config();

        assertThat(Differences.between(former, next)).hasSize(4).allMatch(Differences.Change::live);
        assertThat(Differences.between(
                        former, Configs.of(always("all")).shards(2).config()))
                .noneMatch(Differences.Change::live);
    }

    @Test
    void reload_whileSpansCome_losesNone() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(always("all")).shards(2));
        sampler.start();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        Thread sender = Thread.ofPlatform().start(() -> {
            for (long i = 0; i < 3000; i++) {
                sampler.processor.consume(Spans.batch(span(i % 500, i), span(i % 300, 10_000 + i)), d -> {
                    if (d.equals(Delivery.ACCEPTED)) {
                        sent.addAndGet(2);
                    }
                });
            }
            done.set(true);
        });
        int reloads = 0;
        while (!done.get() || reloads < 20) {
            sampler.processor.reload(Configs.of(text("none" + reloads, "a" + reloads++, "b"), always("all"))
                    .shards(2)
                    .config());
        }
        sender.join();

        assertThat(sampler.processor.drain(Duration.ofSeconds(20))).isTrue();
        sampler.processor.close();

        assertThat(sampler.keptNumbers()).hasSize((int) sent.get());
        assertThat(sampler.processor.trouble()).isEmpty();
        sampler.assertIdle();
    }
}
