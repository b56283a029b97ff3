package weir.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One of Weir's services, run as a user would: {@code ./weir gateway --config FILE}. */
final class Service extends Program {
    private final int telemetryPort;

    private Service(String kind, Path directory, Path file, int telemetryPort, Map<String, String> environment) {
        super(
                kind,
                directory,
                List.of(
                        ROOT.resolve("weir").toString(),
                        kind,
                        "--config",
                        file.toString(),
                        "--data",
                        directory.resolve("data-" + telemetryPort).toString()),
                environment);
        this.telemetryPort = telemetryPort;
    }

    /** Starts without waiting. {@code yaml} is a pipeline file without its telemetry, which this adds. */
    static Service start(String kind, Path directory, int telemetryPort, String yaml, Map<String, String> environment) {
        try {
            Path file = directory.resolve(kind + "-" + telemetryPort + ".yaml");
            Files.writeString(file, yaml.replace("service:\n", """
                    service:
                      telemetry:
                        metrics:
                          readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]
                    """.formatted(telemetryPort)));
            return new Service(kind, directory, file, telemetryPort, environment);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Service ready(String kind, Path directory, int telemetryPort, String yaml) {
        return start(kind, directory, telemetryPort, yaml, Map.of()).awaitReady();
    }

    Service awaitReady() {
        Await.until(
                this + " being ready",
                Duration.ofSeconds(30),
                () -> {
                    if (!alive()) {
                        throw new AssertionError(this + " ended: " + stdout() + stderr());
                    }
                    return Scrape.get("http://127.0.0.1:" + telemetryPort + "/q/health/ready")
                            .contains("UP");
                },
                () -> stdout() + stderr());
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

    /** Items that its components hold, all in all. */
    double held() {
        return metrics().sum("weir_ledger_held_items");
    }
}
