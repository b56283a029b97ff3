package weir.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.telemetry.Metrics;

/**
 * The account of one component and signal, in items:
 * {@code received + recovered = delivered + dropped(reason) + refused(reason) + held}. Exact whenever nothing is in flight
 * (DESIGN 8.1). Each sum is kept by itself, so that a component which forgets one is found out. Safe for use by any thread.
 *
 * <p>A component that only passes batches on calls {@link #pass}. One that keeps them calls {@link #received}, and when it
 * is rid of them {@link #delivered} or {@link #dropped}; what it never took it {@link #refused}.
 */
public final class Ledger {
    private final Metrics metrics;
    private final String kind;
    private final String component;
    private final Signal signal;
    private final LongAdder received = new LongAdder();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder held = new LongAdder();
    private final Map<Reason, LongAdder> dropped = new ConcurrentHashMap<>();
    private final Map<Reason, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<Signal, Ledger> bySignal = new ConcurrentHashMap<>();

    /** @param signal of the component; for one that serves several, any: ask {@link #of} for each */
    public Ledger(Metrics metrics, String kind, String component, Signal signal) {
        this.metrics = metrics;
        this.kind = kind;
        this.component = component;
        this.signal = signal;
    }

    /** Registers its instruments; the engine calls it, once, for accounts that are in use. */
    public Ledger registered() {
        metrics.counter("weir_ledger_received_items", "Items that entered the component", received::sum, labels());
        metrics.counter("weir_ledger_recovered_items", "Items read back from disk at start", recovered::sum, labels());
        metrics.counter("weir_ledger_delivered_items", "Items passed on for good", delivered::sum, labels());
        metrics.gauge("weir_ledger_held_items", "Items that the component holds", held::sum, labels());
        return this;
    }

    /** The account of the same component for one signal. */
    public Ledger of(Signal other) {
        return bySignal.computeIfAbsent(other, s -> new Ledger(metrics, kind, component, s).registered());
    }

    /** The kind of its component, as in metric labels: receiver. */
    public String kind() {
        return kind;
    }

    /** The id of its component. */
    public String component() {
        return component;
    }

    public Signal signal() {
        return signal;
    }

    /** The accounts that {@link #of} was asked for. */
    public List<Ledger> parts() {
        return List.copyOf(bySignal.values());
    }

    /** Items that entered and are held from now on. */
    public void received(long items) {
        received.add(items);
        held.add(items);
    }

    /** Items that were read back from disk and are held from now on. */
    public void recovered(long items) {
        recovered.add(items);
        held.add(items);
    }

    /** Items that were held and are now held by the next component or the backend. */
    public void delivered(long items) {
        delivered.add(items);
        held.add(-items);
    }

    /** Items that were held and are lost for good. */
    public void dropped(Reason reason, long items) {
        dropped(reason).add(items);
        held.add(-items);
    }

    /** Items that had been counted as received and were given back to the sender after all. */
    public void refused(Reason reason, long items) {
        refused(reason).add(items);
        held.add(-items);
    }

    /** Items that entered and were refused at once. */
    public void receivedAndRefused(Reason reason, long items) {
        received.add(items);
        refused(reason).add(items);
    }

    /** Books a delivery's end for items that were counted as received. A rejection is a refusal: the sender is told. */
    public void settle(long items, Delivery delivery) {
        switch (delivery) {
            case Delivery.Accepted() -> delivered(items);
            case Delivery.Partial(var rejected, var reason, var _) -> {
                refused(reason, Math.min(items, rejected));
                delivered(items - Math.min(items, rejected));
            }
            case Delivery.RetryLater(var _, var reason, var _) -> refused(reason, items);
            case Delivery.Rejected(var reason, var _) -> refused(reason, items);
        }
    }

    /** Passes a batch on unchanged, and books how it ended. */
    public void pass(Batch batch, Consumer next, DeliveryCallback done) {
        int items = batch.items();
        received(items);
        next.consume(batch, done.after(delivery -> settle(items, delivery)));
    }

    public long receivedItems() {
        return received.sum();
    }

    public long recoveredItems() {
        return recovered.sum();
    }

    public long deliveredItems() {
        return delivered.sum();
    }

    public long heldItems() {
        return held.sum();
    }

    public long droppedItems() {
        return sum(dropped);
    }

    public long refusedItems() {
        return sum(refused);
    }

    public long droppedItems(Reason reason) {
        return dropped(reason).sum();
    }

    public long refusedItems(Reason reason) {
        return refused(reason).sum();
    }

    /** What is unaccounted for: zero whenever nothing is in flight, unless a component books wrongly. */
    public long difference() {
        return receivedItems() + recoveredItems() - deliveredItems() - droppedItems() - refusedItems() - heldItems();
    }

    private LongAdder dropped(Reason reason) {
        LongAdder sum = dropped.get(reason);
        return sum != null
                ? sum
                : dropped.computeIfAbsent(reason, r -> adder("weir_ledger_dropped_items", "Items lost for good", r));
    }

    private LongAdder refused(Reason reason) {
        LongAdder sum = refused.get(reason);
        return sum != null
                ? sum
                : refused.computeIfAbsent(
                        reason, r -> adder("weir_ledger_refused_items", "Items not taken; the sender was told", r));
    }

    private LongAdder adder(String name, String help, Reason reason) {
        LongAdder sum = new LongAdder();
        metrics.counter(name, help, sum::sum, labels("reason", reason.label()));
        return sum;
    }

    private String[] labels(String... more) {
        String[] labels = Arrays.copyOf(
                new String[] {"kind", kind, "component", component, "signal", signal.label()}, 6 + more.length);
        System.arraycopy(more, 0, labels, 6, more.length);
        return labels;
    }

    private static long sum(Map<Reason, LongAdder> byReason) {
        return byReason.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
