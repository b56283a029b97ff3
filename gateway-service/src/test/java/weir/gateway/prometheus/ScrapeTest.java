package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The endpoint as a client sees it. */
final class ScrapeTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Configs configs = new Configs();
    private final Fixture fixture = new Fixture(limited());

    private Configs limited() {
        configs.limits = new PrometheusLimits(1_000_000, 1024, 128, 4096, 512, 1000, 64, 1);
        return configs;
    }

    @BeforeEach
    void listen() throws Exception {
        fixture.exporter.listen();
        fixture.send(Otlp.gauge("a", "", 1), Otlp.gauge("b", "", 2));
    }

    @AfterEach
    void close() {
        client.close();
        fixture.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + fixture.exporter.address().getPort() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void get_plainText() throws Exception {
        HttpResponse<byte[]> response = send(request("/metrics"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type"))
                .contains("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        assertThat(text(response)).isEqualTo(fixture.scrape());
    }

    @Test
    void get_gzip_whenAccepted() throws Exception {
        HttpResponse<byte[]> response = send(request("/metrics").header("Accept-Encoding", "gzip"));
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(fixture.scrape());
        }
    }

    @Test
    void get_openMetrics_whenPreferred() throws Exception {
        HttpResponse<byte[]> response =
                send(request("/metrics").header("Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1"));
        assertThat(response.headers().firstValue("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
        assertThat(text(response)).endsWith("b 2.0\n# EOF\n");
    }

    @Test
    void get_names_filtersFamilies() throws Exception {
        assertThat(text(send(request("/metrics?name%5B%5D=b&x=y&name[]=c".replace("[]", "%5B%5D")))))
                .isEqualTo("# HELP b \n# TYPE b gauge\nb 2\n");
    }

    @Test
    void others_areRefused() throws Exception {
        assertThat(send(request("/")).statusCode()).isEqualTo(404);
        assertThat(send(request("/metrics/x")).statusCode()).isEqualTo(404);
        HttpResponse<byte[]> post = send(request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")));
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void head_hasNoBody() throws Exception {
        HttpResponse<byte[]> response = send(request("/metrics").HEAD());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void scrapes_beyondTheLimit_areAnswered503_whileOneIsSlow() throws Exception {
        NumberDataPoint.Builder[] points = new NumberDataPoint.Builder[50_000];
        for (int i = 0; i < points.length; i++) {
            points[i] = Otlp.number(i, "filler", "x".repeat(200), "i", i);
        }
        fixture.send(Otlp.gauge("large", "", points));
        try (Socket slow = new Socket("localhost", fixture.exporter.address().getPort())) {
            slow.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().read()).isEqualTo('H');
            HttpResponse<byte[]> refused = send(request("/metrics"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(fixture.own("weir_prometheus_refused_scrapes")).isEqualTo(1);
            // What the slow client has not read keeps nobody from writing.
            fixture.send(Otlp.gauge("a", "", 3));
            readAll(slow);
        }
        assertThat(text(send(request("/metrics?name%5B%5D=a")))).endsWith("a 3\n");
    }

    private static void readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] tail = new byte[0];
        byte[] piece = new byte[64 << 10];
        while (!new String(tail, StandardCharsets.US_ASCII).endsWith("0\r\n\r\n")) {
            int n = in.read(piece);
            assertThat(n).isPositive();
            tail = java.util.Arrays.copyOfRange(piece, Math.max(0, n - 5), n);
        }
    }
}
