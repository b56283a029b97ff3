package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.e2e.Experiment.saw;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Sender;
import weir.load.Sink;

/** The set of gateways changes, or all of them restart, under numbered load: no trace is split, no span is lost. */
@Tag("faults")
class HandOverTest {
    private static final double RATE = 8_000;
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    @Test
    void experiment02_rollingRestart_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(Fleet.SHAPE, 0);
                Fleet fleet = new Fleet(directory, 3, backend.port(), Duration.ofMinutes(1))) {
            fleet.named(3);
            fleet.start(0, 1, 2);
            fleet.awaitReady();
            long longest = 0;
            try (Sender sender = new Sender(Fleet.SHAPE, fleet.addresses(3), 6, RATE, 11)) {
                Await.pause(2_000);
                for (int i = 0; i < 3; i++) {
                    longest = Math.max(longest, fleet.stop(i));
                    fleet.start(i);
                    fleet.awaitReady();
                    Await.pause(1_000);
                }
                Account account = finish(fleet, sender, backend);
                saw(
                        "02",
                        "3 gateways restarted one after the other: %d of %d traces split, %d lost, longest drain %d ms,"
                                + " acknowledged within %.0f ms at p99",
                        account.tracesSplit(),
                        account.sent(),
                        account.missing(),
                        longest,
                        sender.latencies().millis(0.99));
                Balance.assertNothingLost(sender, account);
                assertThat(longest).isLessThan(LONGEST_DRAIN.toMillis());
            }
        }
    }

    @Test
    void experiment08_oneGatewayJoinsAndLeaves_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(Fleet.SHAPE, 0);
                Fleet fleet = new Fleet(directory, 3, backend.port(), Duration.ofSeconds(2))) {
            fleet.named(2);
            fleet.start(0, 1, 2);
            fleet.awaitReady();
            try (Sender sender = new Sender(Fleet.SHAPE, fleet.addresses(2), 4, RATE, 13)) {
                Await.pause(4_000);
                fleet.named(3);
                Await.until(
                        "undecided traces being handed over to the one that joined",
                        A_WHILE,
                        () -> handedOver(fleet, 0) > 0 && handedOver(fleet, 1) > 0);
                Await.pause(4_000);
                double joined = handedOver(fleet, 0) + handedOver(fleet, 1);

                fleet.named(2);
                Await.until(
                        "the one that left holding nothing",
                        A_WHILE,
                        () -> handedOver(fleet, 2) > 0 && fleet.gateway(2).held() == 0,
                        () -> fleet.gateway(2).metrics().text());
                double left = handedOver(fleet, 2);
                assertThat(fleet.gateway(2).metrics().imbalance()).isEmpty();
                long drain = fleet.stop(2);
                Await.pause(3_000);
                Account account = finish(fleet, sender, backend);
                saw(
                        "08",
                        "2 gateways, 3, and 2 again: %d of %d traces split, %d lost, %.0f spans handed over to the one that"
                                + " joined and %.0f by it when it left, which stopped in %d ms",
                        account.tracesSplit(),
                        account.sent(),
                        account.missing(),
                        joined,
                        left,
                        drain);
                Balance.assertNothingLost(sender, account);
            }
        }
    }

    private static Account finish(Fleet fleet, Sender sender, Sink backend) throws InterruptedException {
        sender.stop();
        fleet.settle();
        return backend.account(sender.traces(), sender.unacknowledged(), false);
    }

    private static double handedOver(Fleet fleet, int i) {
        return fleet.gateway(i).metrics().sum("weir_sampling_handed_over_spans_total");
    }
}
