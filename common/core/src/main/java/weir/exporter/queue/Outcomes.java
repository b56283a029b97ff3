package weir.exporter.queue;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;

/** Books how batches end: in the account, in the held bytes, in the collector's metrics, and now and then in the log. */
final class Outcomes {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final ComponentContext context;
    private final Ledger ledger;
    private final boolean last;
    private final Counter sent;
    private final Counter failed;
    private final Counter notEnqueued;
    private final System.Logger log;
    private final AtomicLong quietUntil;
    private final AtomicLong unlogged = new AtomicLong();

    /** @param last whether what the sender accepts has left the component; else a later stage books how it ends */
    Outcomes(ComponentContext context, boolean last, String... labels) {
        this.context = context;
        this.ledger = context.ledger();
        this.last = last;
        this.log = context.logger();
        this.quietUntil = new AtomicLong(context.timer().nanoTime());
        String items = context.theSignal().items();
        var metrics = context.metrics();
        sent = metrics.counter("otelcol_exporter_sent_" + items, "Items that the backend took", labels);
        failed = metrics.counter("otelcol_exporter_send_failed_" + items, "Items that were given up", labels);
        notEnqueued = metrics.counter(
                "otelcol_exporter_enqueue_failed_" + items, "Items refused because the sending queue was full", labels);
    }

    void received(Batch batch) {
        ledger.received(batch.items());
    }

    void held(Batch batch) {
        context.held().add(batch.length());
    }

    void released(Batch batch) {
        context.held().release(batch.length());
    }

    /** A batch that was counted as received goes back to its sender without a try. */
    void refused(Batch batch, Delivery delivery) {
        ledger.settle(batch.items(), delivery);
        if (delivery instanceof Delivery.RetryLater(var _, var reason, var _) && reason == Reason.QUEUE_FULL) {
            notEnqueued.add(batch.items());
        }
    }

    /** A batch whose sender gets the backend's answer. */
    void answered(Batch batch, Delivery delivery) {
        long items = batch.items();
        switch (delivery) {
            case Delivery.Accepted() -> delivered(items);
            case Delivery.Partial(var rejected, var _, var _) -> {
                ledger.settle(items, delivery);
                failed.add(Math.min(items, rejected));
                sent.add(items - Math.min(items, rejected));
            }
            case Delivery.RetryLater _, Delivery.Rejected _ -> {
                ledger.settle(items, delivery);
                failed.add(items);
            }
        }
    }

    /** A batch whose sender was told that it is held: what the backend does not take is lost. */
    void ended(Batch batch, Delivery delivery) {
        ended(batch.items(), delivery);
    }

    private void ended(long items, Delivery delivery) {
        switch (delivery) {
            case Delivery.Accepted() -> delivered(items);
            case Delivery.Partial(var rejected, var reason, var message) -> {
                long lost = Math.min(items, rejected);
                delivered(items - lost);
                dropped(lost, reason, message);
            }
            case Delivery.RetryLater(var _, var reason, var message) -> dropped(items, reason, message);
            case Delivery.Rejected(var reason, var message) -> dropped(items, reason, message);
        }
    }

    /** What is still to be sent of a batch that another queue takes over; what was sent of it is booked here. */
    Batch rest(Pending pending) {
        if (pending.done() > 0) {
            ended(pending.done(), pending.outcomeOfDone());
        }
        return pending.rest();
    }

    private void delivered(long items) {
        if (last) {
            ledger.delivered(items);
            sent.add(items);
        }
    }

    private void dropped(long items, Reason reason, String message) {
        ledger.dropped(reason, items);
        failed.add(items);
        warn(() -> "dropped " + items + " " + context.theSignal().items() + " (" + reason.label() + "): " + message);
    }

    /** Logs at most one line per 10 seconds, and says how many were left out. */
    void warn(Supplier<String> line) {
        long now = context.timer().nanoTime();
        long until = quietUntil.get();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            long more = unlogged.getAndSet(0);
            log.log(Level.WARNING, line.get() + (more == 0 ? "" : " (and " + more + " more like it)"));
        } else {
            unlogged.incrementAndGet();
        }
    }
}
