package weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhyTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private record Answer(int status, String body) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, Answer> ofGateway = new HashMap<>();
    private final HttpServer console = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        console.createContext("/api/v1/", exchange -> {
            URI uri = exchange.getRequestURI();
            boolean text = "text/plain".equals(exchange.getRequestHeaders().getFirst("Accept"));
            Answer answer = uri.getPath().equals("/api/v1/gateways")
                    ? new Answer(
                            200, "{\"self\":\"g1\",\"gateways\":[{\"name\":\"g1\",\"self\":true},{\"name\":\"g2\"}]}")
                    : ofGateway.getOrDefault(uri.getPath() + "?" + uri.getQuery(), new Answer(502, "{}"));
            byte[] body = (answer.body + (text ? "\n" : "")).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        console.start();
    }

    @AfterEach
    void stop() {
        console.stop(0);
    }

    private void answers(String gateway, int status, String body) {
        ofGateway.put("/api/v1/why/" + TRACE + "?gateway=" + gateway, new Answer(status, body));
    }

    private int why(String trace, URI... consoles) throws InterruptedException {
        return Why.ask(
                trace,
                consoles.length > 0 ? List.of(consoles) : List.of(here()),
                false,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private URI here() {
        return URI.create("http://127.0.0.1:" + console.getAddress().getPort() + "/");
    }

    @Test
    void why_oneGatewayKnows_isZero_andTheOtherIsNotQuoted() throws Exception {
        answers("g1", 404, "g1 does not know");
        answers("g2", 200, "g2 kept it");

        assertThat(why(TRACE)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("g2 kept it\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void why_nobodyKnows_isOne_andSaysSoOfEach() throws Exception {
        answers("g1", 404, "g1 does not know");
        answers("g2", 404, "g2 does not know");

        assertThat(why(TRACE)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("g1 does not know\ng2 does not know\n");
    }

    @Test
    void why_theOneThatMightKnowIsAway_isTwo() throws Exception {
        answers("g1", 404, "g1 does not know");

        assertThat(why(TRACE)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("gateway g2 does not answer");
    }

    @Test
    void why_firstConsoleIsAway_theNextIsAsked() throws Exception {
        answers("g1", 200, "g1 dropped it");
        answers("g2", 404, "");
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        URI away = URI.create("http://127.0.0.1:" + free);

        assertThat(why(TRACE, away, here())).isZero();
        assertThat(why(TRACE, away)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no console of a gateway answers at " + away);
    }

    @Test
    void why_noTraceId_isTwo() throws Exception {
        assertThat(why("0af7")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'0af7' is no trace id");
    }
}
