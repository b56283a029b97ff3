package weir.exporter.debug;

import weir.config.Checked;
import weir.config.Option;

/** The options of {@code debug}, the collector's. */
public record DebugConfig(
        @Option(
                doc = "basic: how much came. normal: a line per span, data point or log record. detailed: everything.",
                fallback = "basic")
        Verbosity verbosity,

        @Option(doc = "How many messages are written in each second before sampling sets in.", fallback = "2")
        int samplingInitial,

        @Option(
                doc =
                        "Of the messages after those, within the second, every how many-th is written; 1 writes all, 0 none.",
                fallback = "1")
        int samplingThereafter,

        @Option(
                doc =
                        "Whether messages go to the service's log, with its level and form, or to standard output as they are.",
                fallback = "true")
        boolean useInternalLogger)
        implements Checked {
    /** How much is written. */
    public enum Verbosity {
        BASIC,
        NORMAL,
        DETAILED
    }

    @Override
    public void check(Complaints complaints) {
        if (samplingInitial < 0) {
            complaints.error("sampling_initial", "must not be negative");
        }
        if (samplingThereafter < 0) {
            complaints.error("sampling_thereafter", "must not be negative");
        }
    }
}
