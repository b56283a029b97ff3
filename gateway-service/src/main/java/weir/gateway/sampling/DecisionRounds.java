package weir.gateway.sampling;

/**
 * When traces of a shard are decided, and how many at once: what is due once in 100 ms, what is too much at once, and at the end
 * all there is; in pieces of some milliseconds. Belongs to who holds the shard's lock.
 */
final class DecisionRounds {
    /** Between the begins of two rounds. */
    static final int TICKS = 10;

    private static final int DECISIONS_A_LOOK = 16;
    private static final long MAX_NANOS = 2_000_000;

    private final TraceBuffer buffer;
    private final Deadlines deadlines;
    private final LookAhead lookAhead;
    private final TraceSummary trace;
    private final Outbox outbox;
    private final long pressureBytes;
    private final int[] due = new int[DECISIONS_A_LOOK];
    private int last;
    private boolean isOpen;

    /**
     * @param trace the buffer's view, moved as traces are decided
     * @param pressureBytes from which on the oldest traces are decided early
     */
    DecisionRounds(
            TraceBuffer buffer,
            Deadlines deadlines,
            LookAhead lookAhead,
            TraceSummary trace,
            Outbox outbox,
            long pressureBytes) {
        this.buffer = buffer;
        this.deadlines = deadlines;
        this.lookAhead = lookAhead;
        this.trace = trace;
        this.outbox = outbox;
        this.pressureBytes = pressureBytes;
    }

    /** Whether so much is held that traces are decided early. */
    boolean isPressed() {
        return buffer.bytes() > pressureBytes;
    }

    /** Whether there is something to be decided at this time. */
    boolean isTime(int tick) {
        return isOpen || tick - last >= TICKS || isPressed();
    }

    /**
     * Does a piece of a round, and begins one if none is open.
     *
     * @param all whether to decide all there is
     * @return whether the round is done
     */
    boolean advance(int tick, boolean all) {
        boolean pressed = isPressed();
        if (!isOpen) {
            isOpen = true;
            last = tick;
        }
        long until = System.nanoTime() + MAX_NANOS;
        boolean done = decideDue(tick, until);
        if (pressed) {
            done &= relieve(tick, until);
        }
        if (all) {
            done &= decideAll(tick, until);
        }
        isOpen = !done;
        return done;
    }

    /** Decides traces whose wait is over; whether none of them is left. */
    boolean decideDue(int tick, long untilNanos) {
        while (!outbox.full()) {
            int n = deadlines.due(tick, due);
            if (n == 0) {
                return true;
            }
            lookAhead.traces(due, n, trace);
            for (int k = 0; k < n; k++) {
                buffer.decide(
                        due[k],
                        trace.at(due[k]).has(TraceSummary.AFTER_ROOT) ? Trigger.ROOT_SEEN : Trigger.DEADLINE,
                        tick);
            }
            if (System.nanoTime() - untilNanos >= 0) {
                return false;
            }
        }
        return false;
    }

    /** Decides the oldest traces until what is held is within bounds; whether it is, or nothing can be done about it. */
    private boolean relieve(int tick, long untilNanos) {
        while (isPressed() && !outbox.full()) {
            if (!buffer.compact()) {
                for (int n = 0; n < DECISIONS_A_LOOK; n++) {
                    int entry = deadlines.oldest();
                    if (entry == TraceTable.NONE) {
                        buffer.recycle();
                        return true;
                    }
                    buffer.decide(entry, Trigger.MEMORY, tick);
                }
            }
            buffer.recycle();
            if (System.nanoTime() - untilNanos >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Decides what there is, because the process stops; whether nothing is left. */
    private boolean decideAll(int tick, long untilNanos) {
        while (!outbox.full()) {
            for (int n = 0; n < DECISIONS_A_LOOK; n++) {
                int entry = deadlines.oldest();
                if (entry == TraceTable.NONE) {
                    return true;
                }
                buffer.end(entry, tick);
            }
            if (System.nanoTime() - untilNanos >= 0) {
                return false;
            }
        }
        return false;
    }
}
