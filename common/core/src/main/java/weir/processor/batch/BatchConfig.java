package weir.processor.batch;

import java.time.Duration;
import weir.config.Checked;
import weir.config.Option;

/** The options of {@code batch}: the collector's, but for those about client metadata, and how much may wait. */
public record BatchConfig(
        @Option(
                doc = "How many spans, data points or log records are gathered before they are sent on, whatever the"
                        + " timeout; 0 sends at once. Without send_batch_max_size, 3 MiB are enough too.",
                fallback = "8192")
        int sendBatchSize,

        @Option(
                doc = "How long the first request of a batch waits for others at most; 0 sends at once.",
                fallback = "200ms")
        Duration timeout,

        @Option(
                doc = "The most items of one batch: larger ones are cut, within a request and even within a metric."
                        + " 0: no limit.")
        int sendBatchMaxSize,

        @Option(doc = "What the collector does not have.") Own weir)
        implements Checked {
    /** Weir's own options. */
    public record Own(
            @Option(
                    doc =
                            "How many MiB may wait here while the next component refuses them; beyond that senders are told"
                                    + " to retry later.",
                    fallback = "64")
            int maxHeldMib) {}

    @Override
    public void check(Complaints complaints) {
        if (sendBatchSize < 0) {
            complaints.error("send_batch_size", "must not be negative");
        }
        if (sendBatchMaxSize < 0) {
            complaints.error("send_batch_max_size", "must not be negative; 0 means no limit");
        }
        if (sendBatchMaxSize > 0 && sendBatchMaxSize < sendBatchSize) {
            complaints.error("send_batch_max_size", "must be at least send_batch_size, which is " + sendBatchSize);
        }
        if (timeout.isNegative()) {
            complaints.error("timeout", "must not be negative");
        }
        if (weir.maxHeldMib() < 1 || weir.maxHeldMib() > 1024) {
            complaints.error("weir.max_held_mib", "must be 1 to 1024");
        }
    }
}
