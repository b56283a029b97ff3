package weir.launcher.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.agent.AgentComponents;
import weir.gateway.GatewayComponents;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.ServiceTelemetry;

class LocalFilesTest {
    private final Places places = Places.choose(_ -> true, _ -> "");
    private final Map<String, String> files;

    LocalFilesTest() throws IOException {
        files = LocalFiles.of(places);
    }

    @Test
    void agent_loadsWithoutAnyComplaint() {
        assertThat(load("agent.yaml", AgentComponents.ALL).problems()).isEmpty();
    }

    @Test
    void gateway_loadsWithoutAnyComplaint() {
        assertThat(load("g1.yaml", GatewayComponents.ALL).problems()).isEmpty();
        assertThat(load("g2.yaml", GatewayComponents.ALL).problems()).isEmpty();
    }

    /** What is shown first is what a gateway does anyway. */
    @Test
    void gateway_isTheBuiltInOne_andListensNowhereElse() {
        String file = files.getOrDefault("g2.yaml", "");

        assertThat(file)
                .contains("filter/noise", "transform/peer-service", "span_metrics", "endpoint: 127.0.0.1:24317")
                .doesNotContain("${env", "127.0.0.1:14317", "otlp/jaeger");
    }

    @Test
    void telemetry_isWhereTheLauncherLooks() {
        assertThat(load("agent.yaml", AgentComponents.ALL).orThrow().telemetry().endpoint())
                .contains(new ServiceTelemetry.Endpoint("127.0.0.1", 8888, true));
        assertThat(load("g2.yaml", GatewayComponents.ALL).orThrow().telemetry().endpoint())
                .contains(new ServiceTelemetry.Endpoint("127.0.0.1", 28888, true));
    }

    private LoadResult load(String name, Components components) {
        return PipelineFiles.load(name, files.getOrDefault(name, ""), components, _ -> null);
    }
}
