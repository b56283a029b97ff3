package weir.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.pipeline.ComponentContext;
import weir.testing.TestContexts;
import weir.transport.compress.Encoding;
import weir.transport.net.ListenException;
import weir.transport.testing.RawClient;

class HttpListenerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ComponentContext context = TestContexts.of("exporter", "web", null);
    private final BlockingQueue<HttpResponder> held = new LinkedBlockingQueue<>();
    private @Nullable HttpListener listener;

    @AfterEach
    void close() {
        if (listener != null) {
            listener.close();
        }
        // A connection that a client broke off gives its bytes back on its event loop, a little later.
        long end = System.nanoTime() + LONG.toNanos();
        while (context.held().bytes() != 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(context.held().bytes()).isZero();
    }

    /** Answers with what it got; /held waits for the test, /no is refused before its body, /stream is streamed. */
    private final class Echo implements HttpHandler {
        @Override
        public @Nullable HttpReply refuse(HttpHead head) {
            return head.path().equals("/no") ? HttpReply.text(404, "no such thing") : null;
        }

        @Override
        public void handle(HttpRequest request, HttpResponder responder) {
            switch (request.head().path()) {
                case "/held" -> held.add(responder);
                case "/stream" -> Thread.ofVirtual().start(() -> stream(responder));
                case "/fail" -> throw new IllegalStateException("meant to fail");
                default ->
                    responder.send(HttpReply.text(
                            200, request.head().method() + " " + request.body().length + " " + text(request.body())));
            }
        }

        private static void stream(HttpResponder responder) {
            try (OutputStream out = responder.stream(HttpReply.empty(200, Map.of("content-type", "text/plain")))) {
                for (int i = 0; i < 100_000; i++) {
                    out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                responder.abort();
            }
        }

        private static String text(byte[] body) {
            return new String(body, 0, Math.min(body.length, 20), StandardCharsets.US_ASCII);
        }
    }

    private RawClient client(Duration header, Duration body, Duration idle, int connections, long inFlight)
            throws IOException {
        HttpServerConfig config = new HttpServerConfig(
                "http",
                "receivers.otlp.protocols.http.endpoint",
                "127.0.0.1:0",
                null,
                100_000,
                EnumSet.allOf(Encoding.class),
                LONG,
                header,
                body,
                LONG,
                idle,
                true,
                connections,
                4096,
                inFlight);
        HttpListener made = new HttpListener(config, context, new Echo());
        listener = made;
        made.start();
        return new RawClient(made.address());
    }

    private RawClient client() throws IOException {
        return client(LONG, LONG, LONG, 100, 1 << 20);
    }

    private HttpListener listener() {
        return java.util.Objects.requireNonNull(listener);
    }

    private static String post(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void get_twiceOnOneConnection_answersBoth() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readUntil("GET 0 ")).startsWith("HTTP/1.1 200 OK\r\n");
            client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).contains("connection: close").endsWith("GET 0 ");
        }
    }

    @Test
    void post_pipelined_answersInTheirOrder() throws Exception {
        try (RawClient client = client()) {
            client.send(post("/held", 1) + "1" + post("/b", 1) + "2" + "GET /c HTTP/1.1\r\nConnection: close\r\n\r\n");
            HttpResponder first = take();
            assertThat(listener().inFlight()).isEqualTo(1);
            first.send(HttpReply.text(200, "first"));
            assertThat(client.readToEnd()).matches("(?s).*first.*POST 1 2.*GET 0 ");
        }
    }

    @Test
    void post_pipelinedByTheHundred_isClosed() throws Exception {
        try (RawClient client = client()) {
            client.send(post("/held", 1) + "1" + "GET /c HTTP/1.1\r\n\r\n".repeat(500));
            assertThat(client.readToEnd()).doesNotContain("GET 0 ");
            take().send(HttpReply.text(200, "too late"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void post_compressed_isDecompressed(Encoding encoding) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream out = encoding.encoding(body)) {
            out.write(new byte[50_000]);
            out.write("tail".getBytes(StandardCharsets.US_ASCII));
        }
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nConnection: close\r\nContent-Encoding: " + encoding.label()
                    + "\r\nContent-Length: " + body.size() + "\r\n\r\n");
            client.send(body.toByteArray());
            assertThat(client.readToEnd()).contains("POST 50004 ");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void post_bomb_isTooLarge(Encoding encoding) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (OutputStream out = encoding.encoding(body)) {
            for (int i = 0; i < 200; i++) {
                out.write(new byte[100_000]);
            }
        }
        assertThat(body.size()).isLessThan(100_000);
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nConnection: close\r\nContent-Encoding: " + encoding.label()
                    + "\r\nContent-Length: " + body.size() + "\r\n\r\n");
            client.send(body.toByteArray());
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void post_tooLargeByItsLength_isRefusedUnread() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/", 100_001));
            assertThat(client.readUntil("bytes")).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void post_tooLargeInChunks_isRefused() throws IOException {
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("186a1\r\n" + "x".repeat(100_001) + "\r\n0\r\n\r\n");
            assertThat(client.readUntil("bytes")).startsWith("HTTP/1.1 413 ");
            client.send(post("/next", 1) + "1");
            assertThat(client.readUntil("POST 1 1")).contains("200 OK");
        }
    }

    @Test
    void post_refusedByItsHead_keepsTheConnection() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/no", 5) + "12345" + post("/yes", 1) + "1");
            assertThat(client.readUntil("POST 1 1")).startsWith("HTTP/1.1 404 Not Found\r\n");
        }
    }

    /** What is refused is answered too, and a client that reads no answer must not have ever more of them kept for it. */
    @Test
    void posts_refusedAndAnswersNotRead_areEnded() throws IOException {
        byte[] many = (post("/no", 5) + "12345").repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = client()) {
            assertThatThrownBy(() -> {
                        for (long sent = 0; sent < 100_000_000; sent += many.length) {
                            client.send(many);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void post_expectContinue_isTold() throws IOException {
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            client.readUntil("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("ok");
            assertThat(client.readUntil("POST 2 ok")).startsWith("HTTP/1.1 200 OK");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void post_notInItsEncoding_isBad(Encoding encoding) throws IOException {
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nConnection: close\r\nContent-Encoding: " + encoding.label()
                    + "\r\nContent-Length: 9\r\n\r\nnot it at");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void post_unknownEncoding_isBad() throws IOException {
        try (RawClient client = client()) {
            client.send("POST / HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readUntil("\"br\"")).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void post_beyondTheBudget_isToldToComeBack() throws Exception {
        try (RawClient first = client(LONG, LONG, LONG, 100, 60_000);
                RawClient second = new RawClient(listener().address())) {
            first.send(post("/held", 50_000) + "x".repeat(50_000));
            HttpResponder waiting = take();
            assertThat(context.held().bytes()).isEqualTo(50_000);
            second.send(post("/", 50_000) + "x".repeat(50_000));
            assertThat(second.readUntil("try again"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("retry-after: 1\r\n");
            waiting.send(HttpReply.text(200, "done"));
            first.readUntil("done");
            second.send(post("/", 50_000) + "x".repeat(50_000));
            second.readUntil("POST 50000");
        }
        assertThat(context.metrics().value("weir_listener_over_budget_requests"))
                .isEqualTo(1);
    }

    @Test
    void connect_beyondTheLimit_isClosedAtOnce() throws IOException {
        try (RawClient first = client(LONG, LONG, LONG, 1, 1 << 20)) {
            first.send(post("/", 0));
            first.readUntil("POST 0");
            try (RawClient second = new RawClient(listener().address())) {
                assertThat(second.readToEnd()).isIn("", "[reset]");
            }
        }
        assertThat(context.metrics().value("weir_listener_refused_connections")).isEqualTo(1);
    }

    @Test
    void head_dripping_isClosedInTime() throws IOException {
        try (RawClient client = client(SHORT, LONG, LONG, 100, 1 << 20)) {
            client.send("POST / HTTP/1.1\r\nX-");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(context.metrics().value("weir_listener_timeouts")).isEqualTo(1);
    }

    @Test
    void body_dripping_isClosedInTime() throws IOException {
        try (RawClient client = client(LONG, SHORT, LONG, 100, 1 << 20)) {
            client.send(post("/", 10) + "12");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void secondHead_dripping_isClosedThoughIdleMayBeLong() throws IOException {
        try (RawClient client = client(SHORT, LONG, LONG, 100, 1 << 20)) {
            client.send(post("/", 0));
            client.readUntil("POST 0 ");
            client.send("PO");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void idle_tooLong_isClosedAndNotCountedAsSlow() throws IOException {
        try (RawClient client = client(LONG, LONG, SHORT, 100, 1 << 20)) {
            client.send(post("/", 0));
            client.readUntil("POST 0 ");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(context.metrics().value("weir_listener_timeouts")).isZero();
    }

    @Test
    void head_tooLong_is431() throws IOException {
        try (RawClient client = client()) {
            client.send("GET / HTTP/1.1\r\nX: " + "x".repeat(5000) + "\r\n\r\n");
            assertThat(client.readUntil("not a request")).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void get_pathTooLong_is414() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n");
            assertThat(client.readUntil("not a request")).startsWith("HTTP/1.1 414 ");
        }
    }

    @Test
    void get_garbage_is400() throws IOException {
        try (RawClient client = client()) {
            client.send("\u0016\u0003\u0001\u0000\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void handler_fails_is500AndTheConnectionGoesOn() throws IOException {
        try (RawClient client = client()) {
            client.send(post("/fail", 0));
            assertThat(client.readUntil("internal error")).startsWith("HTTP/1.1 500 ");
            client.send(post("/", 0));
            client.readUntil("POST 0 ");
        }
    }

    @Test
    void send_clientGone_isDroppedAndNothingIsHeld() throws Exception {
        HttpResponder late;
        try (RawClient client = client()) {
            client.send(post("/held", 3) + "abc");
            late = take();
        }
        late.send(HttpReply.text(200, "too late"));
        assertThat(listener().inFlight()).isZero();
    }

    @Test
    void stream_slowReader_getsAllOfIt() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /stream HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd())
                    .contains("transfer-encoding: chunked", "\n99999\n\r\n0\r\n\r\n")
                    .endsWith("GET 0 ");
        }
    }

    @Test
    void head_method_getsNoBody() throws IOException {
        try (RawClient client = client()) {
            client.send("HEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).contains("content-length: 7").endsWith("\r\n\r\n");
        }
    }

    @Test
    void drain_answersWithClose() throws IOException {
        try (RawClient client = client()) {
            listener().drain();
            client.send(post("/", 0));
            assertThat(client.readToEnd()).contains("connection: close").endsWith("POST 0 ");
        }
    }

    @Test
    void start_portTaken_saysSo() throws IOException {
        try (RawClient _ = client()) {
            HttpServerConfig same = HttpServerConfig.forReading(
                    "http",
                    "exporters.prometheus.endpoint",
                    "127.0.0.1:" + listener().address().getPort(),
                    null,
                    HttpConnectionConfig.DEFAULT);
            try (HttpListener second = new HttpListener(same, context, new Echo())) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(ListenException.class)
                        .hasMessageStartingWith("exporters.prometheus.endpoint: cannot listen on 127.0.0.1:")
                        .hasMessageContaining("the port is in use");
            }
        }
    }

    private HttpResponder take() throws InterruptedException {
        HttpResponder responder = held.poll(10, TimeUnit.SECONDS);
        return java.util.Objects.requireNonNull(responder);
    }
}
