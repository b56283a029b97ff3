package weir.gateway.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Membership;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.SharesDecisions;
import weir.pipeline.ToldDecisions;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;
import weir.testing.Waiting;

class DecisionTellingTest {
    private static final int DECISIONS = 40_000;
    private static final ToldDecisions HEARD =
            new ToldDecisions("z", "traces s", 9, List.of(), new long[] {1}, Duration.ofMinutes(3));

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("processor", "ownership", Signal.TRACES, timer);
    /** By name, what was told. */
    private final Map<String, List<ToldDecisions>> told = new ConcurrentHashMap<>();

    private final Map<String, String> broken = new ConcurrentHashMap<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Sampler sampler = new Sampler();
    private final DecisionTelling telling = new DecisionTelling(context, "a", 1L << 34, FakePeer::new);

    DecisionTellingTest() {
        telling.share(sampler);
    }

    @AfterEach
    void close() {
        release.countDown();
        telling.close();
    }

    @Test
    void firstMembers_nobodyIsTold() {
        telling.changed(members("a", "b"));

        timer.advance(Duration.ofMinutes(1));
        assertThat(sampler.asked).isEmpty();
    }

    @Test
    void oneJoins_itAloneIsToldAllInMessagesOfABoundedSize() throws Exception {
        telling.changed(members("a", "b"));

        telling.changed(members("a", "b", "c"));

        await("c", DECISIONS + 1);
        assertThat(told.get("b")).isNull();
        assertThat(told.get("c")).first().usingRecursiveComparison().isEqualTo(HEARD);
        assertThat(told.get("c"))
                .hasSize(4)
                .allSatisfy(part -> assertThat(part.words().length).isLessThanOrEqualTo(DecisionTelling.MAX_DECISIONS));
        assertThat(sampler.asked).containsExactly(Duration.ofMinutes(10));
        assertThat(metric("weir_ownership_told_decisions")).isEqualTo(DECISIONS + 1);
    }

    @Test
    void whatIsDecidedAfterwards_isToldForHalfAMinute() throws Exception {
        telling.changed(members("a", "b"));
        telling.changed(members("a", "b", "c"));
        await("c", DECISIONS + 1);
        Waiting.until(() -> tellings("true") == 1);

        for (int i = 0; i < 60; i++) {
            timer.advance(Duration.ofSeconds(1));
            int due = i + 1 >= 30 ? 5 : i + 1 >= 15 ? 4 : i + 1 >= 8 ? 3 : i + 1 >= 3 ? 2 : 1;
            Waiting.until(() -> tellings("true") == due);
        }

        assertThat(sampler.asked)
                .containsExactly(
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(17));
    }

    @Test
    void couldNotBeTold_isToldAllTheNextTime() throws Exception {
        telling.changed(members("a", "b"));
        broken.put("c", "connection refused");
        telling.changed(members("a", "b", "c"));
        Waiting.until(() -> tellings("false") == 1);
        broken.clear();

        timer.advance(Duration.ofSeconds(3));

        await("c", DECISIONS + 1);
        assertThat(sampler.asked).containsExactly(Duration.ofMinutes(10), Duration.ofMinutes(10));
        assertThat(told.get("c")).first().usingRecursiveComparison().isEqualTo(HEARD);
    }

    @Test
    void selfLeaves_allOthersAreTold() throws Exception {
        telling.changed(members("a", "b", "c"));

        telling.changed(members("b", "c"));

        await("b", DECISIONS + 1);
        await("c", DECISIONS + 1);
    }

    @Test
    void anotherLeaves_nobodyIsTold() {
        telling.changed(members("a", "b", "c"));

        telling.changed(members("a", "b"));

        timer.advance(Duration.ofMinutes(1));
        assertThat(sampler.asked).isEmpty();
    }

    @Test
    void tellAll_tellsAllOthersBeforeItReturns() throws Exception {
        telling.changed(members("a", "b", "c"));

        telling.tellAll(Duration.ofSeconds(20));

        assertThat(words("b")).isEqualTo(DECISIONS);
        assertThat(words("c")).isEqualTo(DECISIONS);
    }

    @Test
    void tellAll_oneHangs_returnsWhenTheTimeIsOver() throws Exception {
        telling.changed(members("a", "b", "c"));
        broken.put("b", "hangs");
        long begin = System.nanoTime();

        telling.tellAll(Duration.ofMillis(300));

        assertThat((System.nanoTime() - begin) / 1e9).isBetween(0.25, 3.0);
    }

    @Test
    void hear_ofTheSamplerItIsMeantFor_isLearned() {
        assertThat(telling.hear(HEARD)).isEqualTo(7);
        assertThat(telling.hear(new ToldDecisions("z", "other", 9, List.of(), new long[] {1}, Duration.ZERO)))
                .isEqualTo(HearsPeers.NOT_HERE);
    }

    private void await(String name, int words) throws IOException {
        Waiting.until(() -> words(name) == words);
    }

    private int words(String name) {
        return told.getOrDefault(name, List.of()).stream()
                .mapToInt(t -> t.words().length)
                .sum();
    }

    private double tellings(String success) {
        return metric("weir_ownership_tellings", "success", success);
    }

    private double metric(String name, String... labels) {
        List<String> all = new ArrayList<>(List.of("component", "ownership"));
        all.addAll(List.of(labels));
        return context.metrics().value(name, all.toArray(String[]::new));
    }

    private static Membership members(String... names) {
        return Membership.of(Stream.of(names).map(n -> new Member(n, n + ":1")).toList(), 1);
    }

    private static final class Sampler implements SharesDecisions {
        final List<Duration> asked = new CopyOnWriteArrayList<>();

        @Override
        public String sampler() {
            return "traces s";
        }

        @Override
        public Duration toldFor() {
            return Duration.ofMinutes(10);
        }

        @Override
        public ToldDecisions decided(Duration lately, String self) {
            asked.add(lately);
            return new ToldDecisions(self, "traces s", 5, List.of(), new long[DECISIONS], Duration.ZERO);
        }

        @Override
        public List<ToldDecisions> heard() {
            return List.of(HEARD);
        }

        @Override
        public int learn(ToldDecisions told) {
            return 7;
        }
    }

    private final class FakePeer implements Peer {
        private final Member member;

        private FakePeer(Member member) {
            this.member = member;
        }

        @Override
        public void tell(ToldDecisions decisions, long members, Duration timeout)
                throws IOException, InterruptedException {
            String trouble = broken.get(member.name());
            if (trouble != null && trouble.equals("hangs")) {
                release.await();
            } else if (trouble != null) {
                throw new IOException(trouble);
            }
            told.computeIfAbsent(member.name(), n -> new CopyOnWriteArrayList<>())
                    .add(decisions);
        }

        @Override
        public void close() {}
    }
}
