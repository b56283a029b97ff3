package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.e2e.Experiment.saw;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Shape;
import weir.load.Sink;

/**
 * The members change between the two halves of traces. The first half decides: every second one has an error and is kept. The
 * second half alone would be decided the other way round, so that a trace whose decision is forgotten is split.
 */
@Tag("faults")
class LateHalvesTest {
    private static final int SPANS = 4;
    private static final Shape SHAPE = new Shape(SPANS, SPANS, 1, 1, 0, 0, 0);
    private static final int TRACES = 4_000;
    private static final int A_REQUEST = 50;
    private static final Duration A_WHILE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Pattern HANDED_OVER = Pattern.compile("handed over ([\\d,.]+) spans .* in ([\\d,.]+) s");
    private static final Pattern TOLD = Pattern.compile("told \\S+ ([\\d,.]+) decisions, .* in ([\\d,.]+) ms");

    @TempDir
    Path directory;

    @Test
    void experiment08_oneGatewayIsStoppedFirstAndLeavesThen_lateHalvesFollow() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Fleet fleet = new Fleet(directory, 3, backend.port(), GRACE)) {
            fleet.named(3);
            // One after the other: a busy machine starts three at once in more than a minute.
            for (int i = 0; i < 3; i++) {
                fleet.start(i);
                fleet.awaitReady();
            }
            firstHalves(fleet, 3);
            String told = fleet.gateway(2).toString();
            Service stopped = fleet.gateway(2);
            long drain = fleet.stop(2);
            fleet.named(2);
            awaitMembers(fleet, 2);

            secondHalves(fleet, 2);

            Account account = account(fleet, backend);
            saw(
                    "08",
                    "%s of 3 stopped by SIGTERM within %d ms and left then, the second halves of %d traces came afterwards: %d"
                            + " split; %.0f decided elsewhere; %s",
                    told,
                    drain,
                    account.sent(),
                    account.tracesSplit(),
                    elsewhere(fleet),
                    lines(stopped));
            assertWhole(account);
            assertThat(elsewhere(fleet)).isGreaterThan(TRACES / 5.0);
            fleet.all().forEach(Service::assertQuiet);
        }
    }

    @Test
    void experiment08_oneGatewayJoins_lateHalvesFollow() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Fleet fleet = new Fleet(directory, 3, backend.port(), GRACE)) {
            fleet.named(2);
            // One after the other: a busy machine starts three at once in more than a minute.
            for (int i = 0; i < 3; i++) {
                fleet.start(i);
                fleet.awaitReady();
            }
            firstHalves(fleet, 2);
            fleet.named(3);
            awaitMembers(fleet, 3);

            secondHalves(fleet, 3);

            Account account = account(fleet, backend);
            saw(
                    "08",
                    "a third gateway joined 2 between the halves of %d traces: %d split; %.0f decided elsewhere; %s; %s",
                    account.sent(),
                    account.tracesSplit(),
                    elsewhere(fleet),
                    lines(fleet.gateway(0)),
                    lines(fleet.gateway(1)));
            assertWhole(account);
            assertThat(elsewhere(fleet)).isGreaterThan(TRACES / 5.0);
            fleet.all().forEach(Service::assertQuiet);
        }
    }

    @Test
    void experiment08_whoIsToldIsKilledInTheMiddle_isToldAgainAndNobodyIsHarmed() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Fleet fleet = new Fleet(directory, 3, backend.port(), Duration.ofMinutes(1))) {
            fleet.named(2);
            // One after the other: a busy machine starts three at once in more than a minute.
            for (int i = 0; i < 3; i++) {
                fleet.start(i);
                fleet.awaitReady();
            }
            firstHalves(fleet, 2);
            fleet.gateway(2).signal("STOP");
            fleet.named(3);
            Await.until(
                    "both being at it",
                    A_WHILE,
                    () -> backends(fleet.gateway(0)) == 3 && backends(fleet.gateway(1)) == 3);
            Await.pause(1_000);
            fleet.kill(2);
            fleet.start(2);
            fleet.awaitReady();
            Await.until(
                    "being told by both",
                    A_WHILE,
                    () -> told(fleet.gateway(0)) > 0 && told(fleet.gateway(1)) > 0,
                    () -> fleet.gateway(0).stdout());

            secondHalves(fleet, 3);

            Account account = account(fleet, backend);
            saw(
                    "08",
                    "who joined was killed while it was told, and started again: %d of %d traces split; %.0f decided"
                            + " elsewhere; %.0f tellings failed before",
                    account.tracesSplit(),
                    account.sent(),
                    elsewhere(fleet),
                    failed(fleet.gateway(0)) + failed(fleet.gateway(1)));
            assertWhole(account);
            assertThat(elsewhere(fleet)).isGreaterThan(TRACES / 5.0);
        }
    }

    @Test
    void experiment08_policiesChange_areInForceSoon() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Fleet fleet = new Fleet(directory, 1, backend.port(), GRACE)) {
            fleet.named(1);
            fleet.start(0);
            fleet.awaitReady();
            long begin = System.nanoTime();
            fleet.policies(0, "threshold_ms: 2000", "threshold_ms: 1900");
            Await.until(
                    "the reload", A_WHILE, () -> fleet.gateway(0).metrics().sum("weir_sampling_policy_version") == 2);
            double seconds = (System.nanoTime() - begin) / 1e9;
            saw("08", "a change of policies is in force after %.1f s", seconds);
            assertThat(seconds).isLessThan(10);
        }
    }

    /** Sends first halves, and when they are decided, as many again, which are undecided then. */
    private static void firstHalves(Fleet fleet, int gateways) {
        send(fleet, gateways, 0, TRACES, 0);
        Await.until(
                "the first traces being decided",
                A_WHILE,
                () -> fleet.all().stream()
                                .mapToDouble(gateway -> gateway.metrics().sum("weir_sampling_decisions_total"))
                                .sum()
                        >= TRACES);
        send(fleet, gateways, TRACES, 2 * TRACES, 0);
    }

    private static void secondHalves(Fleet fleet, int gateways) {
        send(fleet, gateways, 0, 2 * TRACES, SPANS / 2);
    }

    private static void send(Fleet fleet, int gateways, int from, int end, int firstSpan) {
        List<GrpcPost> posts =
                fleet.addresses(gateways).stream().map(GrpcPost::to).toList();
        for (int number = from, turn = 0; number < end; number += A_REQUEST, turn++) {
            List<NumberedSpan> spans = new ArrayList<>();
            for (int n = number; n < number + A_REQUEST; n++) {
                boolean error = n % 2 == (firstSpan == 0 ? 0 : 1);
                spans.add(NumberedSpan.now(n, firstSpan, error));
                spans.add(NumberedSpan.now(n, firstSpan + 1, false));
            }
            byte[] request = NumberedSpan.request(spans);
            GrpcPost post = posts.get(turn % gateways);
            Await.until(
                    "being taken",
                    A_WHILE,
                    () -> post.send(request) == Status.Code.OK,
                    () -> post.last().toString());
        }
        posts.forEach(GrpcPost::close);
    }

    private static void awaitMembers(Fleet fleet, int count) {
        Await.until(
                "all knowing " + count + " members",
                A_WHILE,
                () -> fleet.all().stream().allMatch(gateway -> backends(gateway) == count));
    }

    private static double backends(Service gateway) {
        return gateway.metrics().sum("otelcol_loadbalancer_num_backends", "component", "ownership");
    }

    private static double elsewhere(Fleet fleet) {
        return fleet.all().stream()
                .mapToDouble(gateway ->
                        gateway.metrics().sum("weir_sampling_decisions_total", "trigger", "decided_elsewhere"))
                .sum();
    }

    private static double told(Service gateway) {
        return gateway.metrics().sum("weir_ownership_told_decisions_total");
    }

    private static double failed(Service gateway) {
        return gateway.metrics().sum("weir_ownership_tellings_total", "success", "false");
    }

    private static Account account(Fleet fleet, Sink backend) {
        fleet.settle();
        return backend.account(2 * TRACES, Set.of(), false);
    }

    private static void assertWhole(Account account) {
        assertThat(account.tracesSplit()).as("split: %s", account).isZero();
        assertThat(account.spansForeign()).isZero();
        // Each that has an error in its first half, and some of the others.
        assertThat(account.tracesWhole()).isGreaterThanOrEqualTo(TRACES);
    }

    /** What one says of how long it took to hand over and to tell. */
    private static String lines(Service gateway) {
        List<String> found = new ArrayList<>();
        for (Pattern pattern : List.of(HANDED_OVER, TOLD)) {
            for (Matcher line = pattern.matcher(gateway.stdout()); line.find(); ) {
                found.add(line.group());
            }
        }
        return String.join(", ", found);
    }
}
