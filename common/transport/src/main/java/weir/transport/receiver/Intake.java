package weir.transport.receiver;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.TraceIndexes;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/**
 * Where the requests of one signal and protocol enter the pipeline: checks them, indexes traces, keeps the account and the
 * collector's receiver metrics. Called from event loops, several at once; does not block.
 *
 * <p>Request counters: {@code weir_receiver_refused_requests} by {@code reason}, for what is refused before its items could be
 * counted.
 */
final class Intake {
    /** Learns what to tell the client; called once, from any thread. */
    @FunctionalInterface
    interface Reply {
        void answer(Answer answer);
    }

    /** Indexes that are kept for use again, shared by all receivers: about as many as requests are under way at once. */
    private static final TraceIndexes INDEXES = new TraceIndexes(64);

    private final Signal signal;
    private final Consumer next;
    private final InFlight inFlight;
    private final Ledger ledger;
    private final Counter accepted;
    private final Counter refused;
    private final Counter failed;
    private final Counter malformed;
    private final System.Logger log;

    /** @param transport grpc or http, as the collector's metrics have it */
    Intake(Signal signal, String transport, Consumer next, InFlight inFlight, ComponentContext context) {
        this.signal = signal;
        this.next = next;
        this.inFlight = inFlight;
        ledger = context.ledger().of(signal);
        log = context.logger();
        accepted = items(context, transport, "accepted", "Items that were accepted");
        refused = items(context, transport, "refused", "Items that the pipeline did not take");
        failed = items(context, transport, "failed", "Items that failed for a defect");
        malformed = refusedRequests(context, transport, Reason.MALFORMED);
    }

    private Counter items(ComponentContext context, String transport, String what, String help) {
        return context.metrics()
                .counter(
                        "otelcol_receiver_" + what + "_" + signal.items(),
                        help,
                        "receiver",
                        context.id().toString(),
                        "transport",
                        transport);
    }

    /** The counter of requests that were refused unseen. */
    static Counter refusedRequests(ComponentContext context, String transport, Reason reason) {
        return context.metrics()
                .counter(
                        "weir_receiver_refused_requests",
                        "Requests refused before their items were counted",
                        "receiver",
                        context.id().toString(),
                        "transport",
                        transport,
                        "reason",
                        reason.label());
    }

    Signal signal() {
        return signal;
    }

    /**
     * Takes a request of a client that says nothing of who it is for.
     *
     * @param bytes the whole array is the request; nobody writes to it afterwards
     */
    void take(byte[] bytes, Reply reply) {
        take(bytes, 0, false, reply);
    }

    /**
     * Takes a request.
     *
     * @param bytes the whole array is the request; nobody writes to it afterwards
     * @param members see {@link Batch#routedBy}
     * @param forwarded see {@link Batch#isForwarded}
     */
    void take(byte[] bytes, long members, boolean forwarded, Reply reply) {
        if (!inFlight.enter()) {
            reply.answer(Answer.shuttingDown());
            return;
        }
        TraceIndex index = signal == Signal.TRACES ? INDEXES.take() : null;
        Batch batch;
        try {
            batch = index == null
                    ? OtlpCheck.check(signal, bytes, 0, bytes.length)
                    : OtlpCheck.check(signal, bytes, 0, bytes.length, index);
        } catch (MalformedOtlpException e) {
            malformed.increment();
            settle(index, reply, Answer.malformed("not an OTLP request of " + signal.label() + ": " + e.getMessage()));
            return;
        }
        if (batch.items() == 0) {
            settle(index, reply, Answer.OK);
            return;
        }
        if (members != 0 || forwarded) {
            batch = batch.routed(members, forwarded);
        }
        Passage passage = new Passage(batch.items(), index, reply);
        ledger.received(batch.items());
        try {
            next.consume(batch, passage);
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "a component failed on a batch of " + signal.label(), e);
            passage.complete(Delivery.rejected(Reason.INTERNAL_ERROR, "internal error"));
        }
    }

    private void settle(@Nullable TraceIndex index, Reply reply, Answer answer) {
        if (index != null) {
            INDEXES.give(index);
        }
        try {
            reply.answer(answer);
        } finally {
            inFlight.leave();
        }
    }

    private void count(int items, Delivery delivery) {
        ledger.settle(items, delivery);
        switch (delivery) {
            case Delivery.Accepted() -> accepted.add(items);
            case Delivery.Partial(var rejected, var _, var _) -> {
                long lost = Math.min(items, rejected);
                accepted.add(items - lost);
                refused.add(lost);
            }
            case Delivery.RetryLater(var _, var reason, var _) ->
                notTaken(reason).add(items);
            case Delivery.Rejected(var reason, var _) -> notTaken(reason).add(items);
        }
    }

    private Counter notTaken(Reason reason) {
        return reason == Reason.INTERNAL_ERROR ? failed : refused;
    }

    /** One batch on its way. A second completion, a defect of some component, must not hand the index to two requests. */
    private final class Passage implements DeliveryCallback {
        private final int items;
        private final @Nullable TraceIndex index;
        private final Reply reply;
        private final AtomicBoolean open = new AtomicBoolean(true);

        Passage(int items, @Nullable TraceIndex index, Reply reply) {
            this.items = items;
            this.index = index;
            this.reply = reply;
        }

        @Override
        public void complete(Delivery delivery) {
            if (!open.compareAndSet(true, false)) {
                log.log(Level.ERROR, "a delivery was completed twice", new IllegalStateException());
                return;
            }
            count(items, delivery);
            settle(index, reply, Answer.to(delivery));
        }
    }
}
