package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.Secret;
import weir.flow.SystemTimer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.testing.TestContexts;
import weir.transport.compress.Encoding;
import weir.transport.tls.TlsClientConfig;

class HttpSenderTest {
    /** Answers one request. */
    private interface Handler {
        void handle(HttpExchange exchange, byte[] body) throws IOException;
    }

    /** Speaks on a bare connection. */
    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    private record Request(String path, Map<String, List<String>> headers, byte[] body) {}

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final SystemTimer timer = new SystemTimer();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable open : toClose.reversed()) {
            open.close();
        }
        timer.close();
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void consume_batch_arrivesAsItIs(Signal signal) throws Exception {
        int port = serve((exchange, _) -> answer(exchange, 200, ""));
        Batch batch = Deliveries.batch(signal);

        assertThat(Deliveries.of(sender(port, signal, Encoding.NONE, Duration.ofSeconds(5)), batch))
                .isEqualTo(Delivery.ACCEPTED);

        Request request = requests.remove();
        assertThat(request.path()).isEqualTo("/base" + signal.httpPath());
        assertThat(request.body()).isEqualTo(Deliveries.bytes(batch));
        assertThat(request.headers().get("Content-type")).containsExactly("application/x-protobuf");
        assertThat(request.headers().get("X-tenant")).containsExactly("blue");
        assertThat(request.headers().get("Host")).containsExactly("127.0.0.1:" + port);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"GZIP", "ZSTD", "DEFLATE"})
    void consume_withCompression_arrivesAsItWas(Encoding encoding) throws Exception {
        int port = serve((exchange, _) -> answer(exchange, 200, ""));
        Batch batch = Deliveries.batch(Signal.TRACES);

        Deliveries.of(sender(port, Signal.TRACES, encoding, Duration.ofSeconds(5)), batch);

        Request request = requests.remove();
        assertThat(request.headers().get("Content-encoding")).containsExactly(encoding.label());
        assertThat(encoding.decoding(new ByteArrayInputStream(request.body())).readAllBytes())
                .isEqualTo(Deliveries.bytes(batch));
    }

    @Test
    void consume_oneAfterTheOther_useOneConnection() throws Exception {
        int port = serve((exchange, _) -> answer(exchange, 200, ""));
        HttpSender sender = sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5));

        for (int i = 0; i < 20; i++) {
            assertThat(Deliveries.of(sender, Deliveries.batch(Signal.TRACES))).isEqualTo(Delivery.ACCEPTED);
        }

        assertThat(sender.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 400, 401, 404, 413, 429, 500, 501, 502, 503, 504})
    void consume_backendAnswersAStatus_retriesWhatMayPass(int status) throws Exception {
        int port = serve((exchange, _) -> answer(exchange, status, "because"));

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        switch (status) {
            case 200, 202 -> assertThat(delivery).isEqualTo(Delivery.ACCEPTED);
            case 429, 502, 503, 504 ->
                assertThat(delivery)
                        .isInstanceOfSatisfying(
                                Delivery.RetryLater.class,
                                r -> assertThat(r.message()).contains("status " + status + ": because"));
            default ->
                assertThat(delivery)
                        .isInstanceOfSatisfying(
                                Delivery.Rejected.class,
                                r -> assertThat(r.message()).contains("status " + status + ": because"));
        }
    }

    @Test
    void consume_retryAfter_isKeptTo() throws Exception {
        int port = serve((exchange, _) -> {
            exchange.getResponseHeaders().set("Retry-After", "17");
            answer(exchange, 503, "");
        });

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(Deliveries.after(delivery)).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void consume_partialSuccess_saysHowManyAreLost() throws Exception {
        byte[] partial = GrpcBackend.message(out -> out.writeInt64(1, 2));
        byte[] response = GrpcBackend.message(out -> out.writeByteArray(1, partial));
        int port = serve((exchange, _) -> {
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
        });

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.Partial.class,
                        p -> assertThat(p.rejectedItems()).isEqualTo(2));
    }

    @Test
    void consume_redirect_isNotFollowed() throws Exception {
        int port = serve((exchange, _) -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/");
            answer(exchange, 307, "");
        });

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.Rejected.class, r -> assertThat(r.message()).contains("not followed"));
        assertThat(requests).hasSize(1);
    }

    @Test
    void consume_endlessAnswer_isCutOff() throws Exception {
        CompletableFuture<String> gone = new CompletableFuture<>();
        int port = talk(socket -> {
            byte[] part = new byte[65536];
            try {
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    socket.getOutputStream().write(part);
                }
            } catch (IOException _) {
                gone.complete("closed");
            }
        });

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery).isEqualTo(Delivery.ACCEPTED);
        assertThat(gone.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "220 mail.example.org ESMTP\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "\0\1\2\3",
                ""
            })
    void consume_answerIsNotHttpOrCutOff_comesBackLater(String said) throws Exception {
        int port = talk(socket -> socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1)));

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.message()).contains("127.0.0.1:" + port));
    }

    @Test
    void consume_hugeHeaders_comesBackLater() throws Exception {
        String said = "HTTP/1.1 200 OK\r\nx: " + "y".repeat(100_000) + "\r\n\r\n";
        int port = talk(socket -> socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII)));

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery).isInstanceOf(Delivery.RetryLater.class);
    }

    @Test
    void consume_keptConnectionWasClosedByTheBackend_isSentAgainAtOnce() throws Exception {
        int port = talk(socket -> socket.getOutputStream()
                .write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        HttpSender sender = sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5));

        for (int i = 0; i < 20; i++) {
            assertThat(Deliveries.of(sender, Deliveries.batch(Signal.TRACES))).isEqualTo(Delivery.ACCEPTED);
        }
    }

    @Test
    void consume_noAnswerInTime_comesBackLaterAndClosesTheConnection() throws Exception {
        CompletableFuture<Integer> gone = new CompletableFuture<>();
        int port = talk(socket -> gone.complete(socket.getInputStream().read()));

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofMillis(200)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.message()).contains("no answer within 200 ms"));
        assertThat(gone.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void consume_nobodyListens_comesBackLater() throws Exception {
        int port = talk(_ -> {});
        toClose.getLast().close();

        Delivery delivery = Deliveries.of(
                sender(port, Signal.TRACES, Encoding.NONE, Duration.ofSeconds(5)), Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.message()).contains("127.0.0.1:" + port));
    }

    private HttpSender sender(int port, Signal signal, Encoding encoding, Duration timeout) throws IOException {
        HttpSettings settings = new HttpSettings(
                HttpTarget.of("http://127.0.0.1:" + port + "/base/", "", signal),
                encoding,
                TlsClientConfig.DEFAULT,
                Map.of("x-tenant", new Secret("blue")),
                timeout,
                Duration.ofSeconds(90));
        HttpSender sender = new HttpSender(TestContexts.of("exporter", "otlp_http", signal, timer), settings);
        sender.start();
        toClose.add(sender);
        return sender;
    }

    private int serve(Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                requests.add(new Request(
                        exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()), body));
                handler.handle(exchange, body);
            }
        });
        server.start();
        toClose.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A server that reads one request's bytes, says something, and closes the connection. */
    private int talk(Talk talk) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        toClose.add(server);
        Thread.startVirtualThread(() -> {
            while (true) {
                try {
                    Socket socket = server.accept();
                    Thread.startVirtualThread(() -> {
                        try (socket) {
                            readRequest(socket);
                            talk.with(socket);
                        } catch (IOException _) {
                            // The client went away, as some tests expect.
                        }
                    });
                } catch (IOException _) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    private static void readRequest(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        socket.getInputStream().readNBytes(4000);
    }
}
