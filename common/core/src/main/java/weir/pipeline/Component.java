package weir.pipeline;

import java.time.Duration;

/**
 * What every receiver, processor, connector, exporter and extension is. The engine starts a pipeline from its exporters
 * back to its receivers, and drains and closes it from its receivers forward; the calls come from one thread, one at a
 * time, may block, and are all safe on a component that was never started.
 */
public interface Component {
    /** Opens what it needs. When this throws, the process does not start; the message is for the user. */
    default void start() throws Exception {}

    /**
     * Takes no new work (refusing it as {@link Reason#SHUTTING_DOWN}, retryable) and returns when all that it held was
     * passed on and completed, or when the time is up.
     *
     * @return whether nothing is held any more
     */
    default boolean drain(Duration limit) throws InterruptedException {
        return true;
    }

    /** Lets go of everything: sockets, threads, files. Idempotent. What is still held is counted as dropped. */
    default void close() {}

    /** What keeps it from doing its job, as a sentence; empty while it makes progress. Asked for by health checks. */
    default String trouble() {
        return "";
    }
}
