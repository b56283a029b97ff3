package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Configs.text;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.padded;
import static weir.gateway.sampling.Spans.span;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import weir.pipeline.Delivery;

class ShadowAndStressTest {
    @Test
    void shadow_otherPolicies_areCountedAndDecideNothing() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR"))
                .shadow(text("pay", "a", "b"), Configs.drop("fine", status("", "OK"))));
        sampler.send(error(1, 1), span(1, 2));
        sampler.send(span(2, 3).addAttributes(Spans.attribute("a", "b")), span(3, 4));
        sampler.send(error(4, 5).addAttributes(Spans.attribute("a", "b")));

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L, 5L);
        assertThat(shadow(sampler, "traces", "kept", "dropped")).isEqualTo(1);
        assertThat(shadow(sampler, "spans", "kept", "dropped")).isEqualTo(2);
        assertThat(shadow(sampler, "traces", "dropped", "kept")).isEqualTo(1);
        assertThat(shadow(sampler, "traces", "dropped", "dropped")).isEqualTo(1);
        assertThat(shadow(sampler, "traces", "kept", "kept")).isEqualTo(1);
        assertThat(sampler.metric("weir_sampling_shadow_count_traces_sampled", "policy", "pay", "sampled", "true"))
                .isEqualTo(2);
        assertThat(sampler.metric("otelcol_processor_tail_sampling_count_traces_sampled", "policy", "pay"))
                .isZero();
        assertThat(sampler.processor.shadowDifferences()).isNotEmpty().first().satisfies(d -> {
            assertThat(d.traceIdHex()).isEqualTo("000000000000abcd0000000000000001");
            assertThat(d.kept()).isTrue();
            assertThat(d.policy()).isEqualTo("errors");
            assertThat(d.shadowPolicy()).isEmpty();
            assertThat(d.spans()).isEqualTo(2);
        });
        sampler.assertIdle();
    }

    @Test
    void shadow_manyDifferences_areFewExamples() {
        Sampler sampler = new Sampler(Configs.of(always("all")).shadow(status("errors", "ERROR")));
        for (int i = 0; i < 300; i++) {
            sampler.send(span(i, i));
            sampler.advance(Duration.ofMillis(100));
        }
        sampler.decide();

        assertThat(shadow(sampler, "traces", "kept", "dropped")).isEqualTo(300);
        assertThat(sampler.processor.shadowDifferences()).hasSize(32);
        assertThat(sampler.processor.shadowDifferences().getFirst().traceIdHex())
                .endsWith(String.format("%x", 299));
    }

    @Test
    void shadow_reloaded_comesAndGoes() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.send(span(1, 1).addAttributes(Spans.attribute("a", "b")));

        sampler.processor.reload(
                Configs.of(always("all")).shadow(text("pay", "a", "b")).config());
        sampler.decide();
        sampler.processor.reload(Configs.of(always("all")).config());
        sampler.send(span(2, 2));
        sampler.decide();

        assertThat(shadow(sampler, "traces", "kept", "kept")).isEqualTo(1);
        assertThat(sampler.processor.shadowDifferences()).isEmpty();
    }

    private static double shadow(Sampler sampler, String what, String live, String shadow) {
        return sampler.metric("weir_sampling_shadow_" + what, "live", live, "shadow", shadow);
    }

    @Test
    void stress_backendTakesNothing_passesOnAShareOfNewTracesWhole() {
        Sampler sampler =
                new Sampler(Configs.of(always("all")).heldMib(4).stress(20).threshold());
        sampler.next.hold();
        SplittableRandom random = new SplittableRandom(4);
        Map<Long, Set<Long>> accepted = new HashMap<>();
        long number = 0;
        double stressed = 0;
        for (int i = 0; i < 1500; i++) {
            long trace = random.nextLong();
            for (int n = 0; n < 2; n++) {
                long span = number++;
                Delivery delivery = sampler.send(padded(span(trace, span), 4000));
                if (delivery.equals(Delivery.ACCEPTED)) {
                    accepted.computeIfAbsent(trace, t -> new HashSet<>()).add(span);
                }
            }
            sampler.advance(Duration.ofMillis(100));
            stressed = Math.max(stressed, sampler.metric("weir_sampling_stressed_shards"));
        }
        assertThat(stressed).isEqualTo(1);
        while (sampler.next.open() > 0 || sampler.context.ledger().heldItems() > 0) {
            if (sampler.next.open() > 0) {
                sampler.next.completeNext(Delivery.ACCEPTED);
            }
            sampler.advance(Duration.ofMillis(200));
        }

        Map<Long, Set<Long>> kept = new HashMap<>();
        sampler.kept()
                .forEach(s -> kept.computeIfAbsent(
                                s.getTraceId().asReadOnlyByteBuffer().getLong(8), t -> new HashSet<>())
                        .add(Sampler.number(s)));
        assertThat(kept).allSatisfy((trace, spans) -> assertThat(spans).isEqualTo(accepted.get(trace)));
        double passed = sampler.kept().stream()
                .filter(s -> "stress".equals(Sampler.attribute(s, "tailsampling.trigger")))
                .peek(s -> assertThat(s.getTraceState()).startsWith("ot=th:cccccccd;rv:"))
                .count();
        double all = sampler.metric("weir_sampling_decisions", "trigger", "stress");
        assertThat(all).isGreaterThan(100);
        assertThat(passed / all).isBetween(0.1, 0.3);
        sampler.send(span(5, number));
        sampler.decide();
        sampler.next.completeNext(Delivery.ACCEPTED);
        sampler.advance(Duration.ofMillis(200));
        assertThat(sampler.metric("weir_sampling_stressed_shards")).isZero();
        sampler.assertIdle();
    }
}
