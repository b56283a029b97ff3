package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Shape;
import weir.load.Sink;

/**
 * Experiment 10: one request of twenty is sent again, before or after the decision; of the spans 5 % come after the decision of their
 * trace, and 1 % when that is forgotten. Of each trace the first span decides, so that what is right is known: half of them
 * have an error there and are kept. Late spans of the others may have errors too, and are dropped all the same.
 */
@Tag("faults")
class LateSpansTest {
    private static final int SPANS = 4;
    private static final Shape SHAPE = new Shape(SPANS, SPANS, 1, 1, 0, 0, 0);
    private static final int TRACES_A_SECOND = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** A span that is late comes so long after the first one of its trace: when it is decided, on a busy machine too. */
    private static final long LATE_NANOS = WAIT.plusMillis(1_200).toNanos();

    private static final long LATE_SPREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Decisions that are remembered at least; twice as many at most, in parts that fill unevenly. */
    private static final int REMEMBERED = 6_400;

    private static final int FORGOTTEN_TRACES = 3 * REMEMBERED;
    private static final int LEAST_SECONDS = FORGOTTEN_TRACES / TRACES_A_SECOND + 10;
    private static final double FOLLOWING = 0.999;

    private static final byte[] NOTHING = {};

    /** What is to come when: a span, or a request that came before. */
    private record Due(long nanos, @Nullable NumberedSpan span, byte[] again) {}

    /** When a span comes, and within how many seconds a request of such spans may come again, before they are forgotten. */
    private enum Coming {
        IN_TIME(4),
        LATE(1),
        FORGOTTEN(0);

        final int againSeconds;

        Coming(int againSeconds) {
            this.againSeconds = againSeconds;
        }
    }

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(10);
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    /** When each span comes, by the number of its trace and its own; the first always in time. */
    private final List<Coming[]> coming = new ArrayList<>();
    /** Spans with an error, beside first ones. */
    private final List<boolean[]> errors = new ArrayList<>();
    /** Numbers of traces of which a span comes when the decision is forgotten, in their order. */
    private final PriorityQueue<NumberedSpan> forgotten =
            new PriorityQueue<>(Comparator.comparingLong(NumberedSpan::number));

    private byte[] arrived = new byte[1 << 16];
    private int requests;
    private int requestsAgain;

    @Test
    void experiment10_lateSpansAndRepeats_followWhatWasDecided() throws Exception {
        String policies = "          - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}\n"
                + "    decision_cache: {sampled_cache_size: %d, non_sampled_cache_size: %1$d}\n"
                        .formatted(REMEMBERED / 2);
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port(), WAIT, policies);
                GrpcPost post = GrpcPost.to(weir.grpc())) {
            backend.watch(this::arrived);
            load(post);
            weir.settle();

            double late = weir.gateway(0).metrics().sum("weir_sampling_decisions_total", "trigger", "late_span");
            account(late);
            weir.assertQuiet();
        }
    }

    private synchronized void arrived(long[] ids) {
        for (long id : ids) {
            int at = (int) NumberedSpan.numberOf(id) * SPANS + NumberedSpan.indexOf(id);
            if (at >= arrived.length) {
                arrived = Arrays.copyOf(arrived, Math.max(at + 1, 2 * arrived.length));
            }
            arrived[at]++;
        }
    }

    private void load(GrpcPost post) {
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(Math.max(Experiment.SECONDS, LEAST_SECONDS));
        long next = begin;
        while (next < end || !due.isEmpty()) {
            Await.pause(Math.max(0, (next - System.nanoTime()) / 1_000_000));
            long now = System.nanoTime();
            if (next < end) {
                for (long n = TRACES_A_SECOND * TURN_NANOS / TimeUnit.SECONDS.toNanos(1); n > 0; n--) {
                    trace(now);
                }
            }
            turn(post, now);
            next += TURN_NANOS;
        }
    }

    /** Plans the spans of a trace that begins now. */
    private void trace(long now) {
        int number = coming.size();
        Coming[] when = new Coming[SPANS];
        boolean[] error = new boolean[SPANS];
        when[0] = Coming.IN_TIME;
        error[0] = random.nextInt(2) == 0;
        due.add(new Due(now, span(number, 0, error[0]), NOTHING));
        for (int index = 1; index < SPANS; index++) {
            int chance = random.nextInt(300);
            // 5 % and 1 % of all spans. Two of a trace that is forgotten would be decided together.
            when[index] = chance < 20 ? Coming.LATE : index == 3 && chance < 32 ? Coming.FORGOTTEN : Coming.IN_TIME;
            error[index] = when[index] != Coming.IN_TIME && random.nextInt(2) == 0;
            NumberedSpan span = span(number, index, error[index]);
            switch (when[index]) {
                // Some in the next request, the last well before the decision.
                case IN_TIME -> due.add(new Due(now + (long) (index / 2) * 10 * TURN_NANOS, span, NOTHING));
                case LATE -> due.add(new Due(now + LATE_NANOS + random.nextLong(LATE_SPREAD_NANOS), span, NOTHING));
                case FORGOTTEN -> forgotten.add(span);
            }
        }
        coming.add(when);
        errors.add(error);
    }

    private static NumberedSpan span(long number, int index, boolean error) {
        return NumberedSpan.now(number, index, error);
    }

    /** Sends what is due: spans by when they come, and requests that come again. */
    private void turn(GrpcPost post, long now) {
        Map<Coming, List<NumberedSpan>> spans = new EnumMap<>(Coming.class);
        while (!due.isEmpty() && due.peek().nanos() - now <= 0) {
            Due next = due.remove();
            if (next.span() == null) {
                send(post, next.again());
                requestsAgain++;
            } else {
                Coming when = coming.get((int) next.span().number())[next.span().index()];
                spans.computeIfAbsent(when, _ -> new ArrayList<>()).add(next.span());
            }
        }
        while (!forgotten.isEmpty() && forgotten.peek().number() + FORGOTTEN_TRACES < coming.size()) {
            spans.computeIfAbsent(Coming.FORGOTTEN, _ -> new ArrayList<>()).add(forgotten.remove());
        }
        spans.forEach((when, these) -> {
            byte[] request = NumberedSpan.request(these);
            send(post, request);
            if (when.againSeconds > 0 && random.nextInt(100) < 5) {
                due.add(new Due(now + random.nextLong(TimeUnit.SECONDS.toNanos(when.againSeconds)), null, request));
            }
        });
    }

    private void send(GrpcPost post, byte[] request) {
        assertThat(post.send(request)).isEqualTo(Status.Code.OK);
        requests++;
    }

    private synchronized void account(double lateByMetric) {
        long[] late = new long[2];
        long[] followed = new long[2];
        long keptTwice = 0;
        long lost = 0;
        long halfKept = 0;
        long anew = 0;
        long anewRight = 0;
        long toCome = forgotten.stream().mapToLong(NumberedSpan::number).min().orElse(Long.MAX_VALUE);
        for (int number = 0; number < coming.size(); number++) {
            boolean kept = errors.get(number)[0];
            boolean any = false;
            for (int index = 0; index < SPANS; index++) {
                int times = arrived(number, index);
                switch (coming.get(number)[index]) {
                    case IN_TIME -> {
                        any |= times > 0;
                        lost += kept && times == 0 ? 1 : 0;
                        keptTwice += times > 1 ? 1 : 0;
                    }
                    case LATE -> {
                        any |= times > 0;
                        late[kept ? 1 : 0]++;
                        followed[kept ? 1 : 0] += kept == times > 0 ? 1 : 0;
                    }
                    case FORGOTTEN -> {
                        if (number < toCome) {
                            anew++;
                            anewRight += errors.get(number)[index] == times > 0 ? 1 : 0;
                        }
                    }
                }
            }
            halfKept += !kept && any ? 1 : 0;
        }
        double follows = (double) (followed[0] + followed[1]) / (late[0] + late[1]);
        Experiment.saw(
                "10",
                "%d traces in %d requests, %d of them sent again: of %d late spans of kept and %d of dropped traces %.3f %%"
                        + " followed the decision (at least 99.9), %d dropped traces half kept (0), %d spans of kept traces lost"
                        + " (0), %d of them twice at the backend; of %d spans after the decision was forgotten %d decided"
                        + " anew; %.0f late by Weir's own count",
                coming.size(),
                requests,
                requestsAgain,
                late[1],
                late[0],
                100 * follows,
                halfKept,
                lost,
                keptTwice,
                anew,
                anewRight,
                lateByMetric);
        assertThat(late[0]).isGreaterThan(100);
        assertThat(late[1]).isGreaterThan(100);
        assertThat(anew).isGreaterThan(100);
        assertThat(requestsAgain).isGreaterThan(10);
        assertThat(follows).isGreaterThanOrEqualTo(FOLLOWING);
        assertThat(halfKept).isZero();
        assertThat(lost).isZero();
        assertThat(anewRight).as("spans decided anew, of %d", anew).isGreaterThan(anew * 99 / 100);
        assertThat(lateByMetric).isGreaterThan(0.99 * (late[0] + late[1]));
    }

    private int arrived(int number, int index) {
        int at = number * SPANS + index;
        return at < arrived.length ? arrived[at] : 0;
    }
}
