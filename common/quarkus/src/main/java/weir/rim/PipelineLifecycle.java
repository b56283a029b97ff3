package weir.rim;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;
import weir.flow.SystemTimer;
import weir.flow.Timer;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.pipeline.engine.LiveFile;
import weir.pipeline.engine.PipelineEngine;
import weir.pipeline.file.PipelineModel;
import weir.telemetry.Metrics;

/**
 * The engine of this process: built from the service's file and started when the application has started, drained when
 * it is told to stop, while health and metrics still answer, and closed before it ends. Safe for use by any thread.
 */
@ApplicationScoped
public class PipelineLifecycle implements StartOutcome {
    private static final System.Logger LOG = System.getLogger("weir.rim");

    /** A change of the file takes effect within 10 s, a ConfigMap's own delay aside. */
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(2);

    /** The status of a process that ended with loss. */
    private static final int NOT_DRAINED = 1;

    private record Loaded(ServiceFile file, PipelineModel model) {}

    private final PipelineService service;
    private final Metrics metrics;
    private final OwnMetrics page;
    private final RecentTraces recent;
    private final Optional<Path> config;
    private final Path data;
    private final String instance;
    private final Duration drainLimit;

    private final SystemTimer timer = new SystemTimer();

    private volatile @Nullable Loaded loaded;
    private @Nullable ScheduledExecutorService looker;
    private volatile @Nullable LiveFile liveFile;
    private volatile @Nullable PipelineEngine engine;
    private volatile String failure = "not started yet";

    PipelineLifecycle(
            PipelineService service,
            Metrics metrics,
            OwnMetrics page,
            RecentTraces recent,
            @ConfigProperty(name = ServiceFile.CONFIG) Optional<Path> config,
            @ConfigProperty(name = ServiceFile.DATA) Optional<Path> data,
            @ConfigProperty(name = "weir.instance") Optional<String> instance,
            @ConfigProperty(name = "weir.drain-limit", defaultValue = "20S") Duration drainLimit) {
        this.service = service;
        this.metrics = metrics;
        this.page = page;
        this.recent = recent;
        this.config = config;
        this.data = data.orElseGet(() -> ServiceMain.defaultData(service.name()));
        this.instance = instance.or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
                .orElse(service.name());
        this.drainLimit = drainLimit;
    }

    void start(@Observes StartupEvent event) throws InterruptedException {
        try {
            Loaded file = loaded();
            page.show(file.model().telemetry());
            PipelineEngine built = PipelineEngine.build(file.model(), process(), metrics, timer);
            built.start();
            engine = built;
            failure = "";
            follow(file.file(), built);
        } catch (IOException | IllegalStateException | PipelineEngine.StartException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    private Loaded loaded() throws IOException {
        Loaded before = loaded;
        if (before != null) {
            return before;
        }
        ServiceFile file = ServiceFile.read(service, config);
        Loaded now = new Loaded(file, service.load(file.name(), file.text()).orThrow());
        loaded = now;
        return now;
    }

    /**
     * What the engine is built from: the file as it was when somebody first asked. Blocks then.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalStateException if it has errors
     */
    public PipelineModel model() throws IOException {
        return loaded().model();
    }

    /** What runs the engine's tasks, and of what starts before the engine; none of them any more once it is closed. */
    public Timer timer() {
        return timer;
    }

    /** Has live options taken from a file that changes; the one built in does not. */
    private void follow(ServiceFile file, PipelineEngine running) {
        if (file.path() == null) {
            return;
        }
        LiveFile live = new LiveFile(file.path(), file.text(), service.components(), running, metrics, LogLevel::apply);
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("weir-file").factory());
        ScheduledFuture<?> _ = looking.scheduleWithFixedDelay(
                live::look, LOOK_PERIOD.toMillis(), LOOK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        looker = looking;
        liveFile = live;
    }

    /** What there is to say about the file since the start, such as that a change has errors; empty if nothing. */
    public String fileTrouble() {
        LiveFile live = liveFile;
        return live == null ? "" : live.trouble();
    }

    private ProcessContext process() {
        return new ProcessContext(
                service.name(), Version.TEXT, instance, data, InstantSource.system(), new HeldBytes(), recent);
    }

    /** What prevented the start, as a sentence; empty when the engine was started. */
    public String failure() {
        return failure;
    }

    @Override
    public String startFailure() {
        return failure.isEmpty() ? "" : service.name() + ": " + failure;
    }

    /** What keeps the service from doing its job now; empty while it makes progress. */
    public List<PipelineEngine.Trouble> troubles() {
        PipelineEngine running = engine;
        return running == null ? List.of() : running.troubles();
    }

    /** The engine, while it runs. */
    public Optional<PipelineEngine> engine() {
        return Optional.ofNullable(engine);
    }

    /** A name for this process that is unique among its peers. */
    public String instance() {
        return instance;
    }

    void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        PipelineEngine running = engine;
        if (running == null) {
            return;
        }
        LOG.log(Level.INFO, "stopping: taking nothing new, passing on what is held");
        if (running.drain(drainLimit)) {
            LOG.log(Level.INFO, "drained: nothing is held any more");
        } else {
            LOG.log(Level.WARNING, "not all that was held could be passed on within {0} s", drainLimit.toSeconds());
            Quarkus.asyncExit(NOT_DRAINED);
        }
    }

    void close(@Observes ShutdownEvent event) {
        if (looker != null) {
            looker.shutdownNow();
        }
        PipelineEngine running = engine;
        engine = null;
        if (running != null) {
            running.close();
        }
        timer.close();
    }
}
