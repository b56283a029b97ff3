package weir.pipeline;

import java.time.Duration;

/**
 * How the delivery of one batch ended. Maps one to one to OTLP replies: success, partial success, UNAVAILABLE with
 * RetryInfo (503 with Retry-After), INVALID_ARGUMENT (400).
 */
public sealed interface Delivery {
    /** Held by a component that promises to keep it, or by the backend. */
    record Accepted() implements Delivery {}

    /**
     * Taken but for some items, which are lost for good.
     *
     * @param rejectedItems at least 1
     */
    record Partial(long rejectedItems, Reason reason, String message) implements Delivery {}

    /**
     * Not taken, nothing of it is held; the same batch may be sent again after a while.
     *
     * @param after how long to wait at the least; zero if there is nothing to say
     */
    record RetryLater(Duration after, Reason reason, String message) implements Delivery {}

    /** Not taken and never will be: sending it again is of no use. */
    record Rejected(Reason reason, String message) implements Delivery {}

    /** The one instance there need be of {@link Accepted}. */
    Delivery ACCEPTED = new Accepted();

    static Delivery retryLater(Duration after, Reason reason, String message) {
        return new RetryLater(after, reason, message);
    }

    static Delivery rejected(Reason reason, String message) {
        return new Rejected(reason, message);
    }
}
