package weir.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AgentTest.SmallFile.class)
class AgentTest {
    /** A file without listeners. */
    public static final class SmallFile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("weir.config", "src/test/resources/small.yaml");
        }
    }

    @TestHTTPResource(value = "/", management = true)
    URI management = URI.create("");

    @Test
    void health_engineRuns_isReady() throws Exception {
        HttpResponse<String> health = get("/q/health/ready");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"name\": \"pipeline\"").contains("\"status\": \"UP\"");
    }

    @Test
    void metrics_engineRuns_showsItsAccounts() throws Exception {
        assertThat(get("/metrics").body())
                .contains("weir_ledger_received_items_total{component=\"memory_limiter\",")
                .contains("# TYPE weir_ledger_held_items gauge\n");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(management.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
