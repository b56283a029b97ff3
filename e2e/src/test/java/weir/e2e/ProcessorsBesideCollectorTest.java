package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.otlp.Signal;

/**
 * The real collector and Weir with the same file of many processors that look at each item by itself, given the same random
 * spans, log records and data points: the same must come out, field by field. {@code -Dprocessors.seed=N} sends others.
 */
@Tag("peers")
class ProcessorsBesideCollectorTest {
    private static final long SEED = Long.getLong("processors.seed", 20261121);
    private static final Duration A_WHILE = Duration.ofMinutes(2);
    private static final Map<String, Signal> SIGNALS =
            Map.of("t", Signal.TRACES, "l", Signal.LOGS, "m", Signal.METRICS);
    private static final Map<Signal, Integer> REQUESTS = Map.of(Signal.TRACES, 40, Signal.LOGS, 30, Signal.METRICS, 10);

    /** What the collector keeps by its own wish only loses a trace state that cannot be read. Weir leaves it as it is. */
    private static final Set<String> LOSE_BROKEN_STATES = Set.of("t_none", "t_hash_few");

    /** A processor that makes a pipeline of its own. */
    private record Shape(String type, Signal signal, String name) {
        String id() {
            return type + "/" + name;
        }

        String path() {
            return type + "-" + name;
        }
    }

    @TempDir
    Path directory;

    @Test
    void bothPassOnTheSame() throws Exception {
        String processors = processors();
        List<Shape> shapes = shapes(processors);
        assertThat(shapes).hasSizeGreaterThan(40);
        Path file = Files.writeString(directory.resolve("both.yaml"), file(processors, shapes));

        Map<String, List<String>> collector = passedOn("otelcol", file);
        Map<String, List<String>> weir = passedOn("weir", file);

        List<String> different = new ArrayList<>();
        for (Shape shape : shapes) {
            List<String> expected = items(shape, collector);
            List<String> actual = items(shape, weir);
            List<String> missing = minus(expected, actual);
            List<String> more = minus(actual, expected);
            System.out.printf(
                    "%s: %d items, %d and %d different%n", shape.id(), expected.size(), missing.size(), more.size());
            if (!missing.isEmpty() || !more.isEmpty()) {
                different.add(shape.id() + "\nonly the collector: " + some(missing) + "\nonly Weir: " + some(more));
            }
        }
        assertThat(different).as("seed " + SEED).isEmpty();
    }

    private static List<String> items(Shape shape, Map<String, List<String>> passedOn) {
        List<String> items = passedOn.getOrDefault(shape.path(), List.of());
        return LOSE_BROKEN_STATES.contains(shape.name())
                ? items.stream()
                        .map(item -> item.replaceAll("trace_state: \"[^\"]*\"", ""))
                        .toList()
                : items;
    }

    private static List<String> minus(List<String> some, List<String> others) {
        List<String> left = new ArrayList<>(some);
        Map<String, Long> counts = others.stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
        left.removeIf(item -> counts.merge(item, -1L, Long::sum) >= 0);
        return left;
    }

    private static List<String> some(List<String> items) {
        return items.stream().limit(2).toList();
    }

    private Map<String, List<String>> passedOn(String name, Path file) throws Exception {
        int[] ports = Ports.free(2);
        try (ItemBackends backends = new ItemBackends();
                Program program = start(name, file, ports, backends.port());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (Signal signal : Signal.values()) {
                RandomItems random = new RandomItems(SEED, signal);
                for (int i = 0; i < requireNonNull(REQUESTS.get(signal)); i++) {
                    post(client, ports[0], signal, random.request(), program);
                }
            }
            return backends.items();
        }
    }

    /** An answer means that all backends have what is theirs: there are no queues. */
    private static void post(HttpClient client, int port, Signal signal, Message request, Program program)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + signal.httpPath()))
                        .header("Content-Type", "application/x-protobuf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as(() -> answer.body() + "\n" + program.stdout() + program.stderr())
                .isEqualTo(200);
    }

    private static String processors() throws IOException {
        try (InputStream in = ProcessorsBesideCollectorTest.class.getResourceAsStream("processor-shapes.yaml")) {
            return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Shape> shapes(String processors) {
        return Pattern.compile("^  (\\w+)/(([tlm])_\\w+):", Pattern.MULTILINE)
                .matcher(processors)
                .results()
                .map(r -> new Shape(r.group(1), requireNonNull(SIGNALS.get(r.group(3))), r.group(2)))
                .toList();
    }

    private static String file(String processors, List<Shape> shapes) {
        StringBuilder file = new StringBuilder("""
            receivers:
              otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:OTLP_PORT}"}}}
            exporters:
            """);
        shapes.forEach(s -> file.append("""
              otlphttp/%s:
                endpoint: "http://127.0.0.1:${env:BACKEND_PORT}/%s"
                compression: none
                sending_queue: {enabled: false}
            """.formatted(s.path(), s.path())));
        file.append(processors).append("""
            service:
              telemetry:
                metrics:
                  readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: "${env:METRICS_PORT}"}}}}]
              pipelines:
            """);
        shapes.forEach(s -> file.append("""
                %s/%s: {receivers: [otlp], processors: [%s], exporters: [otlphttp/%s]}
            """.formatted(s.signal().label(), s.path(), s.id(), s.path())));
        return file.toString();
    }

    private Program start(String name, Path file, int[] ports, int backendPort) {
        List<String> command = name.equals("otelcol")
                ? List.of(Peers.path("otelcol"), "--config", file.toString())
                : List.of(
                        Program.ROOT.resolve("weir").toString(),
                        "gateway",
                        "--config",
                        file.toString(),
                        "--data",
                        directory.resolve("data").toString());
        Map<String, String> environment = Map.of(
                "OTLP_PORT", "" + ports[0],
                "METRICS_PORT", "" + ports[1],
                "BACKEND_PORT", "" + backendPort,
                "WEIR_CONSOLE_PORT", "0");
        Program program = new Program(name, directory, command, environment);
        Await.until(
                name + " listening",
                A_WHILE,
                () -> {
                    if (!program.alive()) {
                        throw new AssertionError(program.stdout() + program.stderr());
                    }
                    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), ports[0])) {
                        return true;
                    }
                },
                () -> program.stdout() + program.stderr());
        return program;
    }
}
