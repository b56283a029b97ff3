package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.ProcessUsage;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiments 5 and 20: a slow backend beside a healthy one, and more load than there is room for. */
@Tag("faults")
class OverloadTest {
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 1, 1, 0);
    private static final int SECONDS = Integer.getInteger("experiment.seconds", 30);
    private static final Duration A_WHILE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void experiment05_aSlowBackend_doesNotSlowTheOtherPipeline() throws Exception {
        int[] ports = Ports.free(3);
        try (Sink healthy = new Sink(SHAPE, 0);
                Sink slow = new Sink(SHAPE, 0)) {
            String yaml = """
                    receivers:
                      otlp/a: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                      otlp/b: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                    processors:
                      memory_limiter: {check_interval: 1s, limit_percentage: 80}
                    exporters:
                      otlp/a: {endpoint: 127.0.0.1:%d, compression: none, tls: {insecure: true}}
                      otlp/b: {endpoint: 127.0.0.1:%d, compression: none, tls: {insecure: true}, sending_queue: {queue_size: 50}}
                    service:
                      pipelines:
                        traces/a: {receivers: [otlp/a], processors: [memory_limiter], exporters: [otlp/a]}
                        traces/b: {receivers: [otlp/b], processors: [memory_limiter], exporters: [otlp/b]}
                    """.formatted(ports[0], ports[1], healthy.port(), slow.port());
            try (Service agent = Service.ready("agent", directory, ports[2], yaml);
                    Sender a = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 2, 10_000, 1);
                    Sender b = new Sender(SHAPE, List.of("127.0.0.1:" + ports[1]), 2, 10_000, 2)) {
                Await.pause(5_000);
                double before = rate(a, 5);
                slow.delay(500);
                Await.pause(2_000);
                long rss = ProcessUsage.of(agent.pid()).rssBytes();
                double during = rate(a, SECONDS);
                long grown = ProcessUsage.of(agent.pid()).rssBytes() - rss;
                assertThat(during)
                        .as("spans a second of the healthy pipeline, before %.0f", before)
                        .isGreaterThan(0.95 * before);
                assertThat(grown >> 20).as("MiB that it grew").isLessThan(Math.max(16, SECONDS / 60));
                slow.delay(0);
                a.stop();
                b.stop();
                assertThat(a.givenUp() + b.givenUp())
                        .as("%s %s", a.errors(), b.errors())
                        .isZero();
                Await.until("nothing held", A_WHILE, () -> agent.held() == 0);
                assertThat(healthy.account(a.traces(), a.unacknowledged(), true).incomplete())
                        .isZero();
                assertThat(slow.account(b.traces(), b.unacknowledged(), true).incomplete())
                        .isZero();
                assertThat(agent.metrics().imbalance()).isEmpty();
            }
        }
    }

    private static double rate(Sender sender, int seconds) {
        long before = sender.acknowledged();
        long begin = System.nanoTime();
        Await.pause(1000L * seconds);
        return (sender.acknowledged() - before) * 1e9 / (System.nanoTime() - begin);
    }

    @Test
    void experiment20_overload_isRefused_andMemoryStaysFlat() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc()), 16, 0, 1)) {
            List<Long> agent = new ArrayList<>();
            List<Long> gateway = new ArrayList<>();
            for (int i = 0; i < SECONDS; i++) {
                Await.pause(1_000);
                agent.add(ProcessUsage.of(weir.agent().pid()).rssBytes() >> 20);
                gateway.add(ProcessUsage.of(weir.gateway(0).pid()).rssBytes() >> 20);
            }
            assertThat(agent.getLast())
                    .as("MiB of the agent, second by second: %s", agent)
                    .isLessThan(300);
            assertThat(gateway.getLast())
                    .as("MiB of the gateway, second by second: %s", gateway)
                    .isLessThan(900);
            sender.stop();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            for (Service service : weir.all()) {
                Await.until(service + " holding nothing", A_WHILE, () -> service.held() == 0);
                assertThat(service.metrics().imbalance()).isEmpty();
            }
            Account account = backend.account(sender.traces(), sender.unacknowledged(), false);
            assertThat(account.missing()).as("%s", account).isZero();
            assertThat(account.tracesSplit()).as("%s", account).isZero();
            long fresh = sender.acknowledged();
            assertThat(fresh).isPositive();
        }
    }
}
