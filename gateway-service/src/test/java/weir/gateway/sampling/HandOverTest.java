package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.padded;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.hash.Member;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.pipeline.TraceOwners;
import weir.testing.RecordingConsumer;
import weir.testing.Waiting;

class HandOverTest {
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");
    private static final int TRACES = 300;

    private final Others others = new Others();

    @Test
    void change_undecidedTraces_goToTheirNewOwnersWholeAndTheOwnStay() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")).shards(2));
        others.are("a");
        sampler.send(traces(1, TRACES));
        sampler.send(traces(TRACES + 1, TRACES));
        Set<Long> ofB = owned("b", "a", "b", "c");
        Set<Long> ofC = owned("c", "a", "b", "c");

        others.are("a", "b", "c");
        sampler.turns();

        assertThat(others.traces("b")).isEqualTo(ofB);
        assertThat(others.traces("c")).isEqualTo(ofC);
        assertThat(others.batches("b"))
                .allSatisfy(batch -> assertThat(batch.routedBy()).isEqualTo(others.members.fingerprint()));
        assertThat(sampler.metric("weir_sampling_handed_over_traces")).isEqualTo(ofB.size() + ofC.size());
        assertThat(sampler.metric("weir_sampling_handed_over_spans")).isEqualTo(2.0 * (ofB.size() + ofC.size()));
        assertThat(sampler.kept()).isEmpty();
        sampler.decide();
        assertThat(sampler.keptNumbers()).hasSize(2 * (TRACES - ofB.size() - ofC.size()));
        assertThat(sampler.context.ledger().droppedItems()).isZero();
        sampler.assertIdle();
    }

    @Test
    void change_spansOnTheirWayIntoTheShard_followALittleLater() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.are("b");
        sampler.send(span(1, 1));
        assertThat(others.spans("b")).containsExactly(1L);

        sampler.send(span(1, 2));
        sampler.advance(Duration.ofSeconds(3));
        sampler.send(span(1, 3));
        sampler.advance(Duration.ofSeconds(3));

        assertThat(others.spans("b")).containsExactly(1L, 2L);
        sampler.decide();
        assertThat(sampler.keptNumbers()).containsExactly(3L);
        sampler.assertIdle();
    }

    @Test
    void change_ownerCannotTakeThem_areHeldAndSentAgain() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.at("b").answer(LATER);
        others.are("b");
        sampler.send(traces(1, TRACES));

        sampler.advance(Duration.ofSeconds(30));
        assertThat(sampler.context.ledger().heldItems()).isEqualTo(TRACES);
        assertThat(sampler.context.held().bytes()).isPositive();
        others.at("b").answer(Delivery.ACCEPTED);
        sampler.advance(Duration.ofSeconds(6));

        assertThat(others.traces("b")).hasSize(TRACES);
        assertThat(sampler.kept()).isEmpty();
        sampler.assertIdle();
    }

    @Test
    void change_ownerTakesNothing_noMoreThanABoundIsHeldForItAndTheRestIsDecidedHere() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")).heldMib(32));
        others.at("b").hold();
        others.are("b");
        for (int i = 0; i < 20; i++) {
            sampler.send(LongStream.range(0, 10)
                    .mapToObj(n -> padded(span(n + 1, 100 * n + 1), 100_000))
                    .toArray(Span.Builder[]::new));
        }

        sampler.advance(Duration.ofSeconds(5));
        long waiting = others.batches("b").stream().mapToLong(Batch::length).sum();
        sampler.advance(Duration.ofSeconds(10));

        assertThat(waiting).isBetween(3L << 20, 7L << 20);
        assertThat(sampler.kept()).isNotEmpty();
        assertThat(sampler.processor.trouble()).isEmpty();
        while (others.at("b").open() > 0) {
            others.at("b").completeNext(Delivery.ACCEPTED);
        }
        sampler.turns();
        assertThat(sampler.context.ledger().deliveredItems()).isEqualTo(200);
        sampler.assertIdle();
    }

    @Test
    void rate_boundsWhatIsGivenAwayInASecond() {
        others.bytesPerSecond = 2 << 20;
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.are("a");
        sampler.send(LongStream.range(0, 100)
                .mapToObj(n -> padded(span(n + 1, n + 1), 100_000))
                .toArray(Span.Builder[]::new));

        others.are("b");
        sampler.advance(Duration.ofSeconds(2));

        long sent = others.batches("b").stream().mapToLong(Batch::length).sum();
        assertThat(sent).isBetween(3L << 20, 6L << 20);
        sampler.advance(Duration.ofSeconds(4));
        assertThat(others.traces("b")).hasSize(100);
        sampler.assertIdle();
    }

    @Test
    void drain_whatNobodyHasTaken_isDecidedHere() throws Exception {
        Sampler sampler = sampler(Configs.of(status("errors", "ERROR")));
        others.at("b").answer(LATER);
        others.are("b");
        sampler.send(error(1, 1), span(2, 2), span(1, 3));
        assertThat(others.at("b").batches()).isNotEmpty();
        sampler.start();

        Set<Long> kept = sampler.stop();

        assertThat(kept).containsExactly(1L, 3L);
        assertThat(sampler.metric("weir_sampling_taken_back_spans")).isEqualTo(3);
        assertThat(sampler.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(1);
    }

    @Test
    void drain_ownerHasNotAnswered_isWaitedForAndSentNowhereElse() throws Exception {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.at("b").hold();
        others.are("b");
        sampler.send(span(1, 1));
        sampler.start();
        assertThat(sampler.processor.drain(Duration.ofMillis(10)))
                .as("done while the owner has not answered")
                .isFalse();
        assertThat(sampler.processor.open())
                .startsWith("0 undecided traces")
                .contains("1 batches of undecided traces that their new owners have not taken");
        others.at("b").completeNext(Delivery.ACCEPTED);

        assertThat(sampler.stop()).isEmpty();

        assertThat(others.spans("b")).containsExactly(1L);
    }

    @Test
    void close_ownerDoesNotAnswerInTime_isCountedAsLost() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.at("b").hold();
        others.are("b");
        sampler.send(span(1, 1));

        sampler.processor.close();
        others.at("b").completeNext(LATER);

        assertThat(sampler.context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE))
                .isEqualTo(1);
        assertThat(sampler.context.ledger().difference()).isZero();
        assertThat(sampler.context.ledger().heldItems()).isZero();
    }

    @Test
    void change_onceMore_whatWasRefusedGoesToTheNewestOwnerOrStays() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.at("b").answer(LATER);
        others.are("b");
        sampler.send(traces(1, TRACES));

        others.are("a", "c");
        sampler.turns();

        assertThat(others.traces("c")).isEqualTo(owned("c", "a", "c"));
        sampler.decide();
        assertThat(sampler.keptNumbers()).hasSize(TRACES - others.traces("c").size());
        sampler.assertIdle();
    }

    @Test
    void change_ownerWillNeverTakeThem_areDecidedHere() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.at("b").answer(Delivery.rejected(Reason.TOO_LARGE, "no"));
        others.are("b");

        sampler.send(span(1, 1));
        sampler.advance(Duration.ofSeconds(13));

        assertThat(sampler.keptNumbers()).containsExactly(1L);
        sampler.assertIdle();
    }

    @Test
    void change_traceLargerThanARequestShouldBe_goesInSeveral() {
        Sampler sampler = sampler(Configs.of(Configs.always("all")));
        others.are("a");
        for (int i = 0; i < 40; i++) {
            sampler.send(padded(span(1, i + 1), 100_000));
        }

        others.are("b");
        sampler.advance(Duration.ofSeconds(1));

        assertThat(others.spans("b")).hasSize(40);
        assertThat(others.batches("b")).hasSizeGreaterThan(3);
        assertThat(sampler.metric("weir_sampling_handed_over_traces")).isEqualTo(1);
        sampler.assertIdle();
    }

    @Test
    void journal_ownerHasAnswered_isKnownToTheNextLifeAndWhatCameAfterIsNotLost(@TempDir Path root) throws Exception {
        Path first = root.resolve("data-0");
        Sampler before = journaling(first);
        others.are("a");
        before.store(error(1, 1), error(2, 2));
        others.at("b").hold();
        others.are("b");
        Waiting.until(() -> others.at("b").open() == 1);
        before.store(error(1, 3));
        Path unanswered = copy(first, root.resolve("data-1"));
        others.at("b").completeNext(Delivery.ACCEPTED);
        others.at("b").answer(LATER);
        before.store(error(3, 4));
        Path answered = copy(first, root.resolve("data-2"));
        before.processor.close();

        Sampler duplicating = new Sampler(Configs.of(status("errors", "ERROR")).journal(64), unanswered);
        assertThat(duplicating.context.ledger().recoveredItems()).isEqualTo(3);
        duplicating.processor.close();
        Sampler after = new Sampler(Configs.of(status("errors", "ERROR")).journal(64), answered);
        assertThat(after.context.ledger().recoveredItems()).isEqualTo(2);
        after.decide();

        assertThat(after.keptNumbers()).containsExactly(3L, 4L);
        after.assertIdle();
        after.processor.close();
    }

    private Sampler sampler(Configs configs) {
        Sampler sampler = new Sampler(configs);
        sampler.processor.handOverTo(others);
        return sampler;
    }

    private Sampler journaling(Path data) {
        return new Sampler(Configs.of(status("errors", "ERROR")).journal(64), data, others);
    }

    private static Path copy(Path from, Path to) throws Exception {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    /** One span each of so many traces; numbers of spans are unique if those of the first are. */
    private static Batch traces(long firstSpan, int traces) {
        return Spans.batch(IntStream.range(0, traces)
                .mapToObj(n -> span(n + 1, firstSpan + n))
                .toArray(Span.Builder[]::new));
    }

    /** Which of the traces one of these members owns. */
    private static Set<Long> owned(String name, String... members) {
        Membership all = members(members);
        Set<Long> owned = new TreeSet<>();
        for (long trace = 1; trace <= TRACES; trace++) {
            if (all.members().get(all.ownerOf(0xabcd, trace)).name().equals(name)) {
                owned.add(trace);
            }
        }
        return owned;
    }

    private static Membership members(String... names) {
        return Membership.of(Stream.of(names).map(n -> new Member(n, n + ":1")).toList(), 1);
    }

    /** Other gateways in memory; this one is a. */
    private static final class Others implements TraceOwners {
        private final Map<String, RecordingConsumer> gateways = new TreeMap<>(
                Map.of("a", new RecordingConsumer(), "b", new RecordingConsumer(), "c", new RecordingConsumer()));
        private final Map<String, List<Batch>> taken = new TreeMap<>();
        private volatile Membership members = HandOverTest.members();
        private long bytesPerSecond = 1 << 30;

        void are(String... names) {
            members = HandOverTest.members(names);
        }

        RecordingConsumer at(String name) {
            return Objects.requireNonNull(gateways.get(name));
        }

        List<Batch> batches(String name) {
            return at(name).batches();
        }

        /** Numbers of the spans that it took. */
        Set<Long> spans(String name) {
            Set<Long> numbers = new TreeSet<>();
            for (Batch batch : took(name)) {
                Spans.spansOf(Spans.parse(batch))
                        .forEach(s -> assertThat(numbers.add(Sampler.number(s)))
                                .as("taken once")
                                .isTrue());
            }
            return numbers;
        }

        /** Numbers of the traces that it took. */
        Set<Long> traces(String name) {
            Set<Long> traces = new TreeSet<>();
            for (Batch batch : took(name)) {
                Spans.spansOf(Spans.parse(batch))
                        .forEach(s ->
                                traces.add(s.getTraceId().asReadOnlyByteBuffer().getLong(8)));
            }
            return traces;
        }

        private List<Batch> took(String name) {
            return taken.getOrDefault(name, new ArrayList<>());
        }

        @Override
        public Membership members() {
            return members;
        }

        @Override
        public String self() {
            return "a";
        }

        @Override
        public long bytesPerSecond() {
            return bytesPerSecond;
        }

        @Override
        public void send(Batch batch, int to, DeliveryCallback done) {
            String name = members.members().get(to).name();
            assertThat(name).isNotEqualTo("a");
            at(name).consume(batch, done.after(delivery -> {
                if (delivery instanceof Delivery.Accepted) {
                    taken.computeIfAbsent(name, n -> new ArrayList<>()).add(batch);
                }
            }));
        }
    }
}
