package weir.gateway.sampling;

/** What policies may look at besides the trace: the time, and where its spans lie. Belongs to who holds the shard's lock. */
final class DecisionContext {
    final SpanLog log;

    private final long epochUnixMillis;
    private int tick;

    /** @param epochUnixMillis wall clock at tick 0 */
    DecisionContext(SpanLog log, long epochUnixMillis) {
        this.log = log;
        this.epochUnixMillis = epochUnixMillis;
    }

    DecisionContext at(int now) {
        tick = now;
        return this;
    }

    /** Since some time, not before which anything is decided. */
    long nanos() {
        return tick * TraceShard.TICK_NANOS;
    }

    long unixSecond() {
        return Math.floorDiv(epochUnixMillis + nanos() / 1_000_000, 1000);
    }
}
