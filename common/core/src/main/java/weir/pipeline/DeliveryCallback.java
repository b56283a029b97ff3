package weir.pipeline;

/** Learns how the delivery of one batch ended. */
@FunctionalInterface
public interface DeliveryCallback {
    /**
     * Called exactly once per batch, from any thread, before or after {@link Consumer#consume} has returned. Must not block
     * and must not throw.
     */
    void complete(Delivery delivery);

    /**
     * Whether {@link Delivery.Accepted} must mean that what was sent outlives this process: a backend has it, or a disk. Who
     * would only hold it in memory completes the delivery when that is so.
     */
    default boolean awaitsBackend() {
        return false;
    }

    /** A callback that does something first, and is as this one otherwise. */
    default DeliveryCallback after(java.util.function.Consumer<Delivery> first) {
        DeliveryCallback then = this;
        return new DeliveryCallback() {
            @Override
            public void complete(Delivery delivery) {
                first.accept(delivery);
                then.complete(delivery);
            }

            @Override
            public boolean awaitsBackend() {
                return then.awaitsBackend();
            }
        };
    }
}
