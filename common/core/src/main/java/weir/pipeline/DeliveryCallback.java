package weir.pipeline;

/** Learns how the delivery of one batch ended. */
@FunctionalInterface
public interface DeliveryCallback {
    /**
     * Called exactly once per batch, from any thread, before or after {@link Consumer#consume} has returned. Must not block
     * and must not throw.
     */
    void complete(Delivery delivery);
}
