package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** Each process is told to stop and started again, under numbered load: nothing is lost, and no trace is split. */
class RestartTest {
    /** What keeps a trace is in its first span: a gateway that stops decides by the spans that it has. */
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 0, 2, 0);

    private static final double RATE = 10_000;
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void restartOfTheAgent_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 2, backend.port(), Duration.ofSeconds(6));
                Sender sender = new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 4, RATE, 2)) {
            Await.pause(2_000);
            stop(weir.agent());
            weir.restartAgent();
            Await.pause(2_000);
            assertNothingLost(sender, weir.settle(sender, backend));
        }
    }

    @Test
    void restartOfTheAllocatorAndThenOfEachGateway_losesAndSplitsNothing() throws Exception {
        Allocator allocator = new Allocator(directory);
        try (Sink backend = new Sink(SHAPE, 0);
                Service first = allocator.start();
                Topology weir = new Topology(directory, 2, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 4, RATE, 3)) {
            first.awaitReady();
            String targets = allocator.targets();
            stop(first);
            try (Service second = allocator.start()) {
                second.awaitReady();
                assertThat(allocator.targets()).isEqualTo(targets);
            }

            stop(weir.gateway(0));
            Await.pause(1_000);
            assertThat(weir.agent().held())
                    .as("spans that the agent keeps for the gateway that is away")
                    .isGreaterThan(RATE / 8);
            weir.restartGateway(0);
            Await.pause(2_000);
            assertThat(lateSpans(weir.gateway(0)))
                    .as("spans of traces that were decided before the restart")
                    .isPositive();
            assertThat(received(weir.gateway(1)) / sender.acknowledged())
                    .as("what the other one got of all: its own half, as ever")
                    .isBetween(0.4, 0.6);

            stop(weir.gateway(1));
            weir.restartGateway(1);
            Await.pause(2_000);
            assertNothingLost(sender, weir.settle(sender, backend));
            assertThat(sender.refusals())
                    .as("the agent had room, so its clients noticed nothing")
                    .isZero();
        }
    }

    /** One that serves one target to one collector. */
    private static final class Allocator {
        private final int[] ports = Ports.free(2);
        private final Path directory;

        Allocator(Path directory) {
            this.directory = directory;
        }

        Service start() {
            return Service.start(
                    "allocator", directory, ports[1], """
                    listen_addr: 127.0.0.1:%d
                    allocation_strategy: rendezvous
                    config:
                      scrape_configs:
                        - job_name: weir
                          static_configs: [{targets: ["127.0.0.1:%d"]}]
                    weir:
                      collectors: [agent]
                      telemetry_endpoint: 127.0.0.1:%d
                    """.formatted(ports[0], ports[1], ports[1]), Map.of());
        }

        String targets() throws IOException, InterruptedException {
            String served = Scrape.get("http://127.0.0.1:" + ports[0] + "/jobs/weir/targets?collector_id=agent");
            assertThat(served).contains("127.0.0.1:" + ports[1]);
            return served;
        }
    }

    private static void stop(Service service) {
        assertThat(service.terminate(A_WHILE)).as("status after SIGTERM").isZero();
    }

    private static double received(Service gateway) {
        return gateway.metrics().sum("otelcol_receiver_accepted_spans_total");
    }

    private static double lateSpans(Service gateway) {
        return gateway.metrics().sum("weir_sampling_decisions_total", "trigger", "late_span");
    }

    private static void assertNothingLost(Sender sender, Account account) {
        Balance.assertNothingLost(sender, account);
        assertThat((double) account.tracesWhole() / account.sent())
                .as("kept of all: %s", account)
                .isBetween(0.08, 0.16);
    }
}
