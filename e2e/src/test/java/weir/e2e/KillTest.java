package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Arrivals;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;
import weir.load.SinkProcess;

/**
 * Processes killed with SIGKILL under numbered load, all traces kept. Without a journal a process that is killed loses what it
 * holds, and no more: what is missing at the end is at most what its metrics said that it held.
 */
@Tag("faults")
class KillTest {
    private static final Shape SHAPE = Shape.usual();
    private static final double RATE = 10_000;
    private static final int CONNECTIONS = 4;
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration DECISION_WAIT = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    @Test
    void kill_agent_losesAtMostWhatItHeld() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 2, backend.port(), DECISION_WAIT, Topology.KEEP_ALL);
                Sender sender = sender(weir)) {
            Await.pause(2_000);
            weir.gateway(0).terminate(A_WHILE); // so that the agent has something to hold
            Await.pause(1_000);

            long before = sender.acknowledged();
            double held = weir.agent().held();
            weir.agent().kill();
            double most = held + sender.acknowledged() - before + underWay();

            weir.restartGateway(0);
            weir.restartAgent();
            Await.pause(2_000);
            assertLost("the agent", sender, weir.settle(sender, backend), most);
        }
    }

    @Test
    void kill_gateway_losesAtMostWhatItHeld() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 2, backend.port(), DECISION_WAIT, Topology.KEEP_ALL);
                Sender sender = sender(weir)) {
            Await.pause(4_000);

            long before = sender.acknowledged();
            double held = weir.agent().held() + weir.gateway(0).held();
            weir.gateway(0).kill();
            double most = held + sender.acknowledged() - before + underWay();

            Await.pause(1_000);
            weir.restartGateway(0);
            Await.pause(2_000);
            assertLost("the gateway", sender, weir.settle(sender, backend), most);
            assertThat(sender.refusals()).as("the agent had room").isZero();
        }
    }

    @Test
    void kill_backend_losesNothing() throws Exception {
        int port = Ports.free();
        Path first = directory.resolve("first.ids");
        Path second = directory.resolve("second.ids");
        try (Program backend = backend(port, first);
                Topology weir = new Topology(directory, 1, port, DECISION_WAIT, Topology.KEEP_ALL);
                Sender sender = sender(weir)) {
            Await.pause(6_000);
            backend.kill();
            Await.pause(2_000);
            try (Program _ = backend(port, second)) {
                Await.pause(3_000);
                sender.stop();
                weir.settle();
            }
            assertThat(Arrivals.recorded(SHAPE, first).spans()).isPositive();
            assertThat(Arrivals.recorded(SHAPE, second).spans()).isPositive();
            Account account =
                    Arrivals.recorded(SHAPE, first, second).account(sender.traces(), sender.unacknowledged(), true);
            System.out.println("kill -9 of the backend: " + account);
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertThat(account.incomplete()).as("%s", account).isZero();
            assertThat(account.spansTwice())
                    .as("spans twice, which were in flight at the kill: %s", account)
                    .isLessThan(10 * 4096);
        }
    }

    private static Sender sender(Topology weir) {
        return new Sender(SHAPE, List.of(weir.grpc()), CONNECTIONS, RATE, 5);
    }

    private Program backend(int port, Path ids) {
        return new Program(
                "backend",
                directory,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SinkProcess.class.getName(),
                        Integer.toString(port),
                        ids.toString()),
                Map.of());
    }

    /** Spans of requests that were taken and whose acknowledgement was on its way. */
    private static long underWay() {
        return (long) CONNECTIONS * SHAPE.perRequest();
    }

    private static void assertLost(String whose, Sender sender, Account account, double most) {
        long lost = sender.acknowledged() - (account.spans() - account.spansTwice());
        System.out.printf(
                "kill -9 of %s: %d spans lost of at most %.0f, %d twice, %d traces incomplete of %d%n",
                whose, lost, most, account.spansTwice(), account.tracesSplit(), account.sent());
        assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
        assertThat(lost).as("lost: %s", account).isBetween(1L, (long) most);
        assertThat(account.tracesSplit())
                .as("traces that lost a part, by lost spans")
                .isLessThanOrEqualTo(lost);
        assertThat(account.spansForeign()).isZero();
    }
}
