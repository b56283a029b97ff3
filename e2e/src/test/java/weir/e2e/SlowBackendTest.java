package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiment 5: one of two backends answers after 500 ms over a way of 10 MB/s, with more load than that lets through. */
@Tag("faults")
class SlowBackendTest {
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 1, 1, 0);
    private static final Shape LARGE = new Shape(2048, 8, 4, 4, 1, 1, 0);
    private static final double RATE = 10_000;
    private static final double WAY_BYTES = 10e6;
    private static final Duration A_WHILE = Duration.ofSeconds(60);

    /** Until what the JVM's heap needs anyway has been touched; after it memory must be flat. */
    private static final int SETTLE_SECONDS = Experiment.SECONDS < 120 ? 10 : 60;

    /** Below this time a slope says more of the heap than of a leak: then only a jump is looked for. */
    private static final int SLOPE_SECONDS = 120;

    @TempDir
    Path directory;

    @Test
    void experiment05_aSlowBackend_doesNotSlowTheOtherPipeline() throws Exception {
        int[] ports = Ports.free(3);
        try (Sink healthy = new Sink(SHAPE, 0);
                Sink slow = new Sink(LARGE, 0);
                ThrottledProxy way = new ThrottledProxy(slow.port(), WAY_BYTES)) {
            String yaml = """
                    receivers:
                      otlp/a: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                      otlp/b: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                    processors:
                      memory_limiter: {check_interval: 1s, limit_percentage: 80}
                    exporters:
                      otlp/a: {endpoint: 127.0.0.1:%d, compression: none, tls: {insecure: true}}
                      otlp/b: {endpoint: 127.0.0.1:%d, compression: none, timeout: 30s, tls: {insecure: true}, sending_queue: {queue_size: 50}}
                    service:
                      pipelines:
                        traces/a: {receivers: [otlp/a], processors: [memory_limiter], exporters: [otlp/a]}
                        traces/b: {receivers: [otlp/b], processors: [memory_limiter], exporters: [otlp/b]}
                    """.formatted(ports[0], ports[1], healthy.port(), way.port());
            slow.delay(500);
            try (Service agent = Service.ready("agent", directory, ports[2], yaml);
                    Sender a = new Sender(SHAPE, List.of("127.0.0.1:" + ports[0]), 2, RATE, 1)) {
                Await.pause(5_000);
                double before = rate(a, 5);
                try (Sender b = new Sender(LARGE, List.of("127.0.0.1:" + ports[1]), 16, 6 * RATE, 2)) {
                    Await.pause(1000L * SETTLE_SECONDS);
                    long begin = System.nanoTime();
                    long sentA = a.acknowledged();
                    long gotB = slow.spans();
                    List<Long> rss = new ArrayList<>();
                    for (int i = 0; i < Experiment.SECONDS; i++) {
                        Await.pause(1_000);
                        rss.add(agent.usage().rssBytes());
                    }
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    double during = (a.acknowledged() - sentA) / seconds;
                    double throughWay = (slow.spans() - gotB) / seconds * b.requestBytes() / LARGE.perRequest();
                    double slope = mibPerMinute(rss);
                    Experiment.saw(
                            "05",
                            "the other pipeline kept %.1f %% (at least 95 %%); memory grew by %.2f MiB a minute over %d s"
                                    + " (at most 1, from 120 s on), to %d MiB; %.1f MB/s over the slow way; %d refusals",
                            100 * during / before,
                            slope,
                            rss.size(),
                            rss.getLast() >> 20,
                            throughWay / 1e6,
                            b.refusals());
                    assertThat(during).isGreaterThan(0.95 * before);
                    assertThat(throughWay).as("bytes a second").isBetween(0.7 * WAY_BYTES, 1.1 * WAY_BYTES);
                    assertThat(b.refusals()).as("refusals, which are retryable").isPositive();
                    if (Experiment.SECONDS >= SLOPE_SECONDS) {
                        assertThat(slope).as("MiB a minute").isLessThan(1);
                    }
                    assertThat((rss.getLast() - rss.getFirst()) >> 20).isLessThan(32);
                    a.stop();
                    b.stop();
                    assertThat(a.givenUp() + b.givenUp())
                            .as("%s %s", a.errors(), b.errors())
                            .isZero();
                    Await.until("nothing held", A_WHILE, () -> agent.held() == 0);
                    assertThat(healthy.account(a.traces(), a.unacknowledged(), true)
                                    .incomplete())
                            .isZero();
                    assertThat(slow.account(b.traces(), b.unacknowledged(), true)
                                    .incomplete())
                            .isZero();
                    assertThat(agent.metrics().imbalance()).isEmpty();
                    agent.assertQuiet();
                }
            }
        }
    }

    private static double rate(Sender sender, int seconds) {
        long before = sender.acknowledged();
        long begin = System.nanoTime();
        Await.pause(1000L * seconds);
        return (sender.acknowledged() - before) * 1e9 / (System.nanoTime() - begin);
    }

    /** The slope of the straight line that is nearest to readings a second apart. */
    private static double mibPerMinute(List<Long> bytes) {
        double n = bytes.size();
        double meanX = (n - 1) / 2;
        double meanY = bytes.stream().mapToLong(b -> b).average().orElse(0);
        double up = 0;
        double down = 0;
        for (int i = 0; i < n; i++) {
            up += (i - meanX) * (bytes.get(i) - meanY);
            down += (i - meanX) * (i - meanX);
        }
        return up / down * 60 / (1 << 20);
    }
}
