package weir.transport.exporter;

import java.time.Duration;
import weir.exporter.queue.ExporterQueue;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.transport.client.Sender;

/** A sender behind its queue. */
final class OtlpExporter implements Exporter {
    private final Sender sender;
    private final ExporterQueue queue;

    OtlpExporter(ComponentContext context, SendingQueueConfig config, RetryPolicy retry, long maxBytes, Sender sender) {
        this.sender = sender;
        this.queue = ExporterQueue.of(context, config, retry, maxBytes, sender);
    }

    @Override
    public void start() throws Exception {
        sender.start();
        queue.start();
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        queue.consume(batch, done);
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        return queue.drain(limit);
    }

    @Override
    public void close() {
        queue.close();
        sender.close();
    }

    @Override
    public String trouble() {
        return queue.trouble();
    }
}
