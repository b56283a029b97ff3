package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import weir.load.ProcessUsage;

/** One of Weir's services, run as a user would: {@code ./weir gateway --config FILE}. */
final class Service extends Program {
    private final int telemetryPort;
    private final long startedNanos = System.nanoTime();

    private Service(
            String kind,
            Path directory,
            Path file,
            int telemetryPort,
            Map<String, String> environment,
            List<String> prefix) {
        super(
                kind,
                directory,
                Stream.concat(
                                prefix.stream(),
                                Stream.of(
                                        ROOT.resolve("weir").toString(),
                                        kind,
                                        "--config",
                                        file.toString(),
                                        "--data",
                                        directory
                                                .resolve("data-" + telemetryPort)
                                                .toString()))
                        .toList(),
                environment);
        this.telemetryPort = telemetryPort;
    }

    /** Starts without waiting. {@code yaml} is a pipeline file without its telemetry, which this adds. */
    static Service start(String kind, Path directory, int telemetryPort, String yaml, Map<String, String> environment) {
        return start(kind, directory, telemetryPort, yaml, environment, List.of());
    }

    /** @param prefix words before the command, such as those of {@link MemoryBox#prefix} */
    static Service start(
            String kind,
            Path directory,
            int telemetryPort,
            String yaml,
            Map<String, String> environment,
            List<String> prefix) {
        try {
            Path file = directory.resolve(kind + "-" + telemetryPort + ".yaml");
            Files.writeString(file, yaml.replace("service:\n", """
                    service:
                      telemetry:
                        metrics:
                          readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]
                    """.formatted(telemetryPort)));
            return new Service(kind, directory, file, telemetryPort, environment, prefix);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Service ready(String kind, Path directory, int telemetryPort, String yaml) {
        return start(kind, directory, telemetryPort, yaml, Map.of()).awaitReady();
    }

    Service awaitReady() {
        return await("being ready", () -> health("ready").contains("UP"));
    }

    /** Until it runs; it is not ready while a backend of its is away. */
    Service awaitRunning() {
        return await("running", () -> health("live").contains("UP"));
    }

    /** What its page of readiness says, whatever that is. */
    String whyNotReady() {
        try {
            return health("ready");
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private String health(String page) throws IOException, InterruptedException {
        return Scrape.get("http://127.0.0.1:" + telemetryPort + "/q/health/" + page);
    }

    private Service await(String what, Callable<Boolean> condition) {
        try {
            Await.until(
                    this + " " + what,
                    Duration.ofSeconds(30),
                    () -> {
                        if (!alive()) {
                            throw new AssertionError(this + " ended: " + stdout() + stderr());
                        }
                        return condition.call();
                    },
                    () -> stdout() + stderr() + whyNotReady());
        } catch (AssertionError e) {
            // Whoever started it has no name for it yet.
            close();
            throw e;
        }
        return this;
    }

    Scrape metrics() {
        try {
            return Scrape.of("http://127.0.0.1:" + telemetryPort + "/metrics");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(this + " does not show its metrics: " + stdout() + stderr(), e);
        }
    }

    String metricsUrl() {
        return "http://127.0.0.1:" + telemetryPort + "/metrics";
    }

    /** What it has cost; it must be running. */
    ProcessUsage usage() throws IOException {
        if (!alive()) {
            throw new AssertionError(this + " has ended: " + stdout() + stderr());
        }
        return ProcessUsage.of(pid());
    }

    /** It runs, logged nothing as a defect, and less than 10 lines a second. */
    void assertQuiet() {
        assertThat(alive()).as("%s is alive", this).isTrue();
        String log = stdout() + stderr();
        assertThat(log).as("%s", this).doesNotContain("Exception", "StackOverflow", "OutOfMemory");
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        assertThat(log.lines().count() / seconds)
                .as("lines of log a second, of %s", this)
                .isLessThan(10);
    }

    /** Items that its components hold, all in all. */
    double held() {
        return metrics().sum("weir_ledger_held_items");
    }
}
