package weir.gateway.sampling;

/** What policies may look at besides the trace: the time, and where its spans lie. Belongs to who holds the shard's lock. */
final class DecisionContext {
    final SpanLog log;

    private final long epochUnixMillis;
    private final OtTraceState state = new OtTraceState();
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

    /** What decides about a trace that is kept with some probability: 56 bits, the same wherever it is asked about. */
    long randomness(TraceSummary trace) {
        int newest = trace.newest();
        return state.randomness(log.bytesOf(newest), log.offset(newest), trace.idLow());
    }

    /** How long a tick is ago. */
    int millisSince(int then) {
        return (int) Math.min(Integer.MAX_VALUE, (tick - then) * (TraceShard.TICK_NANOS / 1_000_000));
    }

    long unixMillis() {
        return epochUnixMillis + nanos() / 1_000_000;
    }

    long unixSecond() {
        return Math.floorDiv(unixMillis(), 1000);
    }
}
