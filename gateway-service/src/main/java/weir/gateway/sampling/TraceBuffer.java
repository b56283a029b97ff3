package weir.gateway.sampling;

import java.util.Arrays;
import java.util.function.BiConsumer;
import weir.flow.Timer;
import weir.otlp.TraceIndex;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;

/**
 * The undecided traces of a shard and what becomes of them: spans in, decisions and kept batches out. Belongs to who
 * holds the shard's lock; time comes in as ticks.
 */
final class TraceBuffer {
    private static final int STATUSES = TraceSummary.UNSET | TraceSummary.OK | TraceSummary.ERROR;
    private static final int[] STATUS = {TraceSummary.UNSET, TraceSummary.OK, TraceSummary.ERROR, 0};

    private final long seed;
    private final Limits limits;
    private final Decisions decisions;
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
    private final Compaction compaction;
    private final Stress stress;
    private final KeptBatches kept;
    private final Losses losses = new Losses();
    private final LookAhead lookAhead;
    private final Unasked unasked;
    private final ShardJournal journal;
    private final Adoption adoption;
    private final DecisionRounds rounds;

    private long undecidedPayload;
    /** The trace of the span before; spans of a trace often come in a row. */
    private int lastEntry = TraceTable.NONE;
    /** Traces that policies are to be asked about when the spans of a resource are taken in. */
    private int[] touchedTraces = new int[64];

    private int touchedCount;

    private Reason failure = Reason.INTERNAL_ERROR;

    TraceBuffer(
            long seed,
            Limits limits,
            PolicySet policies,
            PolicyInstruments instruments,
            long epochUnixMillis,
            Tally tally,
            SamplingMetrics metrics,
            Outbox outbox,
            Explainer explainer,
            DecisionNotes notes,
            ShardJournal journal,
            ForeignDecisions elsewhere,
            BiConsumer<String, Throwable> failed) {
        this.seed = seed;
        this.limits = limits;
        this.tally = tally;
        this.metrics = metrics;
        this.outbox = outbox;
        this.notes = notes;
        this.journal = journal;
        this.failed = failed;
        this.stress = limits.stress();
        this.memory = new DecisionMemory(limits.rememberedDecisions());
        this.lookAhead = new LookAhead(table, memory, seed);
        this.log = new SpanLog(limits.segmentBits());
        this.kept = new KeptBatches(log, outbox, journal);
        this.decisions = new Decisions(
                table, memory, new DecisionContext(log, epochUnixMillis), explainer, policies, instruments);
        this.compaction = new Compaction(log, table, seed, metrics.movedTraces, journal);
        this.unasked = new Unasked(log, decisions, stress, kept, losses, tally, notes, journal);
        this.adoption = new Adoption(elsewhere, log, decisions, kept, losses, tally, notes, journal, seed, failed);
        this.rounds = new DecisionRounds(this, deadlines, lookAhead, trace, outbox, limits.pressureBytes());
    }

    /** What has its traces decided. */
    DecisionRounds rounds() {
        return rounds;
    }

    /** What gives its traces to others that come to own them. */
    HandOver handOver(int shard, Timer timer, Ledger ledger, Departures departures, HandOverReport report) {
        return new HandOver(this, table, log, seed, shard, timer, ledger, metrics, journal, departures, report);
    }

    int traces() {
        return table.size();
    }

    /** What log, index and outgoing batches take. */
    long bytes() {
        return log.bytes() + table.bytes() + outbox.bytes();
    }

    /** What becomes of traces, and what it was. */
    Decisions decisions() {
        return decisions;
    }

    /**
     * Passes on spans of traces that a process before this one kept and did not deliver.
     *
     * @param order numbers of spans, of which the first {@code n} are meant
     * @param record of the journal that holds them
     */
    void again(TraceIndex index, int[] order, int n, long record, JournalReplay replay) {
        log.begin(index, record);
        for (int i = 0; i < n; i++) {
            unasked.again(index, order[i], replay);
        }
    }

    /** No record of the journal before this one is needed for what is held. */
    long neededFrom() {
        return Math.min(log.neededFrom(), kept.neededFrom());
    }

    /** Whether no kept span waits for more to be sent with. */
    boolean isFlushed() {
        return kept.spans() == 0;
    }

    /** The tick in which the first span of the oldest trace came; 0 if there is none. */
    int oldestArrival() {
        int oldest = deadlines.oldest();
        return oldest == TraceTable.NONE ? 0 : trace.at(oldest).arrivalTick();
    }

    /** What is known of a trace of which no decision is noted. */
    Why known(long idHigh, long idLow, String sampler, int tick) {
        long hash = TraceHash.of(idHigh, idLow, seed);
        int entry = table.find(hash, idHigh, idLow);
        if (entry == TraceTable.NONE) {
            return decisions.known(hash, tick);
        }
        trace.at(entry);
        return new Why.Waiting(
                sampler,
                trace.spans(),
                (tick - trace.arrivalTick()) * (TraceShard.TICK_NANOS / 1_000_000),
                Math.max(0, trace.deadlineTick() - tick) * (TraceShard.TICK_NANOS / 1_000_000));
    }

    /** Whether new traces are not waited for. */
    boolean isStressed() {
        return stress.isOn();
    }

    void publish() {
        decisions.publish();
        tally.publish();
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
        int end = from + submission.items(shard);
        int i = from;
        try {
            log.begin(submission.index, submission.record);
            decisions.begin(submission.index);
            stress.look(bytes());
            touchedCount = 0;
            int resource = -1;
            lastEntry = TraceTable.NONE;
            unasked.begin();
            while (i < end) {
                int ahead = Math.min(LookAhead.SPANS, end - i);
                long[] hashes = lookAhead.spans(submission.index, order, i, ahead);
                for (int n = 0; n < ahead; n++, i++) {
                    int span = order == null ? i : order[i];
                    if (limits.decideOnIngest() && resource != (resource = resourceOf(submission.index, span))) {
                        decideTouched(tick);
                    }
                    append(submission.index, span, hashes[n], tick);
                }
            }
            decideTouched(tick);
        } catch (RuntimeException | Error e) {
            failure = e instanceof OutOfMemoryError ? Reason.MEMORY_LIMIT : Reason.INTERNAL_ERROR;
            failed.accept("taking in a request", e);
        }
        return end - i;
    }

    private static int resourceOf(TraceIndex index, int span) {
        return index.resourceOf(index.scopeOf(span));
    }

    /** Asks policies about what came of traces with the spans of one resource, and lets those wait that nobody decides. */
    private void decideTouched(int tick) {
        for (int i = 0; i < touchedCount; i++) {
            int entry = touchedTraces[i];
            if (trace.at(entry).has(TraceSummary.TOUCHED) && !isAdopted(entry, tick)) {
                trace.clear(TraceSummary.TOUCHED);
                int decision = decisions.decideEarly(trace, tick);
                if (decision == PolicySet.NONE) {
                    trace.clearMet();
                    trace.clear(STATUSES);
                } else {
                    carryOut(entry, decision, Trigger.SPAN_INGEST, tick);
                }
            }
        }
        touchedCount = 0;
    }

    private void append(TraceIndex index, int span, long hash, int tick) {
        long high = index.traceIdHigh(span);
        long low = index.traceIdLow(span);
        int entry = lastEntry;
        if (entry == TraceTable.NONE || trace.at(entry).idLow() != low || trace.idHigh() != high) {
            if (unasked.isLateAgain(hash)) {
                unasked.lateAgain(index, span);
                return;
            }
            entry = table.find(hash, high, low);
            if (entry == TraceTable.NONE) {
                long known = memory.find(hash);
                if (known != DecisionMemory.NOTHING) {
                    unasked.late(index, span, hash, known, tick);
                    return;
                }
                if (stress.isOn()) {
                    if (adoption.remembers(high, low, hash, tick)) {
                        unasked.late(index, span, hash, memory.find(hash), tick);
                    } else {
                        unasked.passOrDrop(index, span, hash, tick);
                    }
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
        decisions.arrived(index, span, trace);
        if (limits.decideOnIngest() && !trace.has(TraceSummary.TOUCHED)) {
            touch();
        }
        if ((flags & TraceIndex.ROOT) != 0 && !trace.has(TraceSummary.ROOT)) {
            rootSeen(tick);
        }
        if (trace.bytes() >= limits.maxTraceBytes()) {
            oversized(tick);
        }
    }

    private void touch() {
        trace.set(TraceSummary.TOUCHED);
        if (touchedCount == touchedTraces.length) {
            touchedTraces = Arrays.copyOf(touchedTraces, 2 * touchedCount);
        }
        touchedTraces[touchedCount++] = trace.entry();
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

    /** Decides a trace because the process stops, or drops it, if that is what is to be done then. */
    void end(int entry, int tick) {
        if (limits.dropPending()) {
            losses.pendingDropped(trace.at(entry).spans());
            long hash = trace.hash(seed);
            decisions.remember(hash, PolicySet.NONE, tick);
            journal.dropped(hash);
            forget(entry, hash);
        } else {
            decide(entry, Trigger.SHUTDOWN, tick);
        }
    }

    /** Decides a trace, whatever is known of it by now. */
    void decide(int entry, Trigger trigger, int tick) {
        int decision = PolicySet.NONE;
        if (isAdopted(entry, tick)) {
            return;
        }
        if (!isBlind(trigger)) {
            try {
                decision = decisions.decide(trace, tick);
            } catch (RuntimeException | Error e) {
                losses.broken(trace.at(entry).spans());
                failed.accept("asking policies about a trace", e);
                forget(entry, trace.hash(seed));
                return;
            }
        }
        carryOut(entry, decision, trigger, tick);
    }

    private boolean isAdopted(int entry, int tick) {
        boolean adopted = adoption.carriesOut(trace.at(entry), tick);
        if (adopted) {
            forget(entry, trace.hash(seed));
        }
        return adopted;
    }

    /** Whether a trace that is decided now is dropped without asking policies. */
    private boolean isBlind(Trigger trigger) {
        return limits.decideOnIngest()
                ? trigger != Trigger.SPAN_INGEST
                : trigger == Trigger.SPAN_LIMIT && limits.dropOversized();
    }

    private void carryOut(int entry, int decision, Trigger trigger, int tick) {
        trace.at(entry);
        long hash = trace.hash(seed);
        int open = trace.spans();
        try {
            decisions.remember(hash, decision, tick);
            tally.decided(decision, trigger, tick - trace.arrivalTick());
            tally.clampedDurations += trace.endsBeforeItBegins() ? 1 : 0;
            decisions.note(trace, decision, !isBlind(trigger), trigger, tick);
            if (notes.wanted()) {
                notes.decided(trace, log, decisions.policies(), decision, trigger);
            }
            if (decision <= PolicySet.NONE) {
                losses.notSampled(open);
                open = 0;
                journal.dropped(hash);
            } else {
                PolicySet by = decisions.policies();
                kept.begin(by.attributes(decision, trigger), by.marksThreshold(), by.threshold(), by.randomness());
                int position = trace.newest();
                while (position != SpanLog.NOWHERE) {
                    int previous = SpanLog.previous(log.bytesOf(position), log.offset(position));
                    kept.add(position);
                    open--;
                    position = previous;
                }
                kept.end(hash, by.name(decision).hashCode());
            }
        } catch (RuntimeException | Error e) {
            losses.broken(open);
            failed.accept("deciding a trace", e);
        }
        forget(entry, hash);
    }

    /** Sends the kept spans that were gathered. */
    void flush() {
        kept.flush();
    }

    /** Lets go of a trace, whatever became of it. */
    void forget(int entry, long hash) {
        trace.at(entry);
        trace.clear(TraceSummary.TOUCHED);
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
        kept.forgetSegments();
        log.recycle();
    }

    void shrink() {
        log.shrink();
    }

    /** Makes room where few traces pin much of the log; whether it did, and there may be more to do. */
    boolean compact() {
        kept.forgetSegments();
        lastEntry = TraceTable.NONE;
        return compaction.step(undecidedPayload);
    }

    /** Books what was lost or dropped since the last call. */
    void settle(Ledger ledger) {
        losses.settle(ledger);
    }

    /** Forgets everything, to be called when the shard's thread is gone and all is settled; how many spans that were. */
    long abandon() {
        long lost = kept.spans();
        for (int entry = deadlines.oldest(); entry != TraceTable.NONE; entry = deadlines.oldest()) {
            lost += trace.at(entry).spans();
            forget(entry, trace.hash(seed));
        }
        recycle();
        return lost;
    }
}
