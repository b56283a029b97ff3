package weir.transport.exporter;

import weir.config.Checked;
import weir.config.Option;

/** The section {@code weir} of an OTLP exporter. */
public record ExporterLimits(
        @Option(
                doc =
                        "The most that an exporter holds of a signal, in MiB, whatever queue_size says: a number of requests"
                                + " is no measure of memory.",
                fallback = "64")
        int maxQueueMib)
        implements Checked {
    public static final ExporterLimits DEFAULT = new ExporterLimits(64);

    @Override
    public void check(Complaints complaints) {
        if (maxQueueMib < 1 || maxQueueMib > 1 << 20) {
            complaints.error("max_queue_mib", "must be from 1 to 1048576");
        }
    }

    public long maxQueueBytes() {
        return (long) maxQueueMib << 20;
    }
}
