package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Shape;
import weir.load.Sink;

/**
 * Experiment 9: spans by clocks that are minutes and hours off, that end before they begin, or of 1970. Half of the traces have
 * an error and are kept for that; the others only if they took 2 s by the times that their spans tell.
 */
@Tag("faults")
class ClockSkewTest {
    private static final int SPANS = 3;
    private static final Shape SHAPE = new Shape(SPANS, SPANS, 1, 1, 0, 0, 0);
    private static final Duration WAIT = Duration.ofSeconds(2);
    /** A gateway looks ten times a second for what is due. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final double OFF_MILLIS = 100;
    private static final int TURN_MILLIS = 20;
    private static final int TRACES_A_TURN = 22;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    @TempDir
    Path directory;

    /** What is wrong with the times of a trace's spans, and whether it seems to have taken 2 s for it. */
    private enum Skew {
        NONE(false, 0),
        AHEAD_5_MINUTES(true, 5 * MINUTE),
        BEHIND_5_MINUTES(true, -5 * MINUTE),
        AHEAD_1_HOUR(true, HOUR),
        BEHIND_1_HOUR(true, -HOUR),
        /** All spans by the same wrong clock. */
        ALL_AHEAD_1_HOUR(false, HOUR) {
            @Override
            boolean isOff(int index) {
                return true;
            }
        },
        ONE_ENDS_BEFORE_IT_BEGINS(false, 0) {
            @Override
            NumberedSpan of(NumberedSpan right) {
                return right.index() == 1 ? backwards(right) : right;
            }
        },
        ALL_END_BEFORE_THEY_BEGIN(false, 0) {
            @Override
            NumberedSpan of(NumberedSpan right) {
                return backwards(right);
            }
        },
        ONE_OF_1970(true, 0) {
            @Override
            NumberedSpan of(NumberedSpan right) {
                return right.index() == 1
                        ? new NumberedSpan(right.number(), right.index(), right.error(), SECOND, SECOND + MILLI)
                        : right;
            }
        },
        ALL_OF_1970(false, 0) {
            @Override
            NumberedSpan of(NumberedSpan right) {
                return new NumberedSpan(right.number(), right.index(), right.error(), SECOND, SECOND + MILLI);
            }
        },
        WITHOUT_TIMES(false, 0) {
            @Override
            NumberedSpan of(NumberedSpan right) {
                return new NumberedSpan(right.number(), right.index(), right.error(), 0, 0);
            }
        };

        final boolean seemsSlow;
        private final long offNanos;

        Skew(boolean seemsSlow, long offNanos) {
            this.seemsSlow = seemsSlow;
            this.offNanos = offNanos;
        }

        /** Whether the how many-th span is by the wrong clock. */
        boolean isOff(int index) {
            return index == 1;
        }

        NumberedSpan of(NumberedSpan right) {
            long off = isOff(right.index()) ? offNanos : 0;
            return new NumberedSpan(
                    right.number(), right.index(), right.error(), right.startNanos() + off, right.endNanos() + off);
        }

        private static NumberedSpan backwards(NumberedSpan right) {
            return new NumberedSpan(
                    right.number(), right.index(), right.error(), right.startNanos(), right.startNanos() - 3 * SECOND);
        }
    }

    private final Delays delays = new Delays();
    private long traces;

    @Test
    void experiment09_skewedClocks_moveNoDecision() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port(), WAIT, """
                          - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                          - {name: slow, type: latency, latency: {threshold_ms: 2000}}
                """);
                GrpcPost post = GrpcPost.to(weir.grpc())) {
            load(post, 5, "warm-up ");
            long first = traces;
            backend.watch(delays::arrived);
            load(post, Experiment.SECONDS, "");
            weir.settle();

            double clamped = weir.gateway(0).metrics().sum("weir_sampling_clamped_durations_total");
            account(first, clamped);
            weir.assertQuiet();
        }
    }

    private static Skew skewOf(long number) {
        // Every second trace has nothing wrong.
        return number % 2 == 0 ? Skew.NONE : Skew.values()[(int) (number / 2 % Skew.values().length)];
    }

    private static boolean isError(long number) {
        return number / 2 / Skew.values().length % 2 == 0;
    }

    private void load(GrpcPost post, int seconds, String kindPrefix) {
        long next = System.nanoTime();
        for (int turn = 0; turn < seconds * 1000 / TURN_MILLIS; turn++) {
            Await.pause(Math.max(0, (next - System.nanoTime()) / MILLI));
            next += TURN_MILLIS * MILLI;
            List<NumberedSpan> spans = new ArrayList<>();
            for (int n = 0; n < TRACES_A_TURN; n++) {
                long number = traces++;
                for (int index = 0; index < SPANS; index++) {
                    spans.add(skewOf(number).of(NumberedSpan.now(number, index, index == 0 && isError(number))));
                }
                delays.sending(number, kindPrefix + skewOf(number));
            }
            assertThat(post.send(NumberedSpan.request(spans))).isEqualTo(Status.Code.OK);
        }
    }

    private void account(long first, double clamped) {
        long wrong = 0;
        long backwards = 0;
        for (long number = 0; number < traces; number++) {
            Skew skew = skewOf(number);
            boolean kept = isError(number) || skew.seemsSlow;
            wrong += number >= first && delays.spans(number) != (kept ? SPANS : 0) ? 1 : 0;
            backwards += skew == Skew.ALL_END_BEFORE_THEY_BEGIN ? 1 : 0;
        }
        double due = (double) WAIT.plus(TICK).toMillis();
        StringJoiner seen = new StringJoiner(", ");
        for (Skew skew : Skew.values()) {
            seen.add("%s %+.0f to %+.0f"
                    .formatted(skew, delays.millis(skew.name(), 0) - due, delays.millis(skew.name(), 0.99) - due));
        }
        Experiment.saw(
                "09",
                "ms from sending a trace to its arrival at the backend, beside decision_wait and a tick of 100 ms (within 100),"
                        + " earliest to 99 %%: %s; %d of %d traces decided otherwise than their times say (0); %.0f durations"
                        + " clamped (%d)",
                seen,
                wrong,
                traces - first,
                clamped,
                backwards);
        assertThat(wrong).isZero();
        assertThat((long) clamped).isEqualTo(backwards);
        for (Skew skew : Skew.values()) {
            assertThat(delays.millis(skew.name(), 0) - due)
                    .as("the earliest decision, %s", skew)
                    .isGreaterThan(-OFF_MILLIS);
            assertThat(delays.millis(skew.name(), 0.99) - due)
                    .as("99 %% of decisions, %s", skew)
                    .isLessThan(OFF_MILLIS);
        }
    }
}
