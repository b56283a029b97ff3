package weir.rim;

import java.util.logging.Level;
import java.util.logging.Logger;
import weir.pipeline.file.ServiceTelemetry;

/** Changes how much Weir logs while it runs. */
final class LogLevel {
    // A field, or the logger could be collected and its level forgotten.
    private static final Logger WEIR = Logger.getLogger("weir");

    private LogLevel() {}

    static void apply(ServiceTelemetry telemetry) {
        WEIR.setLevel(
                switch (telemetry.logs().level()) {
                    case DEBUG -> Level.FINE;
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARNING;
                    case ERROR -> Level.SEVERE;
                });
    }
}
