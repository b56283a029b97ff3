package weir.pipeline;

import weir.otlp.Batch;

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

    /**
     * Said before {@link #complete completion} with {@link Delivery.RetryLater} by who has passed on a part of the batch: only
     * the rest needs to be sent again. To send all of it again is allowed too, for who does not listen.
     *
     * @param rest in the order in which it is to be sent
     * @param rejected how many of the items that are not in the rest were rejected for good
     * @param why the last of these were; of no meaning if there are none
     */
    default void leaves(Batch rest, long rejected, Reason why) {}

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

            @Override
            public void leaves(Batch rest, long rejected, Reason why) {
                then.leaves(rest, rejected, why);
            }
        };
    }
}
