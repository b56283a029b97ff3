package weir.exporter.queue;

import java.util.ArrayList;
import java.util.List;
import weir.pipeline.ComponentContext;

/** What shows how full a queue is. */
final class QueueGauges {
    private QueueGauges() {}

    /** @param holds whether it holds anything beyond what is in flight */
    static void register(
            ComponentContext context,
            boolean holds,
            SendingQueue queue,
            Capacity capacity,
            Schedule schedule,
            String... labels) {
        List<String> typed = new ArrayList<>(List.of(labels));
        typed.addAll(List.of("data_type", context.theSignal().label()));
        String[] all = typed.toArray(String[]::new);
        var metrics = context.metrics();
        metrics.gauge(
                "otelcol_exporter_in_flight_requests", "Requests sent and not yet answered", schedule::inFlight, all);
        if (holds) {
            metrics.gauge("otelcol_exporter_queue_size", "What the sending queue holds, in its unit", queue::size, all);
            metrics.gauge("otelcol_exporter_queue_capacity", "queue_size, in its unit", capacity::maxSize, all);
            metrics.gauge("weir_exporter_queue_bytes", "The bytes that a queue holds", queue::bytes, all);
            metrics.gauge("weir_exporter_queue_max_bytes", "The most bytes a queue may hold", capacity::maxBytes, all);
        }
    }
}
