package weir.gateway.sampling;

import weir.tracestate.Thresholds;

/**
 * When a shard holds so much that deciding early does not help any more, new traces are not waited for: a fixed share of
 * them is passed on at once, by their ids, and the rest dropped, the same on all gateways. Belongs to who holds the
 * shard's lock.
 */
final class Stress {
    private final long threshold;
    private final long beginBytes;
    private final long endBytes;
    private boolean on;

    /**
     * @param percentage of the traces that is passed on; negative: it never comes to this
     * @param beginBytes held, from which on it is so
     * @param endBytes held, below which it is so no more
     */
    Stress(double percentage, long beginBytes, long endBytes) {
        this.threshold = OtTraceState.threshold(Math.max(0, percentage));
        this.beginBytes = percentage < 0 ? Long.MAX_VALUE : beginBytes;
        this.endBytes = endBytes;
    }

    void look(long heldBytes) {
        on = heldBytes >= (on ? endBytes : beginBytes);
    }

    boolean isOn() {
        return on;
    }

    boolean keeps(long traceIdLow) {
        return Thresholds.ofTraceId(traceIdLow) >= threshold;
    }

    long threshold() {
        return threshold;
    }
}
