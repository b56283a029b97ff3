package weir.transport.members;

import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.transport.exporter.GrpcClientConfig;

/** The section {@code protocol.otlp}: the options of the {@code otlp} exporter but for the endpoint, for each backend. */
public record BackendProtocol(
        @Inlined GrpcClientConfig client,

        @Option(doc = "What is held for each backend until it takes it.")
        SendingQueueConfig sendingQueue,

        @Option(doc = "When to try again what failed for now, at the same backend.")
        RetryPolicy retryOnFailure)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (!sendingQueue.enabled()) {
            complaints.warning(
                    "sending_queue.enabled",
                    "each backend keeps its queue all the same: when one backend refuses its part of a request, the parts"
                            + " of the others must not be sent twice");
        }
        if (sendingQueue.blockOnOverflow()) {
            complaints.error(
                    "sending_queue.block_on_overflow",
                    "not for a backend's queue; set it in the sending_queue of load_balancing itself");
        }
        if (sendingQueue.waitForResult()) {
            complaints.error(
                    "sending_queue.wait_for_result",
                    "not for a backend's queue, which holds parts of requests; remove it");
        }
        if (!sendingQueue.storage().isEmpty()) {
            complaints.error("sending_queue.storage", "a backend's queue is held in memory; remove it");
        }
    }

    /** What is held for each backend, in the form that its queue wants. */
    public SendingQueueConfig queue() {
        return new SendingQueueConfig(
                true, sendingQueue.numConsumers(), sendingQueue.queueSize(), sendingQueue.sizer(), false, false);
    }
}
