package weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.pipeline.RecentTraces;
import weir.pipeline.RecentTraces.Decided;

@QuarkusTest
@TestProfile(GatewayTest.SmallFile.class)
class ConsoleTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TestHTTPResource("/")
    URI console = URI.create("");

    private final RecentTraces recent;

    @Inject
    ConsoleTest(RecentTraces recent) {
        this.recent = recent;
    }

    @Test
    void page_isServedUnderAPolicyThatForbidsForeignScripts() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Weir console</title>");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void decisions_areGivenWithTheirReason_asTextOnly() throws Exception {
        recent.decided(List.of(new Decided(
                TRACE, true, "errors", "span <script>", "deadline", "shop", "GET \"/\"", 3, 2_500_000, 1_000_000_000)));

        HttpResponse<String> answer = get("/api/v1/decisions?after=0");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .contains("\"traceId\":\"" + TRACE + "\"")
                .contains("\"policy\":\"errors\"")
                .contains("\"reason\":\"span <script>\"")
                .contains("\"durationMillis\":2.5");
    }

    @Test
    void trace_notKept_is404() throws Exception {
        assertThat(get("/api/v1/traces/" + TRACE).statusCode()).isEqualTo(404);
    }

    @Test
    void why_unknownTrace_is404_andNoTraceIdIs400() throws Exception {
        assertThat(get("/api/v1/why/" + TRACE).statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/why/" + TRACE).body()).contains("\"found\":false");
        assertThat(get("/api/v1/why/xyz").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/shadow").body()).contains("\"differences\":[]");
    }

    @Test
    void ledgerAndPolicies_answer() throws Exception {
        assertThat(get("/api/v1/ledger").body()).contains("\"accounts\":[");
        assertThat(get("/api/v1/policies").body()).contains("\"policies\":[");
    }

    @Test
    void otherGateway_thatNobodyNamed_isNotAsked() throws Exception {
        assertThat(get("/api/v1/ledger?gateway=169.254.169.254").statusCode()).isEqualTo(404);
    }

    @Test
    void foreignHostName_isTurnedAway() throws Exception {
        assertThat(statusLine("Host: evil.example")).contains(" 421 ");
        assertThat(statusLine("Host: localhost")).contains(" 200 ");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(console.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private String statusLine(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.getPort());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            String request = "GET /api/v1/gateways HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n";
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }
}
