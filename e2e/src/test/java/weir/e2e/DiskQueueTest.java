package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** An agent whose queue is on disk, killed with SIGKILL in mid-load while its backend is away: what it acknowledged arrives. */
class DiskQueueTest {
    private static final Shape SHAPE = Shape.usual();
    private static final double RATE = 10_000;
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final int[] ports = Ports.free(2);

    private Service agent(int backendPort) {
        return Service.start(
                "agent",
                directory,
                ports[1],
                PipelineText.agentWithQueueOnDisk(directory.resolve("storage"), 256 << 20, 2, ports[0], backendPort),
                Map.of());
    }

    @Test
    void kill_whileTheBackendIsAway_losesNothingThatWasAcknowledged() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0)) {
            backend.down();
            Service first = agent(backend.port());
            try (first;
                    Sender sender = sender(first)) {
                Await.pause(3_000);
                double held = first.held();
                first.kill();
                try (Service second = agent(backend.port())) {
                    second.awaitReady();
                    double recovered = second.metrics().sum("weir_ledger_recovered_items_total");
                    assertThat(recovered).as("spans of the life before").isGreaterThanOrEqualTo(held);
                    Await.pause(1_000);
                    backend.up();
                    Await.pause(2_000);
                    sender.stop();
                    Await.until(
                            "the queue being empty",
                            A_WHILE,
                            () -> second.held() == 0,
                            () -> second.metrics().text());
                    assertThat(second.metrics().imbalance()).isEmpty();
                    second.assertQuiet();

                    Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
                    System.out.printf(
                            "kill -9 of an agent with a queue on disk: %.0f spans recovered, %s%n", recovered, account);
                    assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
                    assertThat(account.incomplete()).as("%s", account).isZero();
                    assertThat(account.spansForeign()).isZero();
                    assertThat(account.spansTwice())
                            .as("spans twice: requests whose acknowledgement the kill cut off")
                            .isLessThanOrEqualTo(4L * SHAPE.perRequest());
                }
            }
        }
    }

    private Sender sender(Service agent) {
        agent.awaitReady();
        return new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 4, RATE, 11);
    }
}
