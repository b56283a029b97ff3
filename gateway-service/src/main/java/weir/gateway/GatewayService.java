package weir.gateway;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import weir.pipeline.Components;
import weir.pipeline.file.PipelineModel;
import weir.rim.PipelineService;
import weir.rim.Plan;

/** What makes a service of Weir the gateway. */
@Singleton
public class GatewayService implements PipelineService {
    @Override
    public Components components() {
        return GatewayComponents.ALL;
    }

    @Override
    public Optional<Plan.Address> controlPlane(PipelineModel model) {
        return PeerListener.of(model)
                .map(PeerListener::at)
                .map(at -> new Plan.Address(at.host().isEmpty() ? "0.0.0.0" : at.host(), at.port()));
    }

    @Override
    public Map<String, Plan.Address> listensAt() {
        Config config = ConfigProvider.getConfig();
        return Map.of(
                "the console (weir.console.port)",
                new Plan.Address(
                        config.getValue("quarkus.http.host", String.class),
                        config.getValue("quarkus.http.port", Integer.class)));
    }
}
