package weir.gateway.sampling;

/**
 * Lets through so many a second, and as many at once as have gathered: begins full, fills continuously. All or nothing. As
 * the collector's limiters, to the nanosecond of waiting that they overlook. Belongs to who holds the shard's lock.
 */
final class TokenBucket {
    private final double perNano;
    private final double capacity;
    private final boolean oversize;
    private double tokens;
    private long filledNanos;

    /**
     * @param perSecond tokens that come each second
     * @param capacity tokens that it can hold
     * @param oversize whether what costs more than it can hold is let through when it is full, and worked off afterwards
     */
    TokenBucket(double perSecond, double capacity, boolean oversize) {
        this.perNano = perSecond / 1e9;
        this.capacity = capacity;
        this.oversize = oversize;
        this.tokens = capacity;
    }

    /** Takes tokens, if there are as many; time never runs backwards. */
    boolean take(long cost, long nowNanos) {
        tokens = Math.min(capacity, tokens + (nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
        double left = tokens - cost;
        boolean enough =
                cost <= capacity ? left >= 0 || left > -perNano : oversize && capacity > 0 && tokens >= capacity;
        if (enough) {
            tokens = left;
        }
        return enough;
    }

    /** Holds as much as another one of the same rate. */
    void continueFrom(TokenBucket former) {
        tokens = former.tokens;
        filledNanos = former.filledNanos;
    }
}
