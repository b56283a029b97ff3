package weir.agent.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueue;
import weir.exporter.queue.SendingQueueConfig;
import weir.hash.Member;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;
import weir.transport.client.Sender;

/**
 * Sends every item to the backend that owns its key. A request that is cut for several backends is taken when all of their
 * queues have a place for their parts, and else refused whole: so a sender that comes back with it makes no duplicates.
 *
 * <p>The account is that of all backends together; what the queue in front holds is part of it.
 */
final class LoadBalancer implements Exporter {
    private static final Duration SHUTDOWN_RETRY = Duration.ofSeconds(1);

    /** Routers that are kept: about as many as threads bring batches at once. */
    private static final int KEPT_ROUTERS = 16;

    /** Who the backends are, each at its member's position. */
    private record Backends(Membership members, List<Backend> list) {}

    private final Ledger ledger;
    private final RoutingKey key;
    private final Counter notEnqueued;
    private final AtomicReferenceArray<@Nullable Router> routers = new AtomicReferenceArray<>(KEPT_ROUTERS);
    private final Backends backends;
    private final @Nullable SendingQueue front;
    private volatile boolean draining;

    /** @param senders makes the sender to a backend */
    LoadBalancer(
            ComponentContext context, LoadBalancingConfig config, RoutingKey key, Function<Member, Sender> senders) {
        this.ledger = context.ledger();
        this.key = key;
        Membership members = Membership.of(config.members(), 1);
        List<Backend> list = new ArrayList<>();
        for (Member member : members.members()) {
            list.add(new Backend(context, config, member, senders.apply(member)));
        }
        backends = new Backends(members, List.copyOf(list));
        front = front(context, config);
        notEnqueued = context.metrics()
                .counter(
                        "otelcol_exporter_enqueue_failed_" + context.theSignal().items(),
                        "Items refused because the sending queue was full",
                        "exporter",
                        context.id().toString());
        registerMetrics(context, members.size());
    }

    private @Nullable SendingQueue front(ComponentContext context, LoadBalancingConfig config) {
        SendingQueueConfig queue = Objects.requireNonNullElse(config.sendingQueue(), SendingQueueConfig.OFF);
        RetryPolicy retry = Objects.requireNonNullElse(config.retryOnFailure(), RetryPolicy.OFF);
        return queue.enabled() || retry.enabled()
                ? SendingQueue.inFront(context, queue, retry, config.weir().maxQueueBytes(), this::route)
                : null;
    }

    private static void registerMetrics(ComponentContext context, int members) {
        var metrics = context.metrics();
        metrics.counter(
                        "otelcol_loadbalancer_num_resolutions",
                        "Times that the backends were looked up",
                        "resolver",
                        "static",
                        "success",
                        "true")
                .increment();
        metrics.counter(
                        "otelcol_loadbalancer_num_backend_updates",
                        "Times that the backends changed",
                        "resolver",
                        "static")
                .increment();
        metrics.gauge("otelcol_loadbalancer_num_backends", "Backends in use", () -> members, "resolver", "static");
    }

    @Override
    public void start() throws Exception {
        for (Backend backend : backends.list()) {
            backend.start();
        }
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        if (front != null) {
            front.consume(batch, done);
            return;
        }
        ledger.received(batch.items());
        Delivery delivery = draining
                ? Delivery.retryLater(SHUTDOWN_RETRY, Reason.SHUTTING_DOWN, "the exporter is shutting down")
                : route(batch);
        if (!(delivery instanceof Delivery.Accepted)) {
            ledger.settle(batch.items(), delivery);
            notEnqueued.add(batch.items());
        }
        done.complete(delivery);
    }

    private void route(Batch batch, DeliveryCallback done) {
        done.complete(route(batch));
    }

    /** Has all backends take their parts, or none. */
    private Delivery route(Batch batch) {
        if (batch.items() == 0) {
            return Delivery.ACCEPTED;
        }
        @Nullable Batch[] parts = new Batch[backends.list().size()];
        Router router = takeRouter();
        try {
            router.cut(batch, backends.members(), parts);
        } catch (MalformedOtlpException e) {
            return Delivery.rejected(Reason.MALFORMED, String.valueOf(e.getMessage()));
        } finally {
            giveRouter(router);
        }
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            Delivery refusal =
                    part == null ? null : backends.list().get(i).queue().reserve(part);
            if (refusal != null) {
                release(parts, i);
                return named(refusal, backends.list().get(i).member());
            }
        }
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            if (part != null) {
                backends.list().get(i).queue().commit(part);
            }
        }
        return Delivery.ACCEPTED;
    }

    private void release(@Nullable Batch[] parts, int end) {
        for (int i = 0; i < end; i++) {
            Batch part = parts[i];
            if (part != null) {
                backends.list().get(i).queue().release(part);
            }
        }
    }

    private static Delivery named(Delivery refusal, Member member) {
        return switch (refusal) {
            case Delivery.RetryLater(var after, var reason, var message) ->
                Delivery.retryLater(after, reason, member.name() + ": " + message);
            case Delivery.Rejected(var reason, var message) ->
                Delivery.rejected(reason, member.name() + ": " + message);
            case Delivery.Accepted _, Delivery.Partial _ -> refusal;
        };
    }

    private Router takeRouter() {
        for (int i = 0; i < KEPT_ROUTERS; i++) {
            Router kept = routers.get(i) == null ? null : routers.getAndSet(i, null);
            if (kept != null) {
                return kept;
            }
        }
        return new Router(key);
    }

    private void giveRouter(Router router) {
        for (int i = 0; i < KEPT_ROUTERS; i++) {
            if (routers.get(i) == null && routers.compareAndSet(i, null, router)) {
                return;
            }
        }
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        long end = System.nanoTime() + limit.toNanos();
        boolean done = front == null || front.drain(limit.dividedBy(2));
        for (Backend backend : backends.list()) {
            backend.queue().drain(Duration.ZERO);
        }
        for (Backend backend : backends.list()) {
            done &= backend.queue().drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return done;
    }

    @Override
    public void close() {
        draining = true;
        if (front != null) {
            front.close();
        }
        backends.list().forEach(Backend::close);
    }

    @Override
    public String trouble() {
        return backends.list().stream()
                .map(Backend::trouble)
                .filter(t -> !t.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
