package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Configs.probabilistic;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.padded;
import static weir.gateway.sampling.Spans.root;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

class TailSamplingProcessorTest {
    private static final String PREFIX = "otelcol_processor_tail_sampling_";

    @Test
    void consume_traceInSeveralRequests_isKeptWholeForItsOneError() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        sampler.send(span(1, 1), span(2, 2));
        sampler.send(span(2, 3), error(1, 4));
        assertThat(sampler.context.ledger().heldItems()).isEqualTo(4);
        assertThat(sampler.context.held().bytes()).isPositive();

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 4L);
        assertThat(sampler.context.ledger().deliveredItems()).isEqualTo(2);
        assertThat(sampler.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(2);
        sampler.assertIdle();
    }

    @Test
    void consume_keptSpan_hasItsBytesResourceScopeAndSchemaUrls() {
        Sampler sampler = new Sampler(Configs.of(always("all")).unrecorded());
        Batch batch = Spans.batch(padded(root(1, 1), 300), error(1, 2));
        sampler.send(batch);

        sampler.decide();

        assertThat(sampler.next.batches()).hasSize(1);
        assertThat(Spans.parse(sampler.next.batches().getFirst())).isEqualTo(Spans.parse(batch));
        assertThat(sampler.next.batches().getFirst().items()).isEqualTo(2);
    }

    @Test
    void consume_keptSpan_saysWhichPolicyAndTrigger() {
        Sampler sampler = new Sampler(Configs.of(latency("slow", 10_000, 0), status("errors", "ERROR"), always("all")));
        sampler.send(span(1, 1), error(1, 2));

        sampler.decide();

        assertThat(sampler.kept()).hasSize(2).allSatisfy(span -> {
            assertThat(Sampler.attribute(span, "tailsampling.policy")).isEqualTo("errors");
            assertThat(Sampler.attribute(span, "tailsampling.trigger")).isEqualTo("deadline");
        });
    }

    @Test
    void consume_spansThatSayWhyAnotherSamplerKeptThem_sayWhyThisOneDid() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        List<KeyValue> others = List.of(Spans.attribute("a", "1"), Spans.attribute("tailsampling.other", "stays"));
        Span.Builder twice = error(1, 1)
                .addAttributes(Spans.attribute("tailsampling.trigger", "earlier"))
                .addAttributes(others.getFirst())
                .addAttributes(Spans.attribute("tailsampling.policy", "p".repeat(200)))
                .addAttributes(Spans.attribute("tailsampling.policy", ""))
                .addAttributes(Spans.attribute("tailsampling.policy_set", "other"))
                .addAttributes(others.getLast());
        Span.Builder once = span(1, 2)
                .addAttributes(Spans.attribute("tailsampling.policy", "before"))
                .addAllAttributes(others);
        sampler.send(twice, once, span(1, 3).addAllAttributes(others));

        sampler.decide();

        List<KeyValue> expected = new ArrayList<>(others);
        expected.add(Spans.attribute("tailsampling.policy", "errors"));
        expected.add(Spans.attribute("tailsampling.policy_set", policySet(sampler)));
        expected.add(Spans.attribute("tailsampling.trigger", "deadline"));
        assertThat(sampler.kept())
                .hasSize(3)
                .allSatisfy(span -> assertThat(span.getAttributesList()).containsExactlyElementsOf(expected));
        assertThat(sampler.kept().getFirst().getStatus()).isEqualTo(twice.getStatus());
        assertThat(sampler.next.batches().getFirst().items()).isEqualTo(3);
        sampler.assertIdle();
    }

    private static String policySet(Sampler sampler) {
        return requireNonNull(sampler.context.metrics().all().stream()
                .filter(s -> s.name().equals("weir_sampling_policy_set"))
                .findFirst()
                .orElseThrow()
                .labels()
                .get("hash"));
    }

    @Test
    void consume_spanThatSaysWhyAnotherSamplerKeptIt_keepsItIfThisOneSaysNothing() {
        Sampler sampler = new Sampler(Configs.of(always("all")).unrecorded());
        sampler.send(span(1, 1).addAttributes(Spans.attribute("tailsampling.policy", "before")));

        sampler.decide();

        assertThat(Sampler.attribute(sampler.kept().getFirst(), "tailsampling.policy"))
                .isEqualTo("before");
    }

    @Test
    void metrics_lateSpans_saySecondsSinceTheDecisionOnceARequest() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();
        sampler.advance(Duration.ofSeconds(20));

        sampler.send(span(1, 3), span(1, 4), span(2, 5), span(3, 6));
        sampler.send(span(1, 7));
        sampler.advance(Duration.ofMillis(300));

        Histogram ages = sampler.context.metrics().all().stream()
                .filter(s -> s.name().equals(PREFIX + "sampling_late_span_age"))
                .map(Metrics.Series::histogram)
                .findFirst()
                .orElseThrow();
        assertThat(ages.count()).isEqualTo(3);
        assertThat(ages.sum() / 3)
                .isBetween(19.0, 21.0)
                .satisfies(s -> assertThat(s * 3 % 1).isZero());
        assertThat(ages.bounds()[3]).isEqualTo(25);
        assertThat(ages.bucket(3)).isEqualTo(3);
    }

    @Test
    void advance_justBeforeTheWaitIsOver_decidesNothing() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.send(span(1, 1));

        sampler.advance(Duration.ofMillis(9_900));
        assertThat(sampler.next.batches()).isEmpty();
        sampler.advance(Duration.ofMillis(300));

        assertThat(sampler.keptNumbers()).containsExactly(1L);
    }

    @Test
    void advance_afterRoot_decidesEarlyWhatHasOne() {
        Sampler sampler = new Sampler(Configs.of(always("all")).afterRoot(Duration.ofSeconds(1)));
        sampler.send(span(1, 1), span(2, 2));
        sampler.send(root(1, 3));

        sampler.advance(Duration.ofMillis(1_200));

        assertThat(sampler.keptNumbers()).containsExactly(1L, 3L);
        assertThat(Sampler.attribute(sampler.kept().getFirst(), "tailsampling.trigger"))
                .isEqualTo("root_seen");
        sampler.decide();
        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L, 3L);
        sampler.assertIdle();
    }

    @Test
    void consume_lateSpansInTurnWithNewOnes_eachFollowsItsOwnTrace() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();

        // One after the other of a trace, then another's, then again, with a trace between that waits.
        sampler.send(span(2, 3), span(2, 4), span(1, 5), span(1, 6), error(3, 7), span(1, 8), error(2, 9), span(3, 10));
        sampler.advance(Duration.ofMillis(300));
        assertThat(sampler.keptNumbers()).containsExactly(1L, 5L, 6L, 8L);
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 5L, 6L, 7L, 8L, 10L);
        assertThat(sampler.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(4);
        sampler.assertIdle();
    }

    @Test
    void consume_lateSpans_followTheDecisionOfTheirTrace() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")));
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();

        sampler.send(span(1, 3), error(2, 4));
        sampler.advance(Duration.ofMillis(300));

        assertThat(sampler.keptNumbers()).containsExactly(1L, 3L);
        assertThat(Sampler.attribute(sampler.kept().getLast(), "tailsampling.trigger"))
                .isEqualTo("late_span");
        assertThat(Sampler.attribute(sampler.kept().getLast(), "tailsampling.policy"))
                .isEqualTo("errors");
        assertThat(sampler.metric(PREFIX + "early_releases_from_cache_decision", "sampled", "true"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "early_releases_from_cache_decision", "sampled", "false"))
                .isEqualTo(1);
        sampler.assertIdle();
    }

    @Test
    void consume_traceThatGrowsTooLarge_isDecidedWithWhatThereIs() {
        Sampler sampler =
                new Sampler(Configs.of(status("errors", "ERROR")).maxTraceBytes(1000, OversizedTraces.DECIDE));
        sampler.send(error(1, 1), padded(span(1, 2), 1000), span(1, 3));

        sampler.advance(Duration.ofMillis(300));

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L, 3L);
        assertThat(sampler.kept().stream().map(s -> Sampler.attribute(s, "tailsampling.trigger")))
                .containsExactlyInAnyOrder("span_limit", "span_limit", "late_span");
        sampler.assertIdle();
    }

    @Test
    void consume_traceThatGrowsTooLarge_isDroppedIfTheFileSaysSo() {
        Sampler sampler = new Sampler(Configs.of(always("all")).maxTraceBytes(1000, OversizedTraces.DROP));
        sampler.send(error(1, 1), padded(span(1, 2), 1000), span(1, 3), span(2, 4));

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(4L);
        assertThat(sampler.metric(PREFIX + "traces_dropped_too_large")).isEqualTo(1);
        sampler.assertIdle();
    }

    @Test
    void consume_moreTracesThanNumTraces_decidesTheOldest() {
        Sampler sampler = new Sampler(Configs.of(always("all")).numTraces(2));
        sampler.send(span(1, 1), span(2, 2), span(3, 3));

        sampler.advance(Duration.ofMillis(300));

        assertThat(sampler.keptNumbers()).containsExactly(1L);
        assertThat(sampler.metric("weir_sampling_decisions", "trigger", "memory"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "sampling_traces_on_memory")).isEqualTo(2);
    }

    @Test
    void metrics_twoPolicies_countEachEvaluationAndTheTraceOnce() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR"), always("all"), probabilistic("none", 0)));
        sampler.send(error(1, 1), span(1, 2), span(2, 3));

        sampler.decide();

        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "errors", "sampled", "true"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "errors", "decision", "not_sampled"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "count_spans_sampled", "policy", "errors", "sampled", "true"))
                .isEqualTo(2);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "all"))
                .isEqualTo(2);
        assertThat(sampler.metric(PREFIX + "global_count_traces_sampled", "sampled", "true", "decision", "sampled"))
                .isEqualTo(2);
        assertThat(sampler.metric(PREFIX + "new_trace_id_received")).isEqualTo(2);
        assertThat(sampler.metric(PREFIX + "sampling_policy_execution_count")).isEqualTo(6);
        assertThat(sampler.metric(PREFIX + "sampling_trace_removal_age")).isEqualTo(2);
    }

    @Test
    void decide_firstMatch_asksNoFurther() {
        Sampler sampler =
                new Sampler(Configs.of(always("all"), status("errors", "ERROR")).firstMatch());
        sampler.send(error(1, 1));

        sampler.decide();

        assertThat(sampler.metric(PREFIX + "sampling_policy_execution_count", "policy", "errors"))
                .isZero();
        assertThat(Sampler.attribute(sampler.kept().getFirst(), "tailsampling.policy"))
                .isEqualTo("all");
    }

    @Test
    void next_refusesForAWhile_losesNothing() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.next.answer(Delivery.retryLater(Duration.ofMillis(300), Reason.QUEUE_FULL, "full"));
        sampler.send(span(1, 1), span(2, 2));
        sampler.decide();
        sampler.advance(Duration.ofSeconds(10));
        assertThat(sampler.context.ledger().heldItems()).isEqualTo(2);
        int refused = sampler.next.batches().size();
        assertThat(refused).isBetween(3, 12);

        sampler.next.answer(Delivery.ACCEPTED);
        sampler.advance(Duration.ofSeconds(6));

        assertThat(sampler.next.batches()).hasSize(refused + 1);
        assertThat(sampler.context.ledger().deliveredItems()).isEqualTo(2);
        sampler.assertIdle();
    }

    @Test
    void next_rejects_isCountedAsDropped() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.next
                .then(Delivery.rejected(Reason.BACKEND_REJECTED, "no"))
                .answer(new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "one"));
        sampler.send(span(1, 1), span(2, 2));
        sampler.decide();
        sampler.send(span(3, 3), span(3, 4));
        sampler.decide();

        assertThat(sampler.context.ledger().droppedItems(Reason.BACKEND_REJECTED))
                .isEqualTo(2);
        assertThat(sampler.context.ledger().droppedItems(Reason.BACKEND_PARTIAL))
                .isEqualTo(1);
        assertThat(sampler.context.ledger().deliveredItems()).isEqualTo(1);
        sampler.assertIdle();
    }

    @Test
    void consume_backendTakesNothing_refusesWhenTheBudgetIsUsedUp() {
        Sampler sampler = new Sampler(Configs.of(always("all")).heldMib(4));
        sampler.next.hold();
        int refused = 0;
        long sent = 0;
        for (int i = 0; i < 300; i++) {
            Delivery delivery = sampler.send(padded(span(i, i), 64_000));
            sampler.advance(Duration.ofMillis(100));
            if (delivery instanceof Delivery.RetryLater later) {
                assertThat(later.reason()).isEqualTo(Reason.MEMORY_LIMIT);
                refused++;
            } else {
                sent++;
            }
            assertThat(sampler.context.held().bytes()).isLessThan(5 << 20);
        }
        assertThat(refused).isPositive();

        while (sampler.next.open() > 0 || sampler.context.ledger().heldItems() > 0) {
            if (sampler.next.open() > 0) {
                sampler.next.completeNext(Delivery.ACCEPTED);
            }
            sampler.advance(Duration.ofMillis(200));
        }

        assertThat(sampler.keptNumbers()).hasSize((int) sent);
        sampler.assertIdle();
    }

    @Test
    void consume_malformed_isRejectedAndNothingIsHeld() {
        Sampler sampler = new Sampler(Configs.of(always("all")));

        sampler.processor.consume(Batch.of(Signal.TRACES, new byte[] {10, 100, 1}, 1), sampler.deliveries::add);

        assertThat(sampler.deliveries.getFirst())
                .isInstanceOfSatisfying(
                        Delivery.Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.MALFORMED));
        sampler.assertIdle();
    }

    @Test
    void consume_floodOfRequests_isRefusedBeyondTheQueue() {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        Batch batch = Spans.batch(padded(span(1, 1), 1 << 20));
        for (int i = 0; i < 40; i++) {
            sampler.processor.consume(batch, sampler.deliveries::add);
        }
        assertThat(sampler.deliveries)
                .isNotEmpty()
                .allSatisfy(d -> assertThat(d)
                        .isInstanceOfSatisfying(
                                Delivery.RetryLater.class,
                                r -> assertThat(r.reason()).isEqualTo(Reason.QUEUE_FULL)));
        int refused = sampler.deliveries.size();
        assertThat(refused).isBetween(24, 26);

        sampler.turns();

        assertThat(sampler.deliveries.subList(refused, 40)).containsOnly(Delivery.ACCEPTED);
        assertThat(sampler.context.ledger().difference()).isZero();
    }

    @Test
    void drain_threads_decideAllAndRefuseNewWork() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")).shards(3));
        sampler.start();
        for (int i = 0; i < 100; i++) {
            sampler.processor.consume(
                    Spans.batch(span(i, i), i % 2 == 0 ? error(i, 1000 + i) : span(i, 1000 + i)), d -> {});
        }

        assertThat(sampler.processor.drain(Duration.ofSeconds(10))).isTrue();
        sampler.processor.consume(Spans.batch(span(1, 1)), sampler.deliveries::add);
        sampler.processor.close();

        assertThat(sampler.keptNumbers()).hasSize(100);
        assertThat(sampler.kept())
                .allSatisfy(s ->
                        assertThat(Sampler.attribute(s, "tailsampling.trigger")).isEqualTo("shutdown"));
        assertThat(sampler.deliveries).singleElement().isInstanceOf(Delivery.RetryLater.class);
        assertThat(sampler.processor.trouble()).isEmpty();
        sampler.assertIdle();
    }

    @Test
    void drain_dropPending_countsWhatWasDropped() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(always("all")).dropPending());
        sampler.start();
        sampler.processor.consume(Spans.batch(span(1, 1), span(1, 2)), d -> {});

        assertThat(sampler.processor.drain(Duration.ofSeconds(10))).isTrue();
        sampler.processor.close();

        assertThat(sampler.kept()).isEmpty();
        assertThat(sampler.context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE))
                .isEqualTo(2);
        sampler.assertIdle();
    }

    @Test
    void close_undecidedAndUndelivered_areCountedAsLost() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(always("all")));
        sampler.next.answer(Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "down"));
        sampler.send(span(1, 1));
        sampler.decide();
        sampler.send(span(2, 2), span(2, 3));

        sampler.processor.close();

        assertThat(sampler.context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE))
                .isEqualTo(3);
        sampler.assertIdle();
        List<Span> delivered = sampler.kept();
        assertThat(delivered).isNotEmpty();
    }
}
