package weir.transport.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Requests;
import weir.transport.compress.Encoding;

class HttpReceiverTest {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private @Nullable Fixture opened;

    private Fixture open(String section) throws Exception {
        Fixture fixture = new Fixture(section);
        opened = fixture;
        return fixture;
    }

    private Fixture open() throws Exception {
        return open(Fixture.BOTH);
    }

    private Fixture fixture() {
        return java.util.Objects.requireNonNull(opened);
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        fixture().close();
    }

    private HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers) throws Exception {
        return send("POST", path, type, body, headers);
    }

    private HttpResponse<byte[]> send(String method, String path, String type, byte[] body, String... headers)
            throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + fixture().receiver.httpAddress().getPort() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofByteArray(body))
                .header("content-type", type);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(Batch batch, String... headers) throws Exception {
        return post(batch.signal().httpPath(), PROTOBUF, batch.bytes(), headers);
    }

    private static byte[] encode(Encoding encoding, byte[] body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = encoding.encoding(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    static Stream<Arguments> signalsAndEncodings() {
        return Arrays.stream(Signal.values())
                .flatMap(signal -> Arrays.stream(Encoding.values())
                        .map(encoding ->
                                Arguments.argumentSet(signal.label() + " " + encoding.label(), signal, encoding)));
    }

    @ParameterizedTest
    @MethodSource("signalsAndEncodings")
    void post_protobuf_arrivesByteForByte(Signal signal, Encoding encoding) throws Exception {
        Batch batch = Requests.of(signal, "shop", 300);
        open();

        HttpResponse<byte[]> response = post(
                signal.httpPath(), PROTOBUF, encode(encoding, batch.bytes()), "content-encoding", encoding.label());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(PROTOBUF);
        assertThat(response.body()).isEmpty();
        assertThat(fixture().consumer(signal).await(1).getFirst().bytes()).isEqualTo(batch.bytes());
        assertThat(fixture()
                        .metric("otelcol_receiver_accepted_" + signal.items(), "receiver", "otlp", "transport", "http"))
                .isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource
    void post_empty_isSuccessAndNotPassedOn(Signal signal) throws Exception {
        open();
        assertThat(post(signal.httpPath(), PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
        assertThat(fixture().consumer(signal).batches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void post_partlyTaken_saysHowMany(Signal signal) throws Exception {
        open().consumer(signal).answer(new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "two were odd"));

        HttpResponse<byte[]> response = post(Requests.of(signal, "shop", 5));

        assertThat(response.statusCode()).isEqualTo(200);
        long rejected = switch (signal) {
            case TRACES ->
                ExportTraceServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedSpans();
            case METRICS ->
                ExportMetricsServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedDataPoints();
            case LOGS ->
                ExportLogsServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedLogRecords();
        };
        assertThat(rejected).isEqualTo(2);
    }

    @Test
    void post_retryLater_is503WithRoundedUpSeconds() throws Exception {
        open().consumer(Signal.TRACES)
                .answer(Delivery.retryLater(Duration.ofMillis(3100), Reason.MEMORY_LIMIT, "memory is short"));

        HttpResponse<byte[]> response = post(Requests.traces("shop", 4));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValueAsLong("retry-after").getAsLong())
                .isEqualTo(4);
        assertThat(Fixture.code(response.body())).isEqualTo(14);
        assertThat(Fixture.retryDelay(response.body())).isBetween(Duration.ofMillis(3100), Duration.ofMillis(3900));
    }

    @ParameterizedTest
    @EnumSource
    void post_rejected_hasNoDelay(Reason reason) throws Exception {
        open().consumer(Signal.LOGS).answer(Delivery.rejected(reason, "no"));

        HttpResponse<byte[]> response = post(Requests.logs("shop", 4));

        assertThat(response.statusCode())
                .isEqualTo(
                        switch (reason) {
                            case MALFORMED, UNSUPPORTED -> 400;
                            case TOO_LARGE -> 413;
                            default -> 500;
                        });
        assertThat(response.headers().firstValue("retry-after")).isEmpty();
        assertThat(Fixture.retryDelay(response.body())).isNull();
    }

    @Test
    void post_malformed_is400WithAStatus() throws Exception {
        open();
        HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, new byte[] {0x0a, 0x7f, 1});

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Fixture.code(response.body())).isEqualTo(3);
        assertThat(fixture().metric("weir_receiver_refused_requests", "reason", "malformed"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/traces, application/json, 405",
        "PUT, /v1/traces, application/x-protobuf, 405",
        "POST, /v1/traces, text/plain, 415",
        "POST, /v1/traces, application/x-protobuff, 415",
        "POST, /v1/profiles, application/x-protobuf, 404",
        "POST, /, application/x-protobuf, 404",
        "POST, /v1/traces, Application/X-Protobuf; charset=utf-8, 200",
    })
    void post_methodPathAndType_decide(String method, String path, String type, int status) throws Exception {
        open();
        HttpResponse<byte[]> response = send(method, path, type, new byte[0]);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTOBUF, JSON})
    void post_tooLarge_is413InItsEncoding(String type) throws Exception {
        open("protocols: {http: {endpoint: 127.0.0.1:0, max_request_body_size: 1000}}");

        HttpResponse<byte[]> response = post("/v1/traces", type, new byte[1001]);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        if (type.equals(JSON)) {
            assertThat(new String(response.body(), UTF_8)).startsWith("{\"code\":8,\"message\":\"");
        } else {
            assertThat(Fixture.code(response.body())).isEqualTo(8);
        }
        fixture().awaitMetric(1, "weir_receiver_refused_requests", "reason", "too_large", "transport", "http");
    }

    @Test
    void post_jsonRetryLater_saysSoInJson() throws Exception {
        open().consumer(Signal.LOGS)
                .answer(Delivery.retryLater(Duration.ofSeconds(1), Reason.QUEUE_FULL, "the \"queue\"\nis full"));
        byte[] request = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"x\"}}]}]}]}"
                .getBytes(UTF_8);

        HttpResponse<byte[]> response = post("/v1/logs", JSON, request);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new String(response.body(), UTF_8))
                .startsWith("{\"code\":14,\"message\":\"the \\\"queue\\\"\\u000ais full\",\"details\":[{\"@type\":"
                        + "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"1.");
    }

    @Test
    void post_json_partialSuccessNamesItsItems() throws Exception {
        open().consumer(Signal.LOGS).answer(new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "odd"));
        byte[] request = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityText\":\"INFO\"},{}]}]}]}"
                .getBytes(UTF_8);

        HttpResponse<byte[]> response = post("/v1/logs", JSON, request);

        assertThat(new String(response.body(), UTF_8))
                .isEqualTo("{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"odd\"}}");
        assertThat(fixture().consumer(Signal.LOGS).items()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void post_json_arrivesAsProtobuf(Signal signal) throws Exception {
        open();
        String items = switch (signal) {
            case TRACES -> "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s]}]}]}";
            case METRICS ->
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"gauge\":{\"dataPoints\":[%s]}}]}]}]}";
            case LOGS -> "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[%s]}]}]}";
        };
        String item = signal == Signal.TRACES ? "{\"name\":\"a\",\"kind\":2}" : "{\"timeUnixNano\":\"17\"}";
        // Long enough to be read by a virtual thread.
        String request = items.formatted(String.join(",", java.util.Collections.nCopies(5000, item)));

        HttpResponse<byte[]> response = post(signal.httpPath(), JSON, request.getBytes(UTF_8));

        assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"partialSuccess\":{}}");
        assertThat(response.headers().firstValue("content-type")).contains(JSON);
        Batch came = fixture().consumer(signal).await(1).getFirst();
        assertThat(Requests.count(came)).isEqualTo(5000);
    }

    @Test
    void post_notJson_is400InJson() throws Exception {
        open();
        HttpResponse<byte[]> response = post("/v1/traces", JSON, "{\"resourceSpans\":".getBytes(UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), UTF_8)).startsWith("{\"code\":3,\"message\":\"not OTLP/JSON: ");
    }

    @Test
    void post_ownPaths_replaceTheUsualOnes() throws Exception {
        open("protocols: {http: {endpoint: 127.0.0.1:0, traces_url_path: /in/spans}}");

        assertThat(post("/in/spans", PROTOBUF, Requests.traces("a", 1).bytes()).statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/traces", PROTOBUF, new byte[0]).statusCode()).isEqualTo(404);
    }

    @Test
    void post_encodingNotAllowed_is400() throws Exception {
        open("protocols: {http: {endpoint: 127.0.0.1:0, compression_algorithms: [\"\", zstd]}}");

        byte[] body = encode(Encoding.GZIP, new byte[10]);
        assertThat(post("/v1/traces", PROTOBUF, body, "content-encoding", "gzip")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void options_originAllowed_mayPost() throws Exception {
        open("protocols: {http: {endpoint: 127.0.0.1:0, cors: {allowed_origins: [\"https://*.example.com\"]}}}");

        HttpResponse<byte[]> preflight = send(
                "OPTIONS",
                "/v1/traces",
                "text/plain",
                new byte[0],
                "origin",
                "https://shop.example.com",
                "access-control-request-method",
                "POST");
        HttpResponse<byte[]> stranger = send(
                "OPTIONS",
                "/v1/traces",
                "text/plain",
                new byte[0],
                "origin",
                "https://example.org",
                "access-control-request-method",
                "POST");
        HttpResponse<byte[]> posted = post(Requests.traces("a", 1), "origin", "https://shop.example.com");

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .contains("https://shop.example.com");
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .contains("POST");
        assertThat(stranger.headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(posted.headers().firstValue("access-control-allow-origin")).contains("https://shop.example.com");
    }

    @Test
    void post_clientGoesAway_deliveryStillEndsOnce() throws Exception {
        open().consumer(Signal.TRACES).hold();
        byte[] request = Requests.traces("shop", 7).bytes();
        try (var raw = new weir.transport.testing.RawClient(fixture().receiver.httpAddress())) {
            raw.send("POST /v1/traces HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: "
                            + request.length + "\r\n\r\n")
                    .send(request);
            fixture().consumer(Signal.TRACES).await(1);
        }
        assertThat(fixture().context.held().bytes()).isPositive();

        fixture().consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);

        assertThat(fixture().metric("otelcol_receiver_accepted_spans")).isEqualTo(7);
        fixture().awaitNothingHeld();
    }
}
