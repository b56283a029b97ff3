package weir.exporter.queue;

import java.io.IOException;
import java.time.Duration;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;

/** What stands before a backend: a {@link SendingQueue} in memory or a {@link StoredQueue} on disk. */
public sealed interface ExporterQueue extends Consumer permits SendingQueue, StoredQueue {
    /**
     * The queue that the options ask for.
     *
     * @param maxBytes the most that it may hold in memory
     * @param sender makes one try; its answers are final but for {@link weir.pipeline.Delivery.RetryLater}. Called from any
     *     thread
     */
    static ExporterQueue of(
            ComponentContext context, SendingQueueConfig config, RetryPolicy retry, long maxBytes, Consumer sender) {
        return config.isStored()
                ? new StoredQueue(context, config, retry, maxBytes, sender)
                : SendingQueue.of(context, config, retry, maxBytes, sender);
    }

    /** See {@link weir.pipeline.Component#start}. */
    default void start() throws IOException {}

    /** See {@link weir.pipeline.Component#drain}. */
    boolean drain(Duration limit) throws InterruptedException;

    /** See {@link weir.pipeline.Component#close}. */
    void close();

    /** Why nothing gets through; empty while something does. */
    String trouble();
}
