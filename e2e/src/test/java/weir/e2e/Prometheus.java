package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import weir.load.Ports;

/** A real Prometheus that scrapes every second. */
final class Prometheus extends Program {
    private static final Duration A_WHILE = Duration.ofSeconds(40);

    private final int port;

    private Prometheus(Path directory, Path file, int port) {
        super(
                "prometheus",
                directory,
                List.of(
                        Peers.path("prometheus"),
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("tsdb-" + port),
                        "--web.listen-address=127.0.0.1:" + port),
                Map.of());
        this.port = port;
    }

    /** Starts one, and waits until it has scraped all targets: host and port of each. */
    static Prometheus start(Path directory, List<String> targets) {
        try {
            Path file = Files.writeString(
                    Files.createTempFile(directory, "prometheus", ".yml"), """
                    global: {scrape_interval: 1s}
                    scrape_configs:
                      - job_name: weir
                        static_configs: [{targets: [%s]}]
                    """.formatted(String.join(", ", targets)));
            Prometheus started = new Prometheus(directory, file, Ports.free());
            try {
                Await.asserted(
                        A_WHILE,
                        () -> assertThat(started.query("sum(up{job=\"weir\"})"))
                                .as(started.stderr())
                                .isEqualTo(targets.size()));
            } catch (AssertionError e) {
                started.close();
                throw e;
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of the first series that a query answers with; 0 if there is none. */
    double query(String query) throws IOException, InterruptedException {
        String url =
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        return new ObjectMapper()
                .readTree(Scrape.get(url))
                .at("/data/result/0/value/1")
                .asDouble();
    }
}
