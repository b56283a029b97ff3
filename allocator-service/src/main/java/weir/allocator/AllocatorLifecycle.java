package weir.allocator;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Default;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import weir.allocator.allocation.Allocator;
import weir.allocator.api.AllocatorApi;
import weir.allocator.config.AllocatorConfig;
import weir.allocator.config.AllocatorFile;
import weir.allocator.config.ScrapeJobs;
import weir.allocator.targets.Assignment;
import weir.config.Problem;
import weir.rim.ServiceFile;
import weir.rim.StartOutcome;

/**
 * Takes over the allocator's file when it starts and whenever it has changed. A file that is wrong changes nothing, is told
 * of once, and shows in the log until it is right; where it listens is looked at only at the start.
 */
@Default // Besides the qualifier of health checks.
@Readiness
@ApplicationScoped
class AllocatorLifecycle implements HealthCheck, StartOutcome {
    private static final System.Logger LOG = System.getLogger("weir.allocator");

    private final AllocatorService service;
    private final Allocator allocator;
    private final Optional<Path> path;
    private volatile String text = "";
    private volatile String failure = "there is no configuration yet";

    AllocatorLifecycle(
            AllocatorService service, Allocator allocator, @ConfigProperty(name = "weir.config") Optional<Path> path) {
        this.service = service;
        this.allocator = allocator;
        this.path = path;
    }

    void start(@Observes StartupEvent event) {
        reload();
    }

    @Scheduled(
            every = "{weir.allocator.reload-interval}",
            delay = 5,
            delayUnit = TimeUnit.SECONDS,
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void reload() {
        try {
            ServiceFile file = ServiceFile.read(service, path);
            if (!file.text().equals(text)) {
                text = file.text();
                take(file);
            }
        } catch (IOException e) {
            failed("cannot read " + e.getMessage());
        }
    }

    private void take(ServiceFile file) {
        AllocatorFile read = AllocatorFile.read(file.name(), file.text());
        AllocatorConfig config = read.config();
        if (config == null) {
            failed(Problem.render(read.problems(), false).stripTrailing());
            return;
        }
        Assignment assignment = allocator.assign(
                ScrapeJobs.of(config.config(), config.filters()), config.weir().collectors());
        failure = "";
        LOG.log(
                Level.INFO,
                "{0}: {1} jobs for {2} collectors",
                file.name(),
                assignment.jobs().size(),
                config.weir().collectors().size());
        assignment.jobs().values().stream()
                .filter(AllocatorApi::hasSecrets)
                .forEach(job -> LOG.log(
                        Level.WARNING,
                        "job {0} has secrets, which are shown as <secret>: a collector cannot scrape with them; name files"
                                + " instead, such as credentials_file",
                        job.name()));
    }

    private void failed(String why) {
        if (!why.equals(failure)) {
            failure = why;
            LOG.log(Level.ERROR, allocator.current() == null ? why : "nothing was changed: " + why);
        }
    }

    @Override
    public String startFailure() {
        return allocator.current() == null ? service.name() + ": " + failure : "";
    }

    @Override
    public HealthCheckResponse call() {
        boolean serving = allocator.current() != null;
        var response = HealthCheckResponse.named("allocation").status(serving);
        return (failure.isEmpty() ? response : response.withData("failure", failure)).build();
    }
}
