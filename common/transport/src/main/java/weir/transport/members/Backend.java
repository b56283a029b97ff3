package weir.transport.members;

import java.util.function.Consumer;
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
 * One member: a sender behind a queue of its own, so that a slow one holds up nobody else's share. When its address changes,
 * the queue stays and another sender takes over. Latency and outcome are those of each try; the collector's are those of
 * getting into the queue. Safe for use by any thread.
 */
public final class Backend {
    private static final double[] LATENCY_MS = {5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};

    private final SendingQueue queue;
    private final Timer timer;
    private final Histogram latency;
    private final Counter taken;
    private final Counter failed;
    private volatile Member member;
    private volatile Sender sender;

    /** @param sender started */
    Backend(ComponentContext context, BackendProtocol protocol, long maxQueueBytes, Member member, Sender sender) {
        this.member = member;
        this.sender = sender;
        this.timer = context.timer();
        String endpoint = member.name();
        queue = SendingQueue.of(
                context, protocol.queue(), protocol.retryOnFailure(), maxQueueBytes, this::send, "endpoint", endpoint);
        var metrics = context.metrics();
        String component = context.id().toString();
        latency = metrics.histogram(
                "otelcol_loadbalancer_backend_latency",
                "Time of a try, in ms",
                LATENCY_MS,
                "endpoint",
                endpoint,
                "component",
                component);
        String outcome = "otelcol_loadbalancer_backend_outcome";
        String help = "Tries by their outcome";
        taken = metrics.counter(outcome, help, "endpoint", endpoint, "success", "true", "component", component);
        failed = metrics.counter(outcome, help, "endpoint", endpoint, "success", "false", "component", component);
    }

    /** One try, past the queue: nothing is held here, and what the member answers is the answer. */
    public void send(Batch batch, DeliveryCallback done) {
        long from = timer.nanoTime();
        sender.consume(batch, done.after(delivery -> {
            latency.record((timer.nanoTime() - from) / 1e6);
            boolean success = delivery instanceof Delivery.Accepted || delivery instanceof Delivery.Partial;
            (success ? taken : failed).increment();
        }));
    }

    /** Who it is, and where now. */
    public Member member() {
        return member;
    }

    /** What is held for it. */
    public SendingQueue queue() {
        return queue;
    }

    /** It is somewhere else now. @return the former sender, whose calls may still end; to be closed */
    Sender moveTo(Member now, Sender next) {
        Sender former = sender;
        sender = next;
        member = now;
        queue.hurry();
        return former;
    }

    /** Nothing more is to be sent to it; see {@link SendingQueue#retire}. */
    void retire(Consumer<Batch> elsewhere) {
        queue.retire(elsewhere);
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
