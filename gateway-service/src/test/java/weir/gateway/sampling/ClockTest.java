package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.pipeline.Reason;
import weir.pipeline.RecentTraces;

/** Clocks that are wrong: this machine's, and those by which spans tell their times. */
class ClockTest {
    private static final long SECOND = 1_000_000_000;
    private static final long NOW = 1_700_000_000 * SECOND;

    @ParameterizedTest
    @ValueSource(longs = {-60, 60, -3600})
    void decide_theClockStepsWhileATraceWaits_isWhenTheWaitIsOver(long seconds) {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.ofEpochSecond(1_700_000_000));
        Sampler sampler = new Sampler(Configs.of(always("all")), RecentTraces.NONE, clock::get);
        sampler.send(span(1, 1));
        sampler.advance(Duration.ofSeconds(5));

        clock.updateAndGet(then -> then.plusSeconds(seconds));
        sampler.send(span(1, 2));
        sampler.advance(Duration.ofMillis(4_900));
        assertThat(sampler.kept()).isEmpty();
        sampler.advance(Duration.ofMillis(300));

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L);
        sampler.assertIdle();
    }

    @Test
    void decide_traceEndsBeforeItBegins_isNotSlowAndIsCounted() {
        Sampler sampler = new Sampler(Configs.of(latency("slow", 1, 0)));
        sampler.send(timed(1, 1, NOW, NOW - 3 * SECOND), timed(1, 2, NOW + SECOND, NOW - SECOND));
        sampler.send(timed(2, 3, NOW, NOW - 3 * SECOND), timed(2, 4, NOW, NOW + SECOND));
        sampler.send(timed(3, 5, 0, 0));

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(3L, 4L);
        assertThat(sampler.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(3);
        assertThat(sampler.metric("weir_sampling_clamped_durations", "component", "tail_sampling"))
                .isEqualTo(1);
        assertThat(sampler.processor.why(0xabcd, 1)).isInstanceOfSatisfying(Why.Decided.class, why -> {
            assertThat(why.durationNanos()).isZero();
            assertThat(why.votes().getFirst().values()).isEqualTo("no latency: ends before it begins");
        });
    }

    @Test
    void decide_spanOf1970AmongOthers_isSlowAsTheCollectorHasIt() {
        Sampler sampler = new Sampler(Configs.of(latency("slow", 1_000, 0)));
        sampler.send(timed(1, 1, NOW, NOW + 1), timed(1, 2, SECOND, SECOND + 1));
        sampler.send(timed(2, 3, SECOND, SECOND + 1));

        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L);
        assertThat(sampler.metric("weir_sampling_clamped_durations", "component", "tail_sampling"))
                .isZero();
    }

    private static Span.Builder timed(long trace, long number, long start, long end) {
        return span(trace, number).setStartTimeUnixNano(start).setEndTimeUnixNano(end);
    }
}
