package weir.gateway;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.testing.ManagementPages;

@QuarkusTest
@TestProfile(GatewayTest.SmallFile.class)
class GatewayTest {
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
        new ManagementPages(management).assertReady();
    }

    @Test
    void metrics_engineRuns_showsItsAccounts() throws Exception {
        new ManagementPages(management).assertShowsAccountOf("memory_limiter");
    }
}
