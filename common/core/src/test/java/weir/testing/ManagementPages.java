package weir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * The pages that every service shows of itself, as a client sees them.
 *
 * @param root of the management port
 */
public record ManagementPages(URI root) {
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The engine was started and says so. */
    public void assertReady() throws IOException, InterruptedException {
        HttpResponse<String> health = get("/q/health/ready");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"name\": \"pipeline\"").contains("\"status\": \"UP\"");
    }

    /** The accounts of a component are among the metrics. */
    public void assertShowsAccountOf(String component) throws IOException, InterruptedException {
        assertThat(get("/metrics").body())
                .contains("weir_ledger_received_items_total{component=\"" + component + "\",")
                .contains("# TYPE weir_ledger_held_items gauge\n");
    }
}
