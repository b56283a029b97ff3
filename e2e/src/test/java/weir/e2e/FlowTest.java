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

/** An agent and two gateways as processes of their own, under numbered load. Needs nothing but Weir. */
class FlowTest {
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 1, 1, 0);
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void everyTraceThatPoliciesKeepArrivesWhole_andTheLedgersBalance() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 2, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 4, 20_000, 1)) {
            Await.pause(8_000);
            Account account = weir.settle(sender, backend);

            assertThat(account.missing())
                    .as("errors and slow traces that did not arrive: %s", account)
                    .isZero();
            assertThat(account.tracesSplit()).as("split traces: %s", account).isZero();
            assertThat(account.spansTwice() + account.spansForeign())
                    .as("%s", account)
                    .isZero();
            assertThat((double) account.tracesWhole() / account.sent())
                    .as("kept of all: %s", account)
                    .isBetween(0.08, 0.16);
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            for (Service service : weir.all()) {
                assertThat(service.stderr()).as("stderr of %s", service).isEmpty();
            }
        }
    }

    @Test
    void aServiceThatCannotPassOnWhatItHolds_saysSo_andEndsWith1() throws Exception {
        int[] ports = Ports.free(3);
        String file = """
                receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}}
                exporters: {otlp: {endpoint: 127.0.0.1:%d, tls: {insecure: true}}}
                service:
                  pipelines:
                    traces: {receivers: [otlp], exporters: [otlp]}
                """.formatted(ports[0], ports[1]);
        try (Service agent = Service.start("agent", directory, ports[2], file, Map.of("WEIR_DRAIN_LIMIT", "1s"))
                .awaitReady()) {
            try (Sender sender = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 1, 100, 3)) {
                Await.until(
                        "spans being held",
                        A_WHILE,
                        () -> agent.held() > 0,
                        () -> sender.errors().toString());
                sender.stop();
            }

            assertThat(agent.terminate(A_WHILE)).isEqualTo(1);
            assertThat(agent.stdout()).contains("not all that was held could be passed on within 1 s");
        }
    }
}
