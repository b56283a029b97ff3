package weir.pipeline;

import weir.otlp.Batch;
import weir.otlp.LentIndex;
import weir.otlp.Signal;

/** Requests that a component wrote anew, of bytes that were checked. */
public final class Rewritten {
    private Rewritten() {}

    /** Passes one on; all who read its traces until it is delivered share one index of them. */
    public static void pass(Batch batch, Consumer next, DeliveryCallback done) {
        if (batch.signal() != Signal.TRACES) {
            next.consume(batch, done);
            return;
        }
        LentIndex index = new LentIndex();
        next.consume(batch.lending(index), done.after(_ -> index.takeBack()));
    }
}
