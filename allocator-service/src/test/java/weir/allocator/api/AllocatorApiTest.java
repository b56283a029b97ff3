package weir.allocator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.allocator.targets.Allocation;
import weir.allocator.targets.Assignment;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;

class AllocatorApiTest {
    private static final String JOB = "serviceMonitor/shop/web/0";

    private @Nullable Assignment served;
    private final AllocatorApi api = new AllocatorApi(() -> served);

    @BeforeEach
    void serve() {
        Target target = Target.of(JOB, Map.of("__address__", "10.0.0.1:8080", "team", "shop"));
        ScrapeJob job = new ScrapeJob(
                JOB,
                Map.of(
                        "job_name",
                        JOB,
                        "basic_auth",
                        Map.of("username", "u", "password", "p"),
                        "tls_config",
                        Map.of("key", "PEM", "key_file", "/key.pem"),
                        "http_headers",
                        Map.of("X-Key", Map.of("secrets", List.of("s"), "values", List.of("v"))),
                        "proxy_url",
                        "http://me:word@proxy:1"),
                List.of(target));
        ScrapeJob idle = new ScrapeJob("idle", Map.of("job_name", "idle"), List.of());
        served = new Assignment(
                new TreeMap<>(Map.of(JOB, job, "idle", idle)),
                new Allocation(
                        List.of("agent-0", "agent-1"),
                        new TreeMap<>(Map.of(JOB, Map.of("agent-0", List.of(target)))),
                        Map.of("agent-0", 1, "agent-1", 0),
                        0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets",
                "/jobs/serviceMonitor/shop/web/0/targets",
            })
    void targets_ofOneCollector_areAnHttpSdList(String path) {
        Response response = get(path, "collector_id=agent-0&collector_id=agent-1");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentType()).isEqualTo("application/json");
        assertThat(response.text())
                .isEqualTo("[{\"targets\":[\"10.0.0.1:8080\"],"
                        + "\"labels\":{\"__address__\":\"10.0.0.1:8080\",\"team\":\"shop\"}}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs/idle/targets", "/jobs/unknown/targets"})
    void targets_unknownJobOrNone_areAnEmptyList(String path) {
        Response response = get(path, "collector_id=agent-0");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("[]");
    }

    @Test
    void targets_withoutCollector_listEveryCollector() {
        assertThat(get("/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets", "").text())
                .isEqualTo(
                        "{\"agent-0\":{\"_link\":\"/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets?collector_id=agent-0\","
                                + "\"targets\":[{\"targets\":[\"10.0.0.1:8080\"],"
                                + "\"labels\":{\"__address__\":\"10.0.0.1:8080\",\"team\":\"shop\"}}]},"
                                + "\"agent-1\":{\"_link\":\"/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets?collector_id=agent-1\","
                                + "\"targets\":[]}}");
    }

    @Test
    void jobs_linkToTheirTargets_withoutThoseThatHaveNone() {
        assertThat(get("/jobs", "").text())
                .isEqualTo("{\"serviceMonitor/shop/web/0\":"
                        + "{\"_link\":\"/jobs/serviceMonitor%2Fshop%2Fweb%2F0/targets\"}}");
    }

    @Test
    void scrapeConfigs_secrets_areMasked() {
        Response response = get("/scrape_configs", "");

        assertThat(response.contentType()).isEqualTo("application/json");
        assertThat(response.text())
                .contains(
                        "\"idle\":{\"job_name\":\"idle\"}",
                        "\"password\":\"<secret>\"",
                        "\"username\":\"u\"",
                        "\"key\":\"<secret>\"",
                        "\"key_file\":\"/key.pem\"",
                        "\"secrets\":[\"<secret>\"]",
                        "\"values\":[\"v\"]",
                        "http://me:xxxxx@proxy:1")
                .doesNotContain("\"p\"", "PEM", "\"s\"", "word@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scrape_configs", "/jobs", "/jobs/a/targets"})
    void answer_beforeTheFirstConfiguration_refusesWithWhatIsNoMapping(String path) {
        served = null;

        Response response = get(path, "collector_id=agent-0");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).isNotBlank().doesNotContain("{", ":", "[");
        assertThat(response.contentType()).startsWith("text/plain");
    }

    @Test
    void readyz_followsTheConfiguration_livezDoesNot() {
        assertThat(get("/readyz", "").status()).isEqualTo(200);
        served = null;
        assertThat(get("/readyz", "").status()).isEqualTo(503);
        assertThat(get("/livez", "").status()).isEqualTo(200);
    }

    @Test
    void answer_badRequests_areRefusedOneByOne() {
        assertThat(get("/jobs/%zz/targets", "").status()).isEqualTo(400);
        assertThat(get("/jobs//targets", "").status()).isEqualTo(200);
        assertThat(get("/nowhere", "").status()).isEqualTo(404);
        assertThat(api.answer(new Request("POST", "/jobs", "")).status()).isEqualTo(405);
    }

    private Response get(String path, String query) {
        return api.answer(new Request("GET", path, query));
    }
}
