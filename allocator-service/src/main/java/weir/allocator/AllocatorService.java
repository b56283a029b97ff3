package weir.allocator;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import weir.allocator.config.AllocatorConfig;
import weir.allocator.config.AllocatorFile;
import weir.allocator.config.HostPort;
import weir.allocator.config.PrometheusConfig;
import weir.allocator.config.ScrapeConfig;
import weir.allocator.config.ScrapeLimits;
import weir.config.Problem;
import weir.relabel.RelabelConfig;
import weir.rim.Plan;
import weir.rim.Service;

/** What makes a service of Weir the allocator: its file is the Target Allocator's, not a pipeline file. */
@Singleton
@RegisterForReflection(
        targets = {
            AllocatorConfig.class,
            AllocatorConfig.Own.class,
            PrometheusConfig.class,
            PrometheusConfig.Global.class,
            ScrapeConfig.class,
            ScrapeConfig.StaticConfig.class,
            ScrapeLimits.class,
            RelabelConfig.class
        })
public class AllocatorService implements Service {
    @Override
    public String name() {
        return "allocator";
    }

    @Override
    public String builtInFile() {
        return "weir/allocator.yaml";
    }

    @Override
    public Plan plan(String fileName, String text) {
        AllocatorFile file = AllocatorFile.read(fileName, text);
        String problems = Problem.render(file.problems(), false);
        AllocatorConfig config = file.config();
        if (config == null) {
            return Plan.unusable(problems);
        }
        return new Plan(
                true,
                problems,
                Optional.of(address(config.weir().telemetryEndpoint())),
                Optional.of(address(config.listenAddr())),
                "INFO");
    }

    private static Plan.Address address(String text) {
        HostPort at = Objects.requireNonNull(HostPort.parse(text)); // the file was checked
        return new Plan.Address(at.host(), at.port());
    }
}
