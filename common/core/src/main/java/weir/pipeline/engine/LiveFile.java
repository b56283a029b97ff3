package weir.pipeline.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.ServiceTelemetry;
import weir.telemetry.Metrics;

/**
 * Keeps running pipelines as their file says: looks at the file and has live options taken. A file that cannot be used
 * changes nothing, and is a {@link #condition} until it is mended. The file is told changed by its text; what it refers to
 * ({@code ${file:...}}) is read again only then.
 */
public final class LiveFile {
    /** What there is to say about the file. */
    public enum Condition {
        /** What runs is what the file says. */
        AS_WRITTEN,
        /** The file cannot be read or has errors: what it said before still runs. */
        INVALID,
        /** The file says something that takes effect at the next start only. */
        RESTART_NEEDED
    }

    private static final System.Logger LOG = System.getLogger(LiveFile.class.getName());

    private final Path file;
    private final Components components;
    private final PipelineEngine engine;
    private final Metrics metrics;
    private final Consumer<ServiceTelemetry> telemetry;
    private String seen;
    private volatile Condition condition = Condition.AS_WRITTEN;
    private volatile String trouble = "";

    /**
     * @param text what the engine was built from
     * @param telemetry is given {@code service.telemetry} of each file that was taken, for its log level
     */
    public LiveFile(
            Path file,
            String text,
            Components components,
            PipelineEngine engine,
            Metrics metrics,
            Consumer<ServiceTelemetry> telemetry) {
        this.file = file;
        this.seen = text;
        this.components = components;
        this.engine = engine;
        this.metrics = metrics;
        this.telemetry = telemetry;
    }

    /** Looks at the file; to be called every few seconds, by one thread at a time that may be blocked. */
    public void look() {
        String text;
        try {
            text = PipelineFiles.read(file);
        } catch (IOException e) {
            // While a ConfigMap is exchanged the file may be missing for a moment: nothing is forgotten.
            if (condition != Condition.INVALID) {
                settle(Condition.INVALID, "the pipeline file " + file + " cannot be read: " + e.getMessage());
                seen = "";
            }
            return;
        }
        if (!text.equals(seen)) {
            seen = text;
            take(PipelineFiles.load(PipelineFiles.name(file), text, components, System::getenv));
        }
    }

    private void take(LoadResult result) {
        PipelineModel next = result.model();
        if (next == null) {
            settle(
                    Condition.INVALID,
                    "the pipeline file has errors, what it said before still runs\n" + result.render(false));
            return;
        }
        try {
            Reload done = engine.reload(next);
            telemetry.accept(next.telemetry());
            LOG.log(Level.INFO, "{0} was read again: {1} took their changes", file, done.live());
            if (done.restart().isEmpty()) {
                settle(Condition.AS_WRITTEN, "");
            } else {
                settle(
                        Condition.RESTART_NEEDED,
                        "these changes of the pipeline file take effect at the next start: "
                                + String.join(", ", done.restart()));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a component would not take its new configuration", e);
            settle(Condition.INVALID, "a component would not take its new configuration: " + e.getMessage());
        }
    }

    private void settle(Condition now, String why) {
        condition = now;
        trouble = why;
        metrics.counter(
                        "weir_config_reloads",
                        "Times that a changed pipeline file was looked at, by what became of it",
                        "result",
                        now.name().toLowerCase(Locale.ROOT))
                .increment();
        if (!why.isEmpty()) {
            LOG.log(Level.WARNING, why);
        }
    }

    public Condition condition() {
        return condition;
    }

    /** The condition in words; empty if there is nothing to say. */
    public String trouble() {
        return trouble;
    }
}
