package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.padded;
import static weir.gateway.sampling.Spans.root;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Waiting;

/** A sampler with a journal. A process that is killed is one whose files are copied while it goes on. */
class SamplerJournalTest {
    @TempDir
    private Path root;

    private final List<Sampler> lives = new ArrayList<>();

    @AfterEach
    void close() {
        lives.forEach(l -> l.processor.close());
    }

    private Sampler life(Configs configs, Path directory) {
        Sampler life = new Sampler(configs, directory);
        lives.add(life);
        return life;
    }

    /** What the disk holds now, as a process that comes after a kill finds it. */
    private Path killed() throws IOException {
        Path from = root.resolve("data-" + (lives.size() - 1));
        Path to = root.resolve("data-" + lives.size());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path));
                try {
                    Files.copy(path, copy);
                } catch (java.nio.file.NoSuchFileException _) {
                    // deleted meanwhile
                }
            }
        }
        return to;
    }

    private Path first() {
        return root.resolve("data-0");
    }

    private static Configs errors() {
        return Configs.of(status("errors", "ERROR")).journal(64);
    }

    @Test
    void kill_undecidedTraces_areDecidedByTheNextLife() throws Exception {
        Sampler before = life(errors(), first());
        assertThat(before.store(span(1, 1), span(2, 2))).isEqualTo(Delivery.ACCEPTED);
        assertThat(before.store(error(1, 3), span(2, 4))).isEqualTo(Delivery.ACCEPTED);

        Sampler after = life(errors(), killed());
        assertThat(after.context.ledger().recoveredItems()).isEqualTo(4);
        after.store(span(1, 5));
        after.decide();

        assertThat(after.keptNumbers()).containsExactly(1L, 3L, 5L);
        after.assertIdle();
        assertThat(Sampler.attribute(after.kept().getFirst(), "tailsampling.policy"))
                .isEqualTo("errors");
    }

    @Test
    void kill_decidedAndDelivered_isKnownToTheNextLife() throws Exception {
        Sampler before = life(errors(), first());
        before.store(error(1, 1), span(2, 2));
        before.decide();
        before.next.await(1);
        before.store(span(3, 3)); // What was written before it is there, too.

        Sampler after = life(errors(), killed());
        assertThat(after.context.ledger().recoveredItems()).isEqualTo(1);
        after.store(span(1, 11), span(2, 12));
        after.decide();

        assertThat(after.keptNumbers()).containsExactly(11L);
        assertThat(Sampler.attribute(after.kept().getFirst(), "tailsampling.trigger"))
                .isEqualTo("late_span");
        assertThat(Sampler.attribute(after.kept().getFirst(), "tailsampling.policy"))
                .isEqualTo("errors");
        after.assertIdle();
    }

    @Test
    void kill_keptAndNotDelivered_isSentByTheNextLifeAndByNoneAfterIt() throws Exception {
        Configs rated = errors().threshold();
        Sampler before = life(rated, first());
        before.next.hold();
        before.store(error(1, 1), span(1, 2), span(2, 3));
        before.decide();
        before.next.await(1);
        List<Span> sent = before.kept();
        before.store(span(3, 4));

        Sampler second = life(rated, killed());
        assertThat(second.context.ledger().recoveredItems()).isEqualTo(3);
        second.turns();
        second.decide();
        assertThat(second.keptNumbers()).containsExactly(1L, 2L);
        assertThat(second.kept()).containsExactlyInAnyOrderElementsOf(sent);
        second.assertIdle();
        second.store(span(4, 5));

        Sampler third = life(rated, killed());
        third.decide();
        assertThat(third.keptNumbers()).isEmpty();
        assertThat(third.context.ledger().recoveredItems()).isEqualTo(1);
        third.assertIdle();
    }

    @Test
    void decided_andDelivered_leavesNoRequestsInTheJournal() throws Exception {
        Sampler life = life(errors(), first());
        for (int i = 0; i < 200; i++) {
            life.store(padded(span(i, i), 1000), error(1000 + i, 1000 + i));
        }
        double held = life.metric("weir_journal_held_records", "component", "tail_sampling/a", "signal", "traces");
        assertThat(held).isGreaterThanOrEqualTo(200);
        life.decide();
        life.next.await(1);
        Waiting.until(() -> {
            life.turns();
            return life.metric("weir_journal_held_records", "component", "tail_sampling/a", "signal", "traces") < 100;
        });
        life.assertIdle();
    }

    @Test
    void journalFull_refusesRetryably_andGoesOnWhenThereIsRoom() throws Exception {
        Configs small = Configs.of(always("all")).journal(16);
        Sampler life = life(small, first());
        life.next.hold();
        Span.Builder large = padded(span(1, 1), 1_000_000);
        Waiting.until(() -> life.store(large) instanceof Delivery.RetryLater(var _, var reason, var message)
                && reason == Reason.QUEUE_FULL
                && message.contains("weir.journal.max_mib"));
        assertThat(life.deliveries.stream().filter(Delivery.ACCEPTED::equals)).hasSizeBetween(8, 16);

        life.decide();
        life.next.answer(Delivery.ACCEPTED);
        while (life.next.open() > 0) {
            life.next.completeNext(Delivery.ACCEPTED);
        }
        Waiting.until(() -> {
            life.turns();
            return life.store(span(2, 2)) instanceof Delivery.Accepted;
        });
        life.decide();
        life.assertIdle();
    }

    @Test
    void drain_withJournal_leavesUndecidedTracesToTheNextLife() throws Exception {
        Sampler before = life(errors(), first());
        before.store(error(1, 1), span(2, 2));
        assertThat(before.processor.drain(Duration.ofSeconds(10))).isTrue();
        before.processor.close();
        assertThat(before.keptNumbers()).isEmpty();
        assertThat(before.context.ledger().difference()).isZero();
        assertThat(before.context.ledger().droppedItems()).isZero();

        Sampler after = life(errors(), first());
        after.store(span(1, 3));
        after.decide();
        assertThat(after.keptNumbers()).containsExactly(1L, 3L);
        after.assertIdle();
    }

    @Test
    void fewUndecided_areCopiedForward_andTakenUpOnce() throws Exception {
        // Those with a root are decided after a second, so most of the log is decided, and few wait.
        Configs configs = Configs.of(status("errors", "ERROR"))
                .afterRoot(Duration.ofSeconds(1))
                .heldMib(4)
                .journal(64);
        Sampler before = life(configs, first());
        long number = 0;
        Set<Long> waiting = new TreeSet<>();
        for (int second = 0; second < 6; second++) {
            for (int i = 0; i < 150; i++) {
                number++;
                boolean waits = i == 0;
                if (waits) {
                    waiting.add(number);
                }
                before.store(
                        waits ? error(number, number) : root(number, number),
                        padded(waits ? error(number, 100_000 + number) : span(number, 100_000 + number), 3000));
            }
            before.advance(Duration.ofSeconds(1));
        }
        assertThat(before.metric("weir_sampling_moved_traces", "component", "tail_sampling/a"))
                .isPositive();
        before.store(root(1_000_000, 1_000_000));

        Sampler after = life(configs, killed());
        assertThat(after.context.ledger().recoveredItems())
                .as("those that wait, and some of the last seconds")
                .isBetween(2L * waiting.size(), 1000L);
        after.decide();
        Set<Long> expected = new TreeSet<>(waiting);
        waiting.forEach(n -> expected.add(100_000 + n));
        assertThat(after.keptNumbers()).isEqualTo(expected);
        after.assertIdle();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void kill_again_andAgain_losesNothingAndSplitsNothing(int shards) throws Exception {
        SplittableRandom random = new SplittableRandom(shards);
        Configs configs = errors().shards(shards).heldMib(16);
        Map<Long, Set<Long>> acknowledged = new HashMap<>();
        Set<Long> failed = new HashSet<>();
        Map<Long, Integer> arrived = new HashMap<>();
        long number = 0;
        Sampler life = life(configs, first());
        for (int n = 0; n < 12; n++) {
            for (int i = 0; i < 60; i++) {
                List<Span.Builder> request = new ArrayList<>();
                for (int s = 0; s < 1 + random.nextInt(5); s++) {
                    long trace = random.nextInt(40) + 40L * n + random.nextInt(2) * 20L;
                    boolean wrong = trace % 3 == 0;
                    number++;
                    request.add(wrong ? error(trace, number) : span(trace, number));
                    acknowledged.computeIfAbsent(trace, _ -> new HashSet<>()).add(number);
                    if (wrong) {
                        failed.add(trace);
                    }
                }
                assertThat(life.store(request.toArray(Span.Builder[]::new))).isEqualTo(Delivery.ACCEPTED);
                if (random.nextInt(4) == 0) {
                    life.advance(Duration.ofMillis(100L * (1 + random.nextInt(30))));
                }
            }
            Path files = killed();
            life.kept().forEach(s -> arrived.merge(Sampler.number(s), 1, Integer::sum));
            life.next.hold();
            life = life(configs, files);
        }
        life.decide();
        life.assertIdle();
        life.kept().forEach(s -> arrived.merge(Sampler.number(s), 1, Integer::sum));

        Set<Long> expected = new TreeSet<>();
        failed.forEach(trace -> expected.addAll(acknowledged.get(trace)));
        assertThat(new TreeSet<>(arrived.keySet())).isEqualTo(expected);
        long twice = arrived.values().stream().filter(times -> times > 1).count();
        assertThat(twice).as("spans twice of %d", expected.size()).isLessThan(expected.size() / 4);
    }
}
