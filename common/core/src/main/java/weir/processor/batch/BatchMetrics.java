package weir.processor.batch;

import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;

/** The collector's instruments of this processor, with its buckets. */
final class BatchMetrics {
    private static final double[] ITEMS = {
        10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 20_000,
        30_000, 50_000, 100_000
    };
    private static final double[] BYTES = {
        10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 20_000,
        30_000, 50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 900_000, 1e6, 2e6, 3e6,
        4e6, 5e6, 6e6, 7e6, 8e6, 9e6
    };

    final Histogram sendSize;
    final Histogram sendSizeBytes;
    final Counter sizeTriggers;
    final Counter timeoutTriggers;
    final Counter retries;

    BatchMetrics(ComponentContext context) {
        String[] labels = {
            "processor",
            context.id().toString(),
            "otel_signal",
            context.theSignal().label()
        };
        String prefix = "otelcol_processor_batch_";
        var metrics = context.metrics();
        sendSize = metrics.histogram(prefix + "batch_send_size", "Items of the batches that were sent", ITEMS, labels);
        sendSizeBytes = metrics.histogram(
                prefix + "batch_send_size_bytes", "Bytes of the batches that were sent", BYTES, labels);
        sizeTriggers = metrics.counter(
                prefix + "batch_size_trigger_send", "Batches sent because they had reached their size", labels);
        timeoutTriggers =
                metrics.counter(prefix + "timeout_trigger_send", "Batches sent because their time was up", labels);
        retries = metrics.counter(
                "weir_processor_batch_retries", "Batches offered again after the next component refused them", labels);
    }
}
