package weir.exporter.queue;

import java.util.Locale;
import weir.config.Checked;
import weir.config.Option;
import weir.otlp.Batch;

/** The section {@code sending_queue}: how much an exporter holds, and how many requests it has in flight. */
public record SendingQueueConfig(
        @Option(
                doc = "Whether batches are held and acknowledged before they are sent. Without it, whoever sent a batch"
                        + " is answered when the backend has answered.",
                fallback = "true")
        boolean enabled,

        @Option(doc = "How many requests may be in flight to the backend at once.", fallback = "10")
        int numConsumers,

        @Option(
                doc = "How much may be held, in units of sizer; what is in flight or waits for a retry counts too.",
                fallback = "1000")
        long queueSize,

        @Option(
                doc = "What queue_size counts: requests, items (spans, data points, log records) or bytes.",
                fallback = "requests")
        Sizer sizer,

        @Option(
                doc = "When full, hold the sender's request open for up to 5 seconds instead of refusing it at once.",
                fallback = "false")
        boolean blockOnOverflow,

        @Option(doc = "Answer the sender only when the backend has answered.", fallback = "false")
        boolean waitForResult,

        @Option(
                doc = "An extension, such as file_storage, on which what is held outlives the process: a batch is"
                        + " acknowledged when it is stored. Empty: held in memory.")
        String storage)
        implements Checked {

    /** In memory. */
    public SendingQueueConfig(
            boolean enabled,
            int numConsumers,
            long queueSize,
            Sizer sizer,
            boolean blockOnOverflow,
            boolean waitForResult) {
        this(enabled, numConsumers, queueSize, sizer, blockOnOverflow, waitForResult, "");
    }

    /** Whether it is on disk. */
    public boolean isStored() {
        return enabled && !storage.isEmpty();
    }

    /** The collector's defaults. */
    public static final SendingQueueConfig DEFAULT =
            new SendingQueueConfig(true, 10, 1000, Sizer.REQUESTS, false, false);

    /** No queue. */
    public static final SendingQueueConfig OFF = new SendingQueueConfig(false, 10, 1000, Sizer.REQUESTS, false, false);

    /** A unit of {@code queue_size}. */
    public enum Sizer {
        REQUESTS,
        ITEMS,
        BYTES;

        long of(Batch batch) {
            return of(batch.items(), batch.length());
        }

        long of(int items, int length) {
            return switch (this) {
                case REQUESTS -> 1;
                case ITEMS -> items;
                case BYTES -> length;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public void check(Complaints complaints) {
        if (numConsumers < 1) {
            complaints.error("num_consumers", "must be 1 or more");
        }
        if (queueSize < 1) {
            complaints.error("queue_size", "must be 1 or more; to send without a queue, set enabled: false");
        }
        if (!storage.isEmpty() && waitForResult) {
            complaints.error("wait_for_result", "cannot be used with storage: who waits for the backend needs none");
        }
        if (!storage.isEmpty() && blockOnOverflow) {
            complaints.warning("block_on_overflow", "does nothing with storage: a full queue refuses at once");
        }
        if (!storage.isEmpty() && !enabled) {
            complaints.warning("storage", "does nothing without the queue");
        }
    }
}
