package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ToldDecisions;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

class ForeignDecisionsTest {
    private static final long SEED = 77;
    private static final int KEPT_BY_FIRST = 2;

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("processor", "tail_sampling", Signal.TRACES, timer);
    private final ForeignDecisions foreign = new ForeignDecisions(context, 1 << 20, Duration.ofMinutes(10));

    @Test
    void learn_droppedAndKept_isFoundWithThePolicysName() {
        int taken = foreign.learn(told("b", List.of("errors", "slow"), word(1, 0), word(2, 1), word(3, 3)));

        assertThat(taken).isEqualTo(3);
        assertThat(find(1)).isEqualTo(new ForeignDecisions.Known(false, "", "b"));
        assertThat(find(2)).isEqualTo(new ForeignDecisions.Known(true, "", "b"));
        assertThat(find(3)).isEqualTo(new ForeignDecisions.Known(true, "slow", "b"));
        assertThat(foreign.find(1, 4)).isNull();
    }

    @Test
    void learn_whatIsKnown_isNothingNew() {
        foreign.learn(told("b", List.of("errors"), word(1, 0), word(2, KEPT_BY_FIRST)));

        int taken = foreign.learn(told("b", List.of("errors"), word(2, KEPT_BY_FIRST), word(3, 0)));

        assertThat(taken).isEqualTo(1);
        assertThat(heard()).isEqualTo(3);
        assertThat(foreign.heard("s")).singleElement().satisfies(all -> {
            assertThat(all.gateway()).isEqualTo("b");
            assertThat(all.words()).hasSize(3);
        });
    }

    @Test
    void learn_byOtherPolicies_keepsTheNamesApart() {
        foreign.learn(told("b", List.of("errors"), word(1, KEPT_BY_FIRST)));
        foreign.learn(told("b", List.of("slow"), word(2, KEPT_BY_FIRST)));

        assertThat(find(1).policy()).isEqualTo("errors");
        assertThat(find(2).policy()).isEqualTo("slow");
    }

    @Test
    void learn_thousands_allAreFound() {
        foreign.learn(told(
                "b",
                List.of("errors"),
                LongStream.rangeClosed(1, 20_000)
                        .map(id -> word(id, id % 2 == 0 ? 0 : KEPT_BY_FIRST))
                        .toArray()));

        assertThat(LongStream.rangeClosed(1, 20_000))
                .allSatisfy(id -> assertThat(find(id).kept()).isEqualTo(id % 2 != 0));
        assertThat(LongStream.rangeClosed(20_001, 40_000))
                .allSatisfy(id -> assertThat(foreign.find(1, id)).isNull());
    }

    @Test
    void learn_moreThanThereIsRoomFor_forgetsTheOldest() {
        for (int i = 0; i < 5; i++) {
            long first = 10_000L * i;
            foreign.learn(told(
                    "gateway-" + i,
                    List.of(),
                    LongStream.rangeClosed(first + 1, first + 10_000)
                            .map(id -> word(id, 0))
                            .toArray()));
        }

        assertThat(foreign.find(1, 1)).isNull();
        assertThat(find(49_999).gateway()).isEqualTo("gateway-4");
        assertThat(context.metrics().value("weir_sampling_heard_bytes", "component", "tail_sampling"))
                .isBetween(500_000.0, (double) (1 << 20));
        assertThat(forgotten("memory")).isEqualTo(10_000);
    }

    @Test
    void learn_moreAtOnceThanThereIsRoomFor_isRefusedAndCounted() {
        int taken = foreign.learn(told(
                "b",
                List.of(),
                LongStream.rangeClosed(1, 100_000).map(id -> word(id, 0)).toArray()));

        assertThat(taken).isZero();
        assertThat(forgotten("too_many")).isEqualTo(100_000);
        assertThat(foreign.isEmpty()).isTrue();
    }

    @Test
    void time_isOver_allIsForgotten() {
        foreign.learn(told("b", List.of(), word(1, 0)));

        timer.advance(Duration.ofMinutes(9));
        foreign.learn(told("b", List.of(), word(2, 0)));
        assertThat(foreign.find(1, 1)).isNotNull();
        timer.advance(Duration.ofMinutes(2));

        assertThat(foreign.find(1, 1)).isNull();
        assertThat(foreign.find(1, 2)).isNotNull();
        assertThat(foreign.heard("s")).hasSize(1);
        assertThat(forgotten("expired")).isEqualTo(1);
    }

    @Test
    void learn_whatAnotherKnewBefore_isForgottenSoMuchEarlier() {
        foreign.learn(new ToldDecisions("b", "s", SEED, List.of(), new long[] {word(1, 0)}, Duration.ofMinutes(7)));

        assertThat(foreign.heard("s").getFirst().known()).isEqualTo(Duration.ofMinutes(7));
        timer.advance(Duration.ofMinutes(2));
        assertThat(foreign.find(1, 1)).isNotNull();
        timer.advance(Duration.ofMinutes(2));
        assertThat(foreign.find(1, 1)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 1L << 50 | 1, 7, 1L << 57 | 3})
    void learn_noDecision_isRefused(long word) {
        assertThatThrownBy(() -> foreign.learn(told("b", List.of("errors"), word(1, 0), word)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no decision");
        assertThat(foreign.isEmpty()).isTrue();
    }

    @Test
    void learn_tooManyPolicies_isRefused() {
        List<String> names = IntStream.range(0, 511).mapToObj(i -> "p" + i).toList();

        assertThatThrownBy(() -> foreign.learn(told("b", names, word(1, 0)))).hasMessageContaining("511 policies");
    }

    private ForeignDecisions.Known find(long id) {
        return Objects.requireNonNull(foreign.find(1, id));
    }

    private double heard() {
        return context.metrics().value("weir_sampling_heard_decisions", "component", "tail_sampling");
    }

    private double forgotten(String why) {
        return context.metrics()
                .value("weir_sampling_forgotten_heard_decisions", "component", "tail_sampling", "reason", why);
    }

    private static ToldDecisions told(String gateway, List<String> policies, long... words) {
        return new ToldDecisions(gateway, "s", SEED, policies, words, Duration.ZERO);
    }

    /** Of trace id 1, {@code id}. */
    private static long word(long id, int verdict) {
        return (TraceHash.of(1, id, SEED) & ForeignMemory.HASH) | (long) verdict << 1 | 1;
    }
}
