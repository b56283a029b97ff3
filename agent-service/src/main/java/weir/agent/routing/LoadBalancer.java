package weir.agent.routing;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueue;
import weir.exporter.queue.SendingQueueConfig;
import weir.hash.Member;
import weir.hash.Membership;
import weir.hash.Ring;
import weir.members.MemberSource;
import weir.members.Roster;
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
import weir.transport.members.Backends;

/**
 * Sends every item to the backend that owns its key. A request that is cut for several backends is taken when all of their
 * queues have a place for their parts, and else refused whole: so a sender that comes back with it makes no duplicates. What
 * a backend refuses is tried again there and nowhere else; when it has left, what was held for it is cut anew.
 *
 * <p>The account is that of all backends together; what the queue in front holds is part of it.
 */
final class LoadBalancer implements Exporter {
    private static final Duration SHUTDOWN_RETRY = Duration.ofSeconds(1);
    private static final Duration NOBODY_RETRY = Duration.ofSeconds(1);

    /** Routers that are kept: about as many as threads bring batches at once. */
    private static final int KEPT_ROUTERS = 16;

    private final Ledger ledger;
    private final RoutingKey key;
    private final Counter notEnqueued;
    private final AtomicReferenceArray<@Nullable Router> routers = new AtomicReferenceArray<>(KEPT_ROUTERS);
    private final List<String> attributes;
    private final Backends backends;
    private final Roster roster;
    private final @Nullable SendingQueue front;
    private volatile boolean draining;

    /**
     * One that knows nobody until it is started.
     *
     * @param source finds the backends
     * @param senders makes the sender to a backend
     */
    LoadBalancer(
            ComponentContext context,
            LoadBalancingConfig config,
            RoutingKey key,
            MemberSource source,
            Function<Member, Sender> senders) {
        this.ledger = context.ledger();
        this.key = key;
        this.attributes = config.routingAttributes();
        Ring ring = config.weir().ring();
        backends = new Backends(
                context,
                config.protocol().otlp(),
                config.weir().maxQueueBytes(),
                "",
                Membership.of(List.of(), 0, ring),
                senders,
                this::again);
        roster = new Roster(context, source, ring, config.weir().gracePeriod(), backends::use);
        front = front(context, config);
        notEnqueued = context.metrics()
                .counter(
                        "otelcol_exporter_enqueue_failed_" + context.theSignal().items(),
                        "Items refused because the sending queue was full",
                        "exporter",
                        context.id().toString());
    }

    private @Nullable SendingQueue front(ComponentContext context, LoadBalancingConfig config) {
        SendingQueueConfig queue = Objects.requireNonNullElse(config.sendingQueue(), SendingQueueConfig.OFF);
        RetryPolicy retry = Objects.requireNonNullElse(config.retryOnFailure(), RetryPolicy.OFF);
        return queue.enabled() || retry.enabled()
                ? SendingQueue.inFront(context, queue, retry, config.weir().maxQueueBytes(), this::route)
                : null;
    }

    @Override
    public void start() throws Exception {
        roster.start();
        if (!backends.failure().isEmpty()) {
            throw new IOException(backends.failure());
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
        while (batch.items() > 0) {
            Backends.Current now = backends.current();
            @Nullable Batch[] parts = new Batch[now.list().size()];
            Delivery end = parts.length == 0 ? nobody() : cut(batch, now, parts);
            end = end == null ? place(now, parts) : end;
            if (end instanceof Delivery.Accepted || backends.isCurrent(now)) {
                return end;
            }
            // Another view of who the backends are came in between, and the refusal may be that of one that is gone.
        }
        return Delivery.ACCEPTED;
    }

    private Delivery nobody() {
        return Delivery.retryLater(NOBODY_RETRY, Reason.BACKEND_UNAVAILABLE, roster.trouble());
    }

    /** Cuts a request into parts; why it cannot be, or null. */
    private @Nullable Delivery cut(Batch batch, Backends.Current now, @Nullable Batch[] parts) {
        Router router = takeRouter();
        try {
            router.cut(batch, now.members(), parts);
            if (key == RoutingKey.TRACE_ID) {
                tellWhy(parts, now.members().fingerprint());
            }
            return null;
        } catch (MalformedOtlpException e) {
            return Delivery.rejected(Reason.MALFORMED, String.valueOf(e.getMessage()));
        } finally {
            giveRouter(router);
        }
    }

    /** A gateway that knows the same members need not look for the owners again. */
    private static void tellWhy(@Nullable Batch[] parts, long members) {
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            parts[i] = part == null ? null : part.routed(members, false);
        }
    }

    private Delivery place(Backends.Current now, @Nullable Batch[] parts) {
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            Delivery refusal = part == null ? null : now.at(i).queue().reserve(part);
            if (refusal != null) {
                release(now, parts, i);
                return named(refusal, now.at(i).member());
            }
        }
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            if (part != null) {
                now.at(i).queue().commit(part);
            }
        }
        backends.placed(now);
        return Delivery.ACCEPTED;
    }

    private static void release(Backends.Current now, @Nullable Batch[] parts, int end) {
        for (int i = 0; i < end; i++) {
            Batch part = parts[i];
            if (part != null) {
                now.at(i).queue().release(part);
            }
        }
    }

    /** Gives what was held for a backend that is gone to those who own it now. */
    private void again(Batch batch) {
        Backends.Current now = backends.current();
        @Nullable Batch[] parts = new Batch[now.list().size()];
        if (cut(batch, now, parts) != null) {
            throw new IllegalStateException("what was cut before cannot be cut any more");
        }
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            if (part != null) {
                now.at(i).queue().adopt(part);
            }
        }
        backends.placed(now);
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
        return new Router(key, attributes);
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
        done &= backends.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        return done;
    }

    @Override
    public void close() {
        draining = true;
        if (front != null) {
            front.close();
        }
        roster.close();
        backends.close();
    }

    @Override
    public String trouble() {
        return roster.trouble().isEmpty() ? backends.trouble() : roster.trouble();
    }
}
