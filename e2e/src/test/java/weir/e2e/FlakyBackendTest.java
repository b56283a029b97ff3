package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Ports;
import weir.load.Refusals;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiment 4: a backend answers seven requests of ten with UNAVAILABLE or 503, half of the time saying when to come again. */
@Tag("faults")
class FlakyBackendTest {
    private static final Shape SHAPE = Shape.usual();
    private static final double RATE = 20_000;
    private static final int CONNECTIONS = 4;
    private static final double REFUSED = 0.7;
    private static final double LEAST_GOODPUT = 0.6;
    private static final double MOST_RETRIES = 3;
    private static final int BASE_SECONDS = Math.max(5, Experiment.SECONDS / 3);
    private static final Duration A_WHILE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void experiment04_flakyBackendOverGrpc_getsAllOfItInTime() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0)) {
            // Longer than a wait of its own would be, so that it shows whether it is kept to.
            Refusals refusals = new Refusals(REFUSED, Duration.ofMillis(700));
            run("gRPC", "otlp: {endpoint: 127.0.0.1:" + backend.port(), backend, refusals);
        }
    }

    @Test
    void experiment04_flakyBackendOverHttp_getsAllOfItInTime() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(pool);
            http.createContext("/v1/traces", exchange -> answer(exchange, backend));
            http.start();
            try {
                // Retry-After has whole seconds.
                Refusals refusals = new Refusals(REFUSED, Duration.ofSeconds(1));
                int port = http.getAddress().getPort();
                run("HTTP", "otlp_http: {endpoint: 'http://127.0.0.1:" + port + "'", backend, refusals);
            } finally {
                http.stop(0);
            }
        }
    }

    private static void answer(HttpExchange exchange, Sink backend) throws IOException {
        try (exchange) {
            Duration comeAgain = backend.offer(exchange.getRequestBody().readAllBytes());
            if (comeAgain != null && !comeAgain.isZero()) {
                exchange.getResponseHeaders().set("Retry-After", Long.toString(comeAgain.toSeconds()));
            }
            exchange.sendResponseHeaders(comeAgain == null ? 200 : 503, -1);
        }
    }

    private void run(String way, String exporter, Sink backend, Refusals refusals) throws Exception {
        int[] ports = Ports.free(2);
        String retry = "retry_on_failure: {initial_interval: 200ms, max_interval: 1s, max_elapsed_time: 0s}";
        String yaml = """
                receivers:
                  otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
                exporters:
                  %s, compression: none, tls: {insecure: true}, %s}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [memory_limiter], exporters: [%s]}
                """.formatted(ports[0], exporter, retry, exporter.substring(0, exporter.indexOf(':')));
        try (Service agent = Service.ready("agent", directory, ports[1], yaml);
                Sender sender = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), CONNECTIONS, RATE, 4)) {
            Await.pause(5_000);
            double before = arriving(backend, BASE_SECONDS);

            backend.refuse(refusals);
            Await.pause(2_000);
            double during = arriving(backend, Experiment.SECONDS);
            double retries = (double) refusals.refused() / refusals.taken();
            backend.refuse(null);

            sender.stop();
            Await.until("holding nothing", A_WHILE, () -> agent.held() == 0);
            Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
            Experiment.saw(
                    "04",
                    "%s, %.0f %% of tries refused for %d s: goodput %.1f %% of %.0f spans a second (at least 60 %%), %d traces"
                            + " incomplete of %d (0), %d spans twice, %.2f tries again for each that was taken (at most 3), %d"
                            + " told when to come again, %d of them sooner (0), %d refusals of senders",
                    way,
                    100 * REFUSED,
                    Experiment.SECONDS,
                    100 * during / before,
                    before,
                    account.incomplete(),
                    account.sent(),
                    account.spansTwice(),
                    retries,
                    refusals.putOff(),
                    refusals.tooSoon(),
                    sender.refusals());
            assertThat(before).as("spans a second without faults").isGreaterThan(0.9 * RATE);
            assertThat(during).isGreaterThan(LEAST_GOODPUT * before);
            assertThat(retries).isBetween(MOST_RETRIES / 2, MOST_RETRIES);
            assertThat(refusals.putOff()).isGreaterThan(100);
            assertThat(refusals.tooSoon()).isZero();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertThat(account.incomplete()).as("%s", account).isZero();
            assertThat(account.spansForeign()).isZero();
            assertThat(agent.metrics().imbalance()).isEmpty();
            agent.assertQuiet();
        }
    }

    /** Spans a second that the backend took meanwhile. */
    private static double arriving(Sink backend, int seconds) {
        long before = backend.spans();
        long begin = System.nanoTime();
        Await.pause(1000L * seconds);
        return (backend.spans() - before) * 1e9 / (System.nanoTime() - begin);
    }
}
