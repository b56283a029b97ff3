package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import weir.load.Ports;
import weir.otlp.Signal;

/**
 * The real collector and Weir, one after the other, with the same file and the same random requests.
 *
 * @param directory for what they write
 * @param file which takes OTLP/HTTP on ${env:OTLP_PORT} and sends to backends on ${env:BACKEND_PORT}, without queues
 */
record BesideCollector(Path directory, Path file, long seed) {
    private static final Duration A_WHILE = Duration.ofMinutes(2);
    private static final Map<Signal, Integer> REQUESTS = Map.of(Signal.TRACES, 40, Signal.LOGS, 30, Signal.METRICS, 10);

    /**
     * What reaches each backend through a program, given random requests of all signals.
     *
     * @param name otelcol or weir
     */
    Map<String, List<String>> passedOn(String name) throws Exception {
        int[] ports = Ports.free(2);
        try (ItemBackends backends = new ItemBackends();
                Program program = start(name, directory, file, ports, backends.port(), Map.of());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (Signal signal : Signal.values()) {
                RandomItems random = new RandomItems(seed, signal);
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

    /**
     * Either of both, when it listens.
     *
     * @param name otelcol or weir
     * @param file takes OTLP on ${env:OTLP_PORT}, shows metrics on ${env:METRICS_PORT}, sends to ${env:BACKEND_PORT}
     * @param ports the first two of these
     * @param more what the file takes from outside besides
     */
    static Program start(
            String name, Path directory, Path file, int[] ports, int backendPort, Map<String, String> more) {
        List<String> command = name.equals("otelcol")
                ? List.of(Peers.path("otelcol"), "--config", file.toString())
                : List.of(
                        Program.ROOT.resolve("weir").toString(),
                        "gateway",
                        "--config",
                        file.toString(),
                        "--data",
                        directory.resolve("data").toString());
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(Map.of(
                "OTLP_PORT", "" + ports[0],
                "METRICS_PORT", "" + ports[1],
                "BACKEND_PORT", "" + backendPort,
                "WEIR_CONSOLE_PORT", "0"));
        Program program = new Program(name, directory, command, environment);
        awaitListening(program, ports[0]);
        return program;
    }

    /** Until somebody listens on a port of a program, which must not end. */
    static void awaitListening(Program program, int port) {
        Await.until(
                "listening on " + port,
                A_WHILE,
                () -> {
                    if (!program.alive()) {
                        throw new AssertionError(program.stdout() + program.stderr());
                    }
                    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return true;
                    }
                },
                () -> program.stdout() + program.stderr());
    }

    /**
     * Such a file.
     *
     * @param backends each of which is sent to by the exporter otlphttp of its name
     * @param components the sections of processors or connectors
     * @param pipelines with four blanks before each
     */
    static String file(Iterable<String> backends, String components, String pipelines) {
        StringBuilder file = new StringBuilder("""
                receivers:
                  otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:OTLP_PORT}"}}}
                exporters:
                """);
        backends.forEach(b -> file.append("""
                  otlphttp/%s:
                    endpoint: "http://127.0.0.1:${env:BACKEND_PORT}/%s"
                    compression: none
                    sending_queue: {enabled: false}
                """.formatted(b, b)));
        return file.append(components).append("""
                service:
                  telemetry:
                    metrics:
                      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: "${env:METRICS_PORT}"}}}}]
                  pipelines:
                """).append(pipelines).toString();
    }

    /** What some have more often than others. */
    static List<String> minus(List<String> some, List<String> others) {
        List<String> left = new ArrayList<>(some);
        Map<String, Long> counts = others.stream().collect(Collectors.groupingBy(s -> s, Collectors.counting()));
        left.removeIf(item -> counts.merge(item, -1L, Long::sum) >= 0);
        return left;
    }

    /** A few, to be looked at. */
    static List<String> some(List<String> items) {
        return items.stream().limit(2).toList();
    }
}
