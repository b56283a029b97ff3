package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.TraceIndex;
import weir.ottl.ErrorMode;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** What a span costs while it is held: memory, and objects. */
class BufferCostTest {
    private static final int SPANS = 512;
    private static final int SPANS_A_TRACE = 8;

    @Test
    void hold_spansOf340Bytes_takesTheirBytesAndATenthAnd24More() {
        Sampler sampler =
                new Sampler(Configs.of(Configs.status("errors", "ERROR")).heldMib(256));
        long received = 0;
        long spans = 0;
        for (int i = 0; i < 200; i++) {
            Batch batch = batch(i);
            assertThat(sampler.send(batch)).isEqualTo(Delivery.ACCEPTED);
            received += batch.length();
            spans += batch.items();
            if (i >= 20) {
                assertThat(sampler.context.held().bytes()).isLessThan(received * 11 / 10 + 24 * spans);
            }
        }
        assertThat(received / spans).isBetween(300L, 400L);
        assertThat(sampler.context.held().bytes()).isGreaterThan(received);
    }

    @Test
    void rounds_afterWarmUp_allocateNothingForASpan() throws Exception {
        PolicySet policies = new PolicySet(
                List.of(
                        Configs.status("errors", "ERROR"),
                        Configs.latency("slow", 1000, 0),
                        Configs.latency("middle", 300, 700),
                        Configs.text("text", "padding", "a", "b"),
                        Configs.text("absent", "http.route", "/pay"),
                        Configs.policy(
                                "ottl",
                                "ottl_condition",
                                new PolicySections.OttlConditionConfig(
                                        ErrorMode.PROPAGATE,
                                        List.of(
                                                "span.attributes[\"padding\"] == \"no\"",
                                                "IsMatch(resource.attributes[\"service.name\"], \"^none$\")",
                                                "scope.name == \"none\" and kind == SPAN_KIND_SERVER"),
                                        List.of("name == \"exception\""))),
                        Configs.probabilistic("none", 0)),
                new PolicySet.Rules(false, false, true, false, false),
                1);
        Sampler sampler = new Sampler(Configs.of(Configs.always("unused")));
        SamplingMetrics metrics = new SamplingMetrics(sampler.context);
        TraceBuffer buffer = new TraceBuffer(
                42,
                Limits.of(Configs.of(Configs.always("unused"))
                        .remembered(10_000)
                        .heldMib(64)
                        .config()),
                policies,
                new PolicyInstruments(new PolicyMetrics(sampler.context, policies, ""), null),
                0,
                new Tally(metrics),
                metrics,
                new Outbox(
                        sampler.next, sampler.context.ledger(), metrics.retries, 1 << 20, () -> {}, ShardJournal.OFF),
                new Explainer("tail_sampling", 1 << 20, policies, metrics.overwritten),
                new DecisionNotes(sampler.context.process()),
                ShardJournal.OFF,
                new ForeignDecisions(sampler.context, 0, Duration.ZERO),
                (what, e) -> {
                    throw new AssertionError(what, e);
                });
        List<Submission> submissions = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            TraceIndex index = new TraceIndex();
            Batch batch = batch(i);
            index.index(batch.bytes(), batch.offset(), batch.length());
            submissions.add(new Submission(index, TraceJournal.NO_RECORD, null, null, 1, s -> {}));
        }
        // Spans come, wait for 10 s, are decided; those that come a second time are late.
        int warm = 700;
        for (int i = 0; i < warm; i++) {
            round(buffer, submissions.get(i), i * 50);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
        for (int i = warm; i < 1000; i++) {
            round(buffer, submissions.get(i), i * 50);
        }
        for (int i = 900; i < 1000; i++) {
            round(buffer, submissions.get(i), 60_000);
        }
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;

        buffer.settle(sampler.context.ledger());
        assertThat(sampler.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isGreaterThan(800 * SPANS);
        // What is left is a step's, not a span's.
        assertThat(allocated / (double) (400 * SPANS)).as("bytes a span").isLessThan(0.5);
    }

    private static void round(TraceBuffer buffer, Submission submission, int tick) {
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        if (buffer.append(submission, 0, tick) != 0 || !buffer.rounds().decideDue(tick, until)) {
            throw new AssertionError("not taken in, or not decided");
        }
        buffer.recycle();
        buffer.compact();
        buffer.publish();
    }

    @Test
    void hold_fewTracesWaitLong_doNotPinTheSegmentsOfMany() {
        Sampler sampler = new Sampler(Configs.of(Configs.always("all"))
                .afterRoot(Duration.ofMillis(500))
                .heldMib(8));
        long number = 0;
        long waiting = 0;
        long mostBytes = 0;
        for (int round = 0; round < 80; round++) {
            List<Span.Builder> spans = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                number++;
                boolean rooted = i > 0;
                spans.add(Spans.padded(rooted ? Spans.root(number, number) : Spans.span(number, number), 1000));
                waiting += rooted ? 0 : 1;
            }
            assertThat(sampler.send(spans.toArray(Span.Builder[]::new))).isEqualTo(Delivery.ACCEPTED);
            sampler.advance(Duration.ofMillis(100));
            mostBytes = Math.max(mostBytes, sampler.context.held().bytes());
        }
        // 0.7 s of what came, and eight seconds of a hundredth of it.
        assertThat(mostBytes).isLessThan(2 << 20);
        assertThat(sampler.metric("weir_sampling_moved_traces")).isPositive();
        assertThat(sampler.metric("weir_sampling_decisions", "trigger", "memory"))
                .isZero();

        sampler.decide();

        assertThat(waiting).isEqualTo(80);
        assertThat(sampler.keptNumbers()).hasSize((int) number);
        sampler.assertIdle();
    }

    private static Batch batch(int request) {
        Span.Builder[] spans = new Span.Builder[SPANS];
        for (int i = 0; i < SPANS; i++) {
            long number = (long) request * SPANS + i;
            spans[i] = Spans.padded(Spans.span(number / SPANS_A_TRACE, number), 225);
        }
        return Spans.batch(spans);
    }
}
