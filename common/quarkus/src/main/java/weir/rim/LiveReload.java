package weir.rim;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.dev.spi.HotReplacementContext;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks for changed code in dev mode. Quarkus does so when an HTTP request comes in, but what comes in here comes by
 * listeners of pipelines, and the agent has no pages at all.
 */
@Singleton
@IfBuildProfile("dev")
class LiveReload {
    private static final System.Logger LOG = System.getLogger("weir.rim");
    private static final long PERIOD_NANOS = 1_000_000_000;

    /** Whether this is dev mode; known before Quarkus' own word for it is, which comes with the application. */
    static boolean on() {
        return DevConsoleManager.getHotReplacementContext() != null;
    }

    void start(@Observes StartupEvent event) {
        HotReplacementContext code = DevConsoleManager.getHotReplacementContext();
        if (code != null) {
            Thread.ofPlatform().name("weir-live-reload").daemon().start(() -> look(code));
        }
    }

    /** Ends with the run that it belongs to: the next one has its own. */
    private static void look(HotReplacementContext code) {
        @Nullable String lastTrouble = null;
        while (true) {
            LockSupport.parkNanos(PERIOD_NANOS);
            try {
                if (code.doScan(false)) {
                    return;
                }
                lastTrouble = null;
            } catch (Exception e) {
                String trouble = String.valueOf(e.getMessage());
                if (!trouble.equals(lastTrouble)) {
                    LOG.log(Level.ERROR, "what runs is the code before this change: {0}", trouble);
                }
                lastTrouble = trouble;
            }
        }
    }
}
