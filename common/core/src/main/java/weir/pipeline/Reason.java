package weir.pipeline;

import java.util.Locale;

/** Why items were refused or dropped. Each {@link #label} is a value of the metric label {@code reason}. */
public enum Reason {
    /** The request was not well-formed OTLP. */
    MALFORMED,
    /** A message, body or trace over its limit. */
    TOO_LARGE,
    /** The bytes that components hold reached the memory limiter's limit. */
    MEMORY_LIMIT,
    /** A queue or buffer was full. */
    QUEUE_FULL,
    /** The process is draining; a client that retries reaches the next one. */
    SHUTTING_DOWN,
    /** The process ended before what it still held was delivered. */
    SHUTDOWN_INCOMPLETE,
    /** The backend answered that it will never take it. */
    BACKEND_REJECTED,
    /** The backend took the request but rejected some of its items (OTLP partial success). */
    BACKEND_PARTIAL,
    /** The backend could not be reached, or answered that it should be tried again. */
    BACKEND_UNAVAILABLE,
    /** It belongs to another gateway, and was sent here by one that does not know that yet. */
    NOT_OWNER,
    /** {@code max_elapsed_time} of the retries passed. */
    RETRIES_EXHAUSTED,
    /** The sampling policies decided so; a drop that is the product's purpose. */
    NOT_SAMPLED,
    /** The conditions of a filter say so; a drop that is the product's purpose. */
    FILTERED,
    /** A statement made one data point of several, in which this one lives on; a drop that is the product's purpose. */
    MERGED,
    /** No entry of a routing table is for it, and there are no default pipelines; a drop that is the product's purpose. */
    NOT_ROUTED,
    /** A statement or condition cannot be done with an item, and its {@code error_mode} is {@code propagate}. */
    STATEMENT_FAILED,
    /** A component that is not made for this signal or content. */
    UNSUPPORTED,
    /** There are as many series as a limit allows, and this would be one more. */
    SERIES_LIMIT,
    /** Another metric or series already has the name that this would be shown by. */
    NAME_CONFLICT,
    /** No name that the backend takes can be made of a metric's or attribute's. */
    INVALID_NAME,
    /** Older than what is held of the same series. */
    OUT_OF_ORDER,
    /** A defect of Weir, logged with its stack trace. */
    INTERNAL_ERROR;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label {@code reason}. */
    public String label() {
        return label;
    }
}
