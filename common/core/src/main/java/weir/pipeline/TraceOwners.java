package weir.pipeline;

import java.time.Duration;
import weir.hash.Membership;
import weir.otlp.Batch;

/**
 * A processor that knows which process owns which trace, and reaches the others; told to the components behind it in its
 * pipeline that hold traces, see {@link HandsOver}. Safe for use by any thread; never blocks.
 */
public interface TraceOwners {
    /** The members now; nobody before any was found. */
    Membership members();

    /** The name of this process among the members, of which it may be none. */
    String self();

    /** How fast this process may give away what it holds, in all. */
    long bytesPerSecond();

    /**
     * Sends spans of traces to the member that owns them, marked so that it does not send them on: one try, and nothing of it
     * is held here.
     *
     * @param batch {@link Batch#routed routed} by the members among which the owner was found; if these are not the members
     *     any more, the answer is to try later
     * @param to the owner's position among these members, which is not this process' own
     * @param done given the owner's answer
     */
    void send(Batch batch, int to, DeliveryCallback done);

    /** Has others told what a component decided, whenever they come to need it. Called before the start. */
    default void share(SharesDecisions decided) {}

    /** Tells all others what was decided, because this process stops. Returns when that is done or the time is over. */
    default void tellAll(Duration limit) throws InterruptedException {}
}
