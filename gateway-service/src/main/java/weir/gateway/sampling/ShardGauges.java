package weir.gateway.sampling;

import weir.flow.HeldBytes;

/** What a shard shows of itself. Written by who holds the shard's lock, read by any thread. */
final class ShardGauges {
    private static final long NANOS_IN_MILLI = 1_000_000;

    private final HeldBytes held;
    private final long maxHeldBytes;

    private volatile boolean full;
    private volatile long heldBytes;
    private volatile int traces;
    private volatile boolean stressed;
    private volatile long oldestAgeMillis;

    ShardGauges(HeldBytes held, Limits limits) {
        this.held = held;
        this.maxHeldBytes = limits.maxHeldBytes();
    }

    /** @param nanos since the shard's first tick */
    void show(TraceBuffer buffer, Departures departures, long nanos) {
        long bytes = buffer.bytes() + departures.bytes();
        held.add(bytes - heldBytes);
        heldBytes = bytes;
        full = bytes >= maxHeldBytes;
        stressed = buffer.isStressed();
        traces = buffer.traces();
        oldestAgeMillis = traces == 0 ? 0 : (nanos - buffer.oldestArrival() * TraceShard.TICK_NANOS) / NANOS_IN_MILLI;
    }

    /** Whether the byte budget is used up, so that nothing more should be submitted. */
    boolean isFull() {
        return full;
    }

    /** What log, index and outgoing batches take. */
    long heldBytes() {
        return heldBytes;
    }

    /** How many traces are undecided. */
    int traces() {
        return traces;
    }

    /** Whether new traces are not waited for. */
    boolean isStressed() {
        return stressed;
    }

    /** How long ago the first span of the oldest undecided trace came. */
    long oldestAgeMillis() {
        return oldestAgeMillis;
    }
}
