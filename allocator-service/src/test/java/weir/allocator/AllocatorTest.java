package weir.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AllocatorTest.OwnFile.class)
@SuppressWarnings("NullAway.Init") // Quarkus sets the fields.
class AllocatorTest {
    private static final String FILE = """
            config:
              scrape_configs:
                - job_name: serviceMonitor/shop/web/0
                  static_configs:
                    - targets: [10.0.0.1:8080]
                      labels: {team: shop}
            weir: {collectors: [%s]}
            """;

    /** A file of its own, so that it can be changed. */
    public static final class OwnFile implements QuarkusTestProfile {
        static final Path PATH = Path.of("target", "allocator-test.yaml");

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Files.writeString(PATH, FILE.formatted("agent-0"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return Map.of("weir.config", PATH.toString(), "weir.allocator.reload-interval", "off");
        }
    }

    @TestHTTPResource("/")
    URI api;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    AllocatorLifecycle lifecycle;

    @BeforeEach
    void ownFile() throws IOException {
        Files.writeString(OwnFile.PATH, FILE.formatted("agent-0"));
        lifecycle.reload();
    }

    @Test
    void targets_encodedSlashesInTheJob_areAnHttpSdList() throws Exception {
        HttpResponse<String> answer = get(api + "jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets?collector_id=agent-0");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body())
                .isEqualTo("[{\"targets\":[\"10.0.0.1:8080\"],"
                        + "\"labels\":{\"__address__\":\"10.0.0.1:8080\",\"team\":\"shop\"}}]");
    }

    @Test
    void scrapeConfigs_andJobs_areServed() throws Exception {
        assertThat(get(api + "scrape_configs").body())
                .contains("\"serviceMonitor/shop/web/0\":{", "\"scrape_interval\":\"1m\"");
        assertThat(get(api + "jobs").body()).contains("\"_link\":\"/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets\"");
        assertThat(get(api + "livez").statusCode()).isEqualTo(200);
        assertThat(get(api + "readyz").body()).isEmpty();
        assertThat(get(api + "nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void health_andMetrics_areAtTheManagementPort() throws Exception {
        assertThat(get(management.resolve("/q/health/ready").toString()).body()).contains("allocation");
        assertThat(get(management.resolve("/metrics").toString()).body())
                .contains("opentelemetry_allocator_targets{job_name=\"serviceMonitor/shop/web/0\",} 1.0");
    }

    @Test
    void reload_fileChanged_servesItUnlessItIsWrong() throws Exception {
        String targets = api + "jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets?collector_id=agent-1";
        assertThat(get(targets).body()).isEqualTo("[]");

        Files.writeString(OwnFile.PATH, FILE.formatted("agent-1"));
        lifecycle.reload();
        assertThat(get(targets).body()).contains("10.0.0.1:8080");
        Files.writeString(OwnFile.PATH, "config: {scrape_configs: [{job: x}]}");
        lifecycle.reload();

        assertThat(get(targets).body()).contains("10.0.0.1:8080");
        assertThat(get(management.resolve("/q/health/ready").toString()).body()).contains("job_name");
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
