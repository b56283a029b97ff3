package weir.gateway.sampling;

import java.util.Arrays;
import weir.otlp.FieldCursor;
import weir.otlp.Wire;
import weir.telemetry.Counter;

/**
 * Copies what is undecided in the oldest segment of a log to its newest, so that a few traces that wait long do not pin the
 * segments of many that did not. Belongs to who holds the shard's lock.
 */
final class Compaction {
    private static final int MIN_SEGMENTS = 4;
    private static final int FORWARD_BYTES = 1 << 20;
    private static final byte[] NO_ATTRIBUTES = {};

    private final SpanLog log;
    private final TraceTable table;
    private final TraceSummary trace;
    private final long seed;
    private final Counter moved;
    private final FieldCursor fields = new FieldCursor();
    private final ShardJournal journal;
    private final RequestWriter copies;
    private int[] traces = new int[64];
    private int collected;
    private int[] chain = new int[64];
    private int stuckSegment = SpanLog.NOWHERE;

    Compaction(SpanLog log, TraceTable table, long seed, Counter moved, ShardJournal journal) {
        this.journal = journal;
        this.copies = new RequestWriter(journal.isOn() ? 2 * FORWARD_BYTES : 64);
        this.log = log;
        this.table = table;
        this.trace = new TraceSummary(table);
        this.seed = seed;
        this.moved = moved;
    }

    /**
     * Frees the oldest segment when less than two thirds of the log are undecided.
     *
     * @param undecidedPayload the sum of the messages of the spans that are
     * @return whether it did; there may be more to do then
     */
    boolean step(long undecidedPayload) {
        if (log.segmentsInUse() < MIN_SEGMENTS || undecidedPayload * 3 >= log.payloadBytes() * 2) {
            return false;
        }
        int oldest = log.oldest();
        if (oldest == stuckSegment) {
            return false;
        }
        collect(oldest);
        log.beginMoves(forward());
        for (int i = 0; i < collected; i++) {
            trace.at(traces[i]).clear(TraceSummary.MOVING);
            move(oldest);
        }
        stuckSegment = log.pins(oldest) > 0 ? oldest : SpanLog.NOWHERE;
        log.recycle();
        return stuckSegment == SpanLog.NOWHERE;
    }

    /** Finds the traces whose oldest span lies in a segment. */
    private void collect(int oldest) {
        collected = 0;
        byte[] segment = log.bytesOf(log.position(oldest, 0));
        int end = log.end(oldest);
        for (int at = 0; at < end && collected < log.pins(oldest); at = SpanLog.after(segment, at)) {
            if (SpanLog.spanLength(segment, at) >= 0) {
                collectTraceOf(segment, at, oldest);
            }
        }
    }

    private void collectTraceOf(byte[] segment, int record, int oldest) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(segment, record);
        long high = 0;
        long low = 0;
        fields.reset(segment, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                boolean given = fields.end() - fields.from() == 2 * Long.BYTES;
                high = given ? Wire.bigEndian64(segment, fields.from()) : 0;
                low = given ? Wire.bigEndian64(segment, fields.from() + Long.BYTES) : 0;
            }
        }
        int entry = table.find(TraceHash.of(high, low, seed), high, low);
        if (entry != TraceTable.NONE && trace.at(entry).firstSegment() == oldest && !trace.has(TraceSummary.MOVING)) {
            trace.set(TraceSummary.MOVING);
            if (collected == traces.length) {
                traces = Arrays.copyOf(traces, 2 * collected);
            }
            traces[collected++] = entry;
        }
    }

    /**
     * Appends the spans of the traces that will be moved to the journal once more, so that they do not pin its old records.
     *
     * @return the oldest record of the journal that is needed for them then
     */
    private long forward() {
        if (!journal.isOn() || collected == 0) {
            return TraceJournal.NO_RECORD;
        }
        long former = log.neededFrom();
        long needed = TraceJournal.NO_RECORD;
        long bytes = 0;
        for (int i = 0; i < collected && needed != former; i++) {
            long more = trace.at(traces[i]).bytes();
            if (bytes > 0 && bytes + more > FORWARD_BYTES) {
                needed = Math.min(needed, forward(former));
                bytes = 0;
            }
            if (more > FORWARD_BYTES) {
                needed = former;
            } else {
                copy();
                bytes += more;
            }
        }
        return copies.spans() == 0 ? needed : Math.min(needed, forward(former));
    }

    private void copy() {
        for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(log.bytesOf(p), log.offset(p))) {
            copies.prepend(log.bytesOf(p), log.offset(p), NO_ATTRIBUTES);
        }
    }

    private long forward(long former) {
        long id = journal.forward(copies.finish());
        return id < 0 ? former : id;
    }

    /** Appends the records of the trace that is looked at once more, the oldest first. */
    private void move(int oldest) {
        int n = 0;
        for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(log.bytesOf(p), log.offset(p))) {
            if (n == chain.length) {
                chain = Arrays.copyOf(chain, 2 * n);
            }
            chain[n++] = p;
        }
        int copy = SpanLog.NOWHERE;
        int first = SpanLog.NOWHERE;
        while (n > 0) {
            copy = log.move(chain[--n], copy);
            if (first == SpanLog.NOWHERE) {
                first = copy;
            }
        }
        trace.newest(copy);
        log.unpin(oldest);
        log.pin(log.segment(first));
        trace.firstSegment(log.segment(first));
        moved.increment();
    }
}
