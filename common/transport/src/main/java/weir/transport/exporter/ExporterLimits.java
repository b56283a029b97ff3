package weir.transport.exporter;

import weir.config.Checked;
import weir.config.Option;

/** The section {@code weir} of an OTLP exporter. */
public record ExporterLimits(
        @Option(
                doc =
                        "The most that an exporter holds of a signal, in MiB, whatever queue_size says: a number of requests"
                                + " is no measure of memory. 0: a quarter of the heap.",
                fallback = "0")
        int maxQueueMib)
        implements Checked {
    public static final ExporterLimits DEFAULT = new ExporterLimits(0);

    @Override
    public void check(Complaints complaints) {
        if (maxQueueMib < 0 || maxQueueMib > 1 << 20) {
            complaints.error("max_queue_mib", "must be from 0 to 1048576");
        }
    }

    public long maxQueueBytes() {
        return maxQueueMib == 0 ? Runtime.getRuntime().maxMemory() / 4 : (long) maxQueueMib << 20;
    }
}
