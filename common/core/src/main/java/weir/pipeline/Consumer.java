package weir.pipeline;

import weir.otlp.Batch;

/** The one seam between components: takes a batch, and completes its delivery once, now or later, from any thread. */
@FunctionalInterface
public interface Consumer {
    /**
     * Takes a batch. Called from any thread, an event loop's among them, by several at once: must not block.
     *
     * @param done completed exactly once, also when this method fails; whoever called then knows who holds the batch
     */
    void consume(Batch batch, DeliveryCallback done);

    /**
     * Whether it only counts what goes by, so that nothing is kept by its accepting a batch. Beside others it is given a batch
     * when they have answered, and not one that they want again, which would be counted twice; see {@link FanOut}.
     */
    default boolean isWitness() {
        return false;
    }
}
