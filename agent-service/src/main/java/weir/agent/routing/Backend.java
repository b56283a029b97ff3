package weir.agent.routing;

import java.io.IOException;
import weir.exporter.queue.SendingQueue;
import weir.flow.Timer;
import weir.hash.Member;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;
import weir.transport.client.Sender;

/**
 * One gateway: a sender behind a queue of its own, so that a slow one holds up nobody else's share. Latency and outcome are
 * those of each try; the collector's are those of getting into the queue.
 */
final class Backend {
    private static final double[] LATENCY_MS = {5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};

    private final Member member;
    private final Sender sender;
    private final SendingQueue queue;
    private final Timer timer;
    private final Histogram latency;
    private final Counter taken;
    private final Counter failed;

    Backend(ComponentContext context, LoadBalancingConfig config, Member member, Sender sender) {
        this.member = member;
        this.sender = sender;
        this.timer = context.timer();
        BackendProtocol protocol = config.protocol().otlp();
        String endpoint = member.address();
        queue = SendingQueue.of(
                context,
                protocol.queue(),
                protocol.retryOnFailure(),
                config.weir().maxQueueBytes(),
                this::send,
                "endpoint",
                endpoint);
        var metrics = context.metrics();
        latency = metrics.histogram(
                "otelcol_loadbalancer_backend_latency", "Time of a try, in ms", LATENCY_MS, "endpoint", endpoint);
        String outcome = "otelcol_loadbalancer_backend_outcome";
        taken = metrics.counter(outcome, "Tries by their outcome", "endpoint", endpoint, "success", "true");
        failed = metrics.counter(outcome, "Tries by their outcome", "endpoint", endpoint, "success", "false");
    }

    private void send(Batch batch, DeliveryCallback done) {
        long from = timer.nanoTime();
        sender.consume(batch, delivery -> {
            latency.record((timer.nanoTime() - from) / 1e6);
            boolean success = delivery instanceof Delivery.Accepted || delivery instanceof Delivery.Partial;
            (success ? taken : failed).increment();
            done.complete(delivery);
        });
    }

    Member member() {
        return member;
    }

    SendingQueue queue() {
        return queue;
    }

    void start() throws IOException {
        sender.start();
    }

    void close() {
        queue.close();
        sender.close();
    }

    /** Why nothing gets through, empty while something does. */
    String trouble() {
        return queue.trouble().isEmpty() ? "" : member.name() + ": " + queue.trouble();
    }
}
