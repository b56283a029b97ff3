package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Sender;
import weir.load.Sink;

/**
 * Gateways without an agent: clients send to any of them, and the gateways, which find each other by SRV records, send on what
 * is another's. Nothing is lost and no trace is split, also while one of them restarts.
 */
class OwnershipTest {
    private static final double RATE = 8_000;
    private static final int GATEWAYS = 2;
    private static final Duration GRACE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void clientsSendToAnyGateway_andOneRestarts_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(Fleet.SHAPE, 0);
                Fleet fleet = new Fleet(directory, GATEWAYS, backend.port(), GRACE)) {
            fleet.named(GATEWAYS);
            fleet.start(0, 1);
            fleet.awaitReady();
            try (Sender sender = new Sender(Fleet.SHAPE, fleet.addresses(GATEWAYS), 4, RATE, 7)) {
                Await.pause(3_000);
                assertThat(fleet.spans(0, "forwarded") / (fleet.spans(0, "forwarded") + fleet.spans(0, "found")))
                        .as("what a gateway was sent that is another's")
                        .isBetween(0.3, 0.7);
                assertThat(fleet.spans(0, "chosen") / fleet.spans(1, "forwarded"))
                        .as("what was sent on to it and not looked at again")
                        .isGreaterThan(0.5);

                fleet.stop(1);
                fleet.start(1);
                fleet.awaitReady();
                Await.pause(3_000);
                sender.stop();
                fleet.settle();
                Balance.assertNothingLost(sender, backend.account(sender.traces(), sender.unacknowledged(), false));
            }
        }
    }
}
