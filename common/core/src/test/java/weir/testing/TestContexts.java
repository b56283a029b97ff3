package weir.testing;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;
import weir.flow.Timer;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Extension;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.telemetry.Metrics;

/** Contexts for components under test, each with an account, metrics and a process of its own. */
public final class TestContexts {
    private TestContexts() {}

    /** A context with a {@link ManualTimer} and a fresh {@link #process}. */
    public static ComponentContext of(String kind, String id, @Nullable Signal signal) {
        return of(kind, id, signal, new ManualTimer());
    }

    /** A context with a fresh {@link #process}. */
    public static ComponentContext of(String kind, String id, @Nullable Signal signal, Timer timer) {
        return of(kind, id, signal, timer, process());
    }

    public static ComponentContext of(
            String kind, String id, @Nullable Signal signal, Timer timer, ProcessContext process) {
        return of(kind, id, signal, timer, process, Map.of());
    }

    /** A context with extensions that are taken for started. */
    public static ComponentContext of(
            String kind,
            String id,
            @Nullable Signal signal,
            Timer timer,
            ProcessContext process,
            Map<ComponentId, Extension> extensions) {
        Metrics metrics = new Metrics();
        Ledger ledger = new Ledger(metrics, kind, id, signal == null ? Signal.TRACES : signal);
        return new ComponentContext(
                kind,
                ComponentId.parse(id),
                signal,
                "",
                metrics,
                signal == null ? ledger : ledger.registered(),
                process.held().part(),
                timer,
                process,
                extensions);
    }

    /** A process whose data directory does not exist yet, under the system's temporary one. */
    public static ProcessContext process() {
        return process(Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "weir-test-" + UUID.randomUUID()));
    }

    public static ProcessContext process(Path dataDirectory) {
        return new ProcessContext(
                "test", "0", "test-0", dataDirectory, InstantSource.system(), new HeldBytes(), RecentTraces.NONE);
    }
}
