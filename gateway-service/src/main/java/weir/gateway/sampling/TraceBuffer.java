package weir.gateway.sampling;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;
import weir.pipeline.Reason;

/**
 * The undecided traces of a shard and what becomes of them: spans in, decisions and kept batches out. Belongs to the shard's
 * thread; time comes in as ticks.
 */
final class TraceBuffer {
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final int MAX_BATCH_SPANS = 4096;
    private static final int DECISIONS_A_LOOK = 16;
    private static final int AHEAD = 64;
    private static final int TIMED = 64;
    private static final int[] STATUS = {TraceSummary.UNSET, TraceSummary.OK, TraceSummary.ERROR, 0};

    private final long seed;
    private final Limits limits;
    private final PolicySet policies;
    private final Tally tally;
    private final SamplingMetrics metrics;
    private final Outbox outbox;
    private final DecisionNotes notes;
    private final BiConsumer<String, Throwable> failed;

    private final TraceTable table = new TraceTable();
    private final Deadlines deadlines = new Deadlines(table);
    private final TraceSummary trace = new TraceSummary(table);
    private final DecisionMemory memory;
    private final SpanLog log;
    private final RequestWriter writer = new RequestWriter(MAX_BATCH_BYTES);

    private long undecidedPayload;
    private long decisions;
    private long notSampled;
    private long pendingDropped;
    private long broken;
    /** The trace of the span before; spans of a trace often come in a row. */
    private int lastEntry = TraceTable.NONE;

    private int[] chain = new int[64];
    private final int[] due = new int[DECISIONS_A_LOOK];
    private final long[] hashes = new long[AHEAD];
    private final long[] slots = new long[AHEAD];

    /** Written so that reads ahead are not optimised away. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    private int stuckSegment = SpanLog.NOWHERE;
    private Reason failure = Reason.INTERNAL_ERROR;

    TraceBuffer(
            long seed,
            Limits limits,
            PolicySet policies,
            Tally tally,
            SamplingMetrics metrics,
            Outbox outbox,
            DecisionNotes notes,
            BiConsumer<String, Throwable> failed) {
        this.seed = seed;
        this.limits = limits;
        this.policies = policies;
        this.tally = tally;
        this.metrics = metrics;
        this.outbox = outbox;
        this.notes = notes;
        this.failed = failed;
        this.memory = new DecisionMemory(limits.rememberedDecisions());
        this.log = new SpanLog(limits.segmentBits());
    }

    int traces() {
        return table.size();
    }

    /** What log, index and outgoing batches take. */
    long bytes() {
        return log.bytes() + table.bytes() + outbox.bytes();
    }

    /** Whether no kept span waits for more to be sent with. */
    boolean isFlushed() {
        return writer.spans() == 0;
    }

    /** The tick in which the first span of the oldest trace came; 0 if there is none. */
    int oldestArrival() {
        int oldest = deadlines.oldest();
        return oldest == TraceTable.NONE ? 0 : trace.at(oldest).arrivalTick();
    }

    /** How many spans of a submission are a shard's. */
    int items(Submission submission, int shard) {
        return submission.starts == null ? submission.items : submission.starts[shard + 1] - submission.starts[shard];
    }

    /** Why the last {@link #append} did not take all. */
    Reason failure() {
        return failure;
    }

    /**
     * Takes in a shard's spans of a submission.
     *
     * @return how many it could not take; see {@link #failure}
     */
    int append(Submission submission, int shard, int tick) {
        int[] order = submission.order;
        int from = submission.starts == null ? 0 : submission.starts[shard];
        int end = from + items(submission, shard);
        int i = from;
        try {
            log.begin(submission.index);
            lastEntry = TraceTable.NONE;
            while (i < end) {
                int ahead = Math.min(AHEAD, end - i);
                lookAhead(submission.index, order, i, ahead);
                for (int n = 0; n < ahead; n++, i++) {
                    append(submission.index, order == null ? i : order[i], hashes[n], tick);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e instanceof OutOfMemoryError ? Reason.MEMORY_LIMIT : Reason.INTERNAL_ERROR;
            failed.accept("taking in a request", e);
        }
        return end - i;
    }

    /**
     * Hashes the ids of some spans and reads what will be read of their traces: the reads do not wait for each other here,
     * and each of them would wait for memory otherwise.
     */
    private void lookAhead(TraceIndex index, int @Nullable [] order, int from, int n) {
        long sum = 0;
        long high = 0;
        long low = 0;
        for (int k = 0; k < n; k++) {
            int span = order == null ? from + k : order[from + k];
            long h = index.traceIdHigh(span);
            long l = index.traceIdLow(span);
            if (k > 0 && l == low && h == high) {
                hashes[k] = hashes[k - 1];
                slots[k] = 0;
            } else {
                long hash = TraceHash.of(h, l, seed);
                hashes[k] = hash;
                slots[k] = table.touch(hash);
                sum += memory.touch(hash);
                high = h;
                low = l;
            }
        }
        for (int k = 0; k < n; k++) {
            if (slots[k] != 0) {
                sum += table.touchEntry(slots[k]);
            }
        }
        touched = sum;
    }

    private void append(TraceIndex index, int span, long hash, int tick) {
        long high = index.traceIdHigh(span);
        long low = index.traceIdLow(span);
        int entry = lastEntry;
        if (entry == TraceTable.NONE || trace.at(entry).idLow() != low || trace.idHigh() != high) {
            entry = table.find(hash, high, low);
            if (entry == TraceTable.NONE) {
                int verdict = memory.verdict(hash);
                if (verdict != DecisionMemory.UNKNOWN) {
                    late(index, span, verdict);
                    return;
                }
                lastEntry = begin(index, span, hash, tick);
                added(index, span, tick);
                return;
            }
            trace.at(entry);
            lastEntry = entry;
        }
        trace.newest(log.append(index, span, trace.newest()));
        added(index, span, tick);
    }

    /** Makes the entry of a trace whose first span this is. */
    private int begin(TraceIndex index, int span, long hash, int tick) {
        if (table.size() >= limits.maxTraces()) {
            decide(deadlines.oldest(), Trigger.MEMORY, tick);
        }
        int position = log.append(index, span, SpanLog.NOWHERE);
        int entry = table.add(hash, index.traceIdHigh(span), index.traceIdLow(span));
        trace.at(entry);
        trace.newest(position);
        trace.firstSegment(log.segment(position));
        log.pin(log.segment(position));
        trace.ticks(tick, tick + limits.waitTicks());
        deadlines.add(entry, false);
        tally.newTraces++;
        return entry;
    }

    /** Books a span that was appended to the trace that is looked at. */
    private void added(TraceIndex index, int span, int tick) {
        int length = index.spanEnd(span) - index.spanFrom(span);
        int flags = index.flags(span);
        trace.add(index.startNanos(span), index.endNanos(span), length, STATUS[flags & TraceIndex.STATUS_MASK]);
        undecidedPayload += length;
        policies.arrived(trace);
        if ((flags & TraceIndex.ROOT) != 0 && !trace.has(TraceSummary.ROOT)) {
            rootSeen(tick);
        }
        if (trace.bytes() >= limits.maxTraceBytes()) {
            oversized(tick);
        }
    }

    private void rootSeen(int tick) {
        trace.set(TraceSummary.ROOT);
        int deadline = tick + limits.afterRootTicks();
        if (limits.afterRootTicks() > 0 && deadline - trace.deadlineTick() < 0) {
            deadlines.remove(trace.entry(), false);
            trace.ticks(trace.arrivalTick(), deadline);
            trace.set(TraceSummary.AFTER_ROOT);
            deadlines.add(trace.entry(), true);
        }
    }

    private void oversized(int tick) {
        if (limits.dropOversized()) {
            metrics.tooLarge.increment();
        }
        decide(trace.entry(), Trigger.SPAN_LIMIT, tick);
    }

    private void late(TraceIndex index, int span, int verdict) {
        if (verdict == DecisionMemory.DROPPED) {
            tally.lateNotSampled++;
            notSampled++;
            return;
        }
        int position = log.append(index, span, SpanLog.NOWHERE);
        keep(position, policies.attributes(verdict - 1, Trigger.LATE_SPAN));
        tally.lateSampled++;
    }

    /** Decides traces whose wait is over; whether none of them is left. */
    boolean decideDue(int tick, long untilNanos) {
        while (!outbox.full()) {
            int n = deadlines.due(tick, due);
            if (n == 0) {
                return true;
            }
            long sum = 0;
            for (int k = 0; k < n; k++) {
                trace.at(due[k]);
                long hash = TraceHash.of(trace.idHigh(), trace.idLow(), seed);
                sum += table.touch(hash) + memory.touch(hash);
            }
            touched = sum;
            for (int k = 0; k < n; k++) {
                decide(
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
    boolean relieve(int tick, long bytes, long untilNanos) {
        while (bytes() > bytes && !outbox.full()) {
            if (!compact()) {
                for (int n = 0; n < DECISIONS_A_LOOK; n++) {
                    int entry = deadlines.oldest();
                    if (entry == TraceTable.NONE) {
                        recycle();
                        return true;
                    }
                    decide(entry, Trigger.MEMORY, tick);
                }
            }
            recycle();
            if (System.nanoTime() - untilNanos >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Decides what there is, because the process stops; whether nothing is left. */
    boolean decideAll(int tick, long untilNanos) {
        while (!outbox.full()) {
            for (int n = 0; n < DECISIONS_A_LOOK; n++) {
                int entry = deadlines.oldest();
                if (entry == TraceTable.NONE) {
                    return true;
                }
                if (limits.dropPending()) {
                    pendingDropped += trace.at(entry).spans();
                    forget(entry, TraceHash.of(trace.idHigh(), trace.idLow(), seed));
                } else {
                    decide(entry, Trigger.SHUTDOWN, tick);
                }
            }
            if (System.nanoTime() - untilNanos >= 0) {
                return false;
            }
        }
        return false;
    }

    private void decide(int entry, Trigger trigger, int tick) {
        trace.at(entry);
        long hash = TraceHash.of(trace.idHigh(), trace.idLow(), seed);
        int open = trace.spans();
        try {
            boolean blind = trigger == Trigger.SPAN_LIMIT && limits.dropOversized();
            int timed = (decisions++ & (TIMED - 1)) == 0 ? TIMED : 0;
            int keeping = blind ? PolicySet.NONE : policies.decide(trace, tally, timed);
            memory.remember(hash, keeping == PolicySet.NONE ? DecisionMemory.DROPPED : keeping + 1);
            tally.decided(keeping != PolicySet.NONE, trigger, tick - trace.arrivalTick());
            if (notes.wanted()) {
                notes.decided(trace, log, keeping, trigger);
            }
            if (keeping == PolicySet.NONE) {
                notSampled += open;
                open = 0;
            } else {
                byte[] attributes = policies.attributes(keeping, trigger);
                int position = trace.newest();
                while (position != SpanLog.NOWHERE) {
                    int previous = SpanLog.previous(log.bytesOf(position), log.offset(position));
                    keep(position, attributes);
                    open--;
                    position = previous;
                }
            }
        } catch (RuntimeException | Error e) {
            broken += open;
            failed.accept("deciding a trace", e);
        }
        forget(entry, hash);
    }

    private void keep(int position, byte[] attributes) {
        byte[] segment = log.bytesOf(position);
        int record = log.offset(position);
        if (writer.spans() >= MAX_BATCH_SPANS
                || (writer.spans() > 0 && !writer.hasRoom(segment, record, attributes.length))) {
            flush();
        }
        writer.prepend(segment, record, attributes);
    }

    /** Sends the kept spans that were gathered. */
    void flush() {
        if (writer.spans() > 0) {
            outbox.send(writer.finish());
        }
    }

    private void forget(int entry, long hash) {
        trace.at(entry);
        undecidedPayload -= trace.bytes();
        deadlines.remove(entry, trace.has(TraceSummary.AFTER_ROOT));
        log.unpin(trace.firstSegment());
        table.remove(hash, entry);
        if (entry == lastEntry) {
            lastEntry = TraceTable.NONE;
        }
    }

    /** Lets go of the segments that hold nothing undecided. */
    void recycle() {
        writer.forgetSegments();
        log.recycle();
    }

    void shrink() {
        log.shrink();
    }

    /**
     * When less than two thirds of the log are undecided, copies what is undecided in its oldest segment to the newest and
     * frees it: a few traces that wait long must not pin the segments of many that did not.
     *
     * @return whether it did; there may be more to do then
     */
    boolean compact() {
        if (log.segmentsInUse() < 4 || undecidedPayload * 3 >= log.payloadBytes() * 2) {
            return false;
        }
        int oldest = log.oldest();
        if (oldest == stuckSegment) {
            return false;
        }
        log.beginMoves();
        lastEntry = TraceTable.NONE;
        byte[] segment = log.bytesOf(log.position(oldest, 0));
        int end = log.end(oldest);
        for (int at = 0; at < end && log.pins(oldest) > 0; at = SpanLog.after(segment, at)) {
            if (SpanLog.spanLength(segment, at) >= 0) {
                moveTraceOf(segment, at, oldest);
            }
        }
        stuckSegment = log.pins(oldest) > 0 ? oldest : SpanLog.NOWHERE;
        recycle();
        return stuckSegment == SpanLog.NOWHERE;
    }

    private void moveTraceOf(byte[] segment, int record, int oldest) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(segment, record);
        long high = 0;
        long low = 0;
        try {
            int at = from;
            while (at < end) {
                int after = Wire.afterVarint(segment, at, end);
                int tag = Wire.tag(segment, at, after);
                at = Wire.skip(segment, after, end, tag, Long.SIZE);
                if (tag == (1 << 3 | Wire.BYTES)) {
                    boolean given = at - after > 16;
                    high = given ? Wire.bigEndian64(segment, at - 16) : 0;
                    low = given ? Wire.bigEndian64(segment, at - 8) : 0;
                }
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a span that was well-formed when it came", e);
        }
        int entry = table.find(TraceHash.of(high, low, seed), high, low);
        if (entry != TraceTable.NONE && trace.at(entry).firstSegment() == oldest) {
            move(oldest);
        }
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
        int moved = SpanLog.NOWHERE;
        int first = SpanLog.NOWHERE;
        while (n > 0) {
            moved = log.move(chain[--n], moved);
            if (first == SpanLog.NOWHERE) {
                first = moved;
            }
        }
        trace.newest(moved);
        log.unpin(oldest);
        log.pin(log.segment(first));
        trace.firstSegment(log.segment(first));
        metrics.movedTraces.increment();
    }

    /** Spans dropped by decisions since the last call. */
    long takeNotSampled() {
        long n = notSampled;
        notSampled = 0;
        return n;
    }

    /** Spans dropped undecided because the process stops and the file says so, since the last call. */
    long takePendingDropped() {
        long n = pendingDropped;
        pendingDropped = 0;
        return n;
    }

    /** Spans lost in failures since the last call. */
    long takeBroken() {
        long n = broken;
        broken = 0;
        return n;
    }

    /** Forgets everything, to be called when the shard's thread is gone; how many spans that were. */
    long abandon() {
        long lost = writer.spans() + notSampled + pendingDropped + broken;
        for (int entry = deadlines.oldest(); entry != TraceTable.NONE; entry = deadlines.oldest()) {
            lost += trace.at(entry).spans();
            forget(entry, TraceHash.of(trace.idHigh(), trace.idLow(), seed));
        }
        recycle();
        return lost;
    }
}
