package weir.gateway.sampling;

/**
 * What a policy asks when a span comes, while its bytes are hot: the answers of all spans of a trace are OR-ed into
 * {@link TraceSummary#matched}, one bit a condition. Used by the threads of all shards.
 */
sealed interface ArrivalCondition {
    /**
     * The trace's duration lies in a range, at some time while its spans come.
     *
     * @param minNanos inclusive
     * @param maxNanos inclusive
     */
    record Duration(long minNanos, long maxNanos) implements ArrivalCondition {
        boolean matches(long nanos) {
            return nanos >= minNanos && nanos <= maxNanos;
        }
    }
}
