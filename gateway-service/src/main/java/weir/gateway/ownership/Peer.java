package weir.gateway.ownership;

import java.io.IOException;
import java.time.Duration;
import weir.pipeline.ComponentContext;
import weir.pipeline.ToldDecisions;
import weir.transport.client.GrpcSettings;

/** Another gateway, as what speaks weir.gateway.v1 to it. For use by one thread. */
public interface Peer extends AutoCloseable {
    /** Opens one. Nothing is connected before the first call. */
    @FunctionalInterface
    interface Opener {
        /** @throws IOException if its settings cannot be used, with a sentence */
        Peer open(ComponentContext context, GrpcSettings settings, String name) throws IOException;
    }

    /**
     * Tells it decisions, and waits for its answer.
     *
     * @param told at most {@link DecisionTelling#MAX_DECISIONS} of them
     * @param members the fingerprint of the members as they are known here
     * @throws IOException if it did not take them, with a sentence
     */
    void tell(ToldDecisions told, long members, Duration timeout) throws IOException, InterruptedException;

    @Override
    void close();
}
