package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.CompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.ProcessUsage;
import weir.load.Raw;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;
import weir.otlp.Signal;

/** Experiment 12: what is small when compressed and huge when not, in requests over HTTP and gRPC and in backends' answers. */
@Tag("faults")
class BombTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final int AT_ONCE = 50;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final double MOST_CPU_MILLIS = 60;

    /** The agent's heap and direct memory, which its JVM is told, and what a JVM needs besides. */
    private static final long MOST_RSS_MIB = 160 + 64 + 100;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private record Bomb(String encoding, byte[] bytes) {}

    private static Map<String, Bomb> bombs() throws IOException {
        Map<String, Bomb> bombs = new LinkedHashMap<>();
        byte[] gzip = zeros("gzip", GIB);
        byte[] zstd = zeros("zstd", GIB);
        bombs.put("gzip of 64 MiB", new Bomb("gzip", zeros("gzip", 64 * MIB)));
        bombs.put("gzip of 1 GiB", new Bomb("gzip", gzip));
        bombs.put("gzip of 10 GiB", new Bomb("gzip", tenTimes(gzip)));
        bombs.put("deflate of 1 GiB", new Bomb("deflate", zeros("deflate", GIB)));
        bombs.put("zlib of 64 MiB", new Bomb("zlib", zeros("deflate", 64 * MIB)));
        bombs.put("zstd of 64 MiB", new Bomb("zstd", zeros("zstd", 64 * MIB)));
        bombs.put("zstd of 10 GiB", new Bomb("zstd", tenTimes(zstd)));
        return bombs;
    }

    @Test
    void experiment12_bombsOverHttp_areStoppedAtTheLimit() throws Exception {
        Map<String, Bomb> bombs = bombs();
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc()), 1, 2_000, 1)) {
            Await.pause(3_000);
            for (Map.Entry<String, Bomb> bomb : bombs.entrySet()) {
                // What is too large when it has come whole is 413; what there is no room for now may come again.
                explode(
                        weir,
                        bomb.getKey() + " over HTTP",
                        () -> post(
                                weir, bomb.getValue().bytes(), bomb.getValue().encoding()),
                        413,
                        503);
            }
            byte[] nested = compressed("gzip", zeros("gzip", GIB));
            assertThat(post(weir, nested, "gzip")).as("gzip in gzip").isIn(400, 413);
            assertThat(post(weir, zeros("gzip", 10 * MIB), "gzip"))
                    .as("10 MiB, which is within the limit, of zeros")
                    .isEqualTo(400);
            byte[] lyingSnappy = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0};
            assertThat(post(weir, lyingSnappy, "snappy"))
                    .as("snappy, which is not taken")
                    .isEqualTo(400);
            finish(weir, sender);
        }
    }

    @Test
    void experiment12_bombsOverGrpc_areStoppedAtTheLimit() throws Exception {
        Map<String, Bomb> bombs = bombs();
        bombs.keySet().removeIf(name -> name.startsWith("zlib"));
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.http()), 1, 2_000, 1)) {
            Await.pause(3_000);
            for (Map.Entry<String, Bomb> bomb : bombs.entrySet()) {
                String encoding = bomb.getValue().encoding();
                try (GrpcPost grpc = GrpcPost.compressed(
                        weir.grpc(), encoding, bomb.getValue().bytes())) {
                    Status.Code alone = grpc.sendCompressed(encoding);
                    assertThat(alone).as("%s", grpc.last()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    explode(
                            weir,
                            bomb.getKey() + " over gRPC",
                            () -> grpc.sendCompressed(encoding).value(),
                            Status.Code.RESOURCE_EXHAUSTED.value(),
                            Status.Code.UNAVAILABLE.value());
                }
            }
            finish(weir, sender);
        }
    }

    private interface Shot {
        int answer() throws Exception;
    }

    /** Sends a bomb many times at once; {@code refused} must be among the answers, and nothing but these may be. */
    private static void explode(Topology weir, String what, Shot shot, int refused, int later) throws Exception {
        Service agent = weir.agent();
        ProcessUsage before = agent.usage();
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                running.add(pool.submit(shot::answer));
            }
            for (Future<Integer> each : running) {
                answers.add(each.get());
            }
        }
        ProcessUsage after = agent.usage();
        double cpuMillis = 1000 * (after.cpuSeconds() - before.cpuSeconds()) / AT_ONCE;
        Experiment.saw(
                "12",
                "%s, %d at once: %d refused for good, %d for now; %.0f ms of CPU each (at most %.0f), at most %d MiB"
                        + " resident (at most %d)",
                what,
                AT_ONCE,
                answers.stream().filter(a -> a == refused).count(),
                answers.stream().filter(a -> a == later).count(),
                cpuMillis,
                MOST_CPU_MILLIS,
                after.peakRssBytes() >> 20,
                MOST_RSS_MIB);
        assertThat(answers).as("%s: %s", what, answers).contains(refused).isSubsetOf(refused, later);
        assertThat(cpuMillis).as("ms of CPU of %s", what).isLessThanOrEqualTo(MOST_CPU_MILLIS);
        assertThat(after.peakRssBytes() >> 20).as("MiB with %s", what).isLessThan(MOST_RSS_MIB);
    }

    private static void finish(Topology weir, Sender sender) throws InterruptedException {
        sender.stop();
        assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
        weir.settle();
        weir.assertQuiet();
    }

    @Test
    void experiment12_answersOfBackends_areNotReadBeyondTheirLimit() throws Exception {
        int[] ports = Ports.free(2);
        byte[] bomb = zeros("gzip", GIB);
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(threads);
        http.createContext("/gzip", exchange -> answer(exchange, bomb));
        http.createContext("/endless", BombTest::endless);
        http.start();
        Server grpc = bombingServer(bomb);
        String yaml = """
                receivers:
                  otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                exporters:
                  otlp/bomb: {endpoint: 127.0.0.1:%d, compression: none, tls: {insecure: true}, retry_on_failure: {enabled: false}}
                  otlphttp/bomb: {endpoint: "http://127.0.0.1:%d/gzip", compression: none, retry_on_failure: {enabled: false}}
                  otlphttp/endless: {endpoint: "http://127.0.0.1:%4$d/endless", compression: none, retry_on_failure: {enabled: false}}
                service:
                  pipelines:
                    traces: {receivers: [otlp], exporters: [otlp/bomb, otlphttp/bomb, otlphttp/endless]}
                """.formatted(
                        ports[0],
                        grpc.getPort(),
                        http.getAddress().getPort(),
                        http.getAddress().getPort());
        try (Service agent = Service.ready("agent", directory, ports[1], yaml);
                GrpcPost client = GrpcPost.to("127.0.0.1:" + ports[0])) {
            ProcessUsage before = agent.usage();
            for (int i = 0; i < AT_ONCE; i++) {
                assertThat(client.send(SHAPE.sample())).isEqualTo(Status.Code.OK);
            }
            Await.until("nothing held", Duration.ofSeconds(60), () -> agent.held() == 0);
            ProcessUsage after = agent.usage();
            double cpuMillis = 1000 * (after.cpuSeconds() - before.cpuSeconds()) / (3 * AT_ONCE);
            Experiment.saw(
                    "12",
                    "answers of backends that inflate to 1 GiB or never end, %d of each of 3 kinds: %.0f ms of CPU each"
                            + " (at most %.0f), %d MiB resident (at most %d)",
                    AT_ONCE,
                    cpuMillis,
                    MOST_CPU_MILLIS,
                    after.peakRssBytes() >> 20,
                    MOST_RSS_MIB);
            assertThat(cpuMillis).isLessThan(MOST_CPU_MILLIS);
            assertThat(after.peakRssBytes() >> 20).isLessThan(MOST_RSS_MIB);
            assertThat(agent.metrics().imbalance()).isEmpty();
            agent.assertQuiet();
        } finally {
            http.stop(0);
            threads.shutdownNow();
            grpc.shutdownNow();
        }
    }

    private static void answer(HttpExchange exchange, byte[] bomb) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, bomb.length);
            exchange.getResponseBody().write(bomb);
        }
    }

    private static void endless(HttpExchange exchange) {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(500, 0);
            byte[] words = "for ever and ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
            OutputStream out = exchange.getResponseBody();
            for (long sent = 0; sent < GIB; sent += words.length) {
                out.write(words);
            }
        } catch (IOException _) {
            // hung up on, as it should be
        }
    }

    private static Server bombingServer(byte[] bomb) throws IOException {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new GrpcPost.Forged("gzip", bomb));
        var method = Raw.method(Signal.TRACES);
        String service = Signal.TRACES
                .grpcMethod()
                .substring(0, Signal.TRACES.grpcMethod().indexOf('/'));
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .compressorRegistry(registry)
                .addService(ServerServiceDefinition.builder(ServiceDescriptor.newBuilder(service)
                                .addMethod(method)
                                .build())
                        .addMethod(method, ServerCalls.asyncUnaryCall((_, reply) -> {
                            ((ServerCallStreamObserver<byte[]>) reply).setCompression("gzip");
                            reply.onNext(new byte[1]);
                            reply.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    private int post(Topology weir, byte[] body, String encoding) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(weir.http() + "/v1/traces"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static byte[] zeros(String encoding, long size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        try (OutputStream compressed = compressing(encoding, out)) {
            for (long written = 0; written < size; written += zeros.length) {
                compressed.write(zeros);
            }
        }
        return out.toByteArray();
    }

    private static byte[] compressed(String encoding, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed = compressing(encoding, out)) {
            compressed.write(bytes);
        }
        return out.toByteArray();
    }

    private static OutputStream compressing(String encoding, OutputStream out) throws IOException {
        return switch (encoding) {
            case "gzip" -> new GZIPOutputStream(out);
            case "zstd" -> new ZstdOutputStream(out);
            default -> new DeflaterOutputStream(out);
        };
    }

    /** gzip's members and zstd's frames may follow each other in one stream. */
    private static byte[] tenTimes(byte[] compressed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            out.writeBytes(compressed);
        }
        return out.toByteArray();
    }
}
