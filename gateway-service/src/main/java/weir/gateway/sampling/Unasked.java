package weir.gateway.sampling;

import weir.otlp.TraceIndex;
import weir.tracestate.Thresholds;

/**
 * Spans that are passed on or dropped when they come, without asking policies: those of traces that were decided before, and
 * new traces under {@link Stress}. Belongs to who holds the shard's lock.
 */
final class Unasked {
    private final SpanLog log;
    private final Decisions decisions;
    private final Stress stress;
    private final KeptBatches kept;
    private final Losses losses;
    private final Tally tally;
    private final DecisionNotes notes;
    private final ShardJournal journal;

    /** The hash of the last late span's trace, so that a request counts once in how late it was; and what is known of it. */
    private long lastLate;

    private long lastKnown;

    Unasked(
            SpanLog log,
            Decisions decisions,
            Stress stress,
            KeptBatches kept,
            Losses losses,
            Tally tally,
            DecisionNotes notes,
            ShardJournal journal) {
        this.log = log;
        this.decisions = decisions;
        this.stress = stress;
        this.kept = kept;
        this.losses = losses;
        this.tally = tally;
        this.notes = notes;
        this.journal = journal;
    }

    /** To be called before the spans of a request. */
    void begin() {
        lastLate = 0;
        lastKnown = DecisionMemory.NOTHING;
    }

    /** Whether the span before was a late one of the same trace, so that it need not be looked up. */
    boolean isLateAgain(long hash) {
        return hash == lastLate && lastKnown != DecisionMemory.NOTHING;
    }

    /**
     * A span of a trace that was decided.
     *
     * @param known of the trace, as {@link DecisionMemory#find} gave it
     */
    void late(TraceIndex index, int span, long hash, long known, int tick) {
        if (hash != lastLate) {
            tally.late(DecisionMemory.ticksSince(known, tick));
        }
        lastLate = hash;
        lastKnown = known;
        lateAgain(index, span);
    }

    /** One more span of the trace of the late span before. */
    void lateAgain(TraceIndex index, int span) {
        long hash = lastLate;
        int verdict = DecisionMemory.verdictOf(lastKnown);
        if (verdict == DecisionMemory.DROPPED) {
            tally.lateNotSampled++;
            losses.notSampled(1);
            journal.dropped(hash);
            return;
        }
        int position = log.append(index, span, SpanLog.NOWHERE);
        byte[] attributes = decisions.lateAttributes(verdict);
        kept.begin(attributes, decisions.policies().marksThreshold(), OtTraceState.UNKNOWN, OtTraceState.OWN);
        kept.add(position);
        kept.end(hash, decisions.policyOf(verdict));
        notes.lateSpan(log, position, attributes);
        tally.lateSampled++;
    }

    /** A span of a new trace that is not waited for. */
    void passOrDrop(TraceIndex index, int span, long hash, int tick) {
        long id = index.traceIdLow(span);
        boolean keeps = stress.keeps(id);
        decisions.rememberUnasked(hash, keeps, tick);
        tally.newTraces++;
        tally.decided(keeps ? 0 : PolicySet.NONE, Trigger.STRESS, 0);
        if (!keeps) {
            losses.notSampled(1);
            journal.dropped(hash);
            return;
        }
        int position = log.append(index, span, SpanLog.NOWHERE);
        PolicySet policies = decisions.policies();
        kept.begin(
                policies.attributes(PolicySet.NONE, Trigger.STRESS),
                policies.marksThreshold(),
                stress.threshold(),
                Thresholds.ofTraceId(id));
        kept.add(position);
        kept.end(hash, 0);
    }

    /** A span of a trace that a process before this one kept and did not deliver. */
    void again(TraceIndex index, int span, JournalReplay replay) {
        long hash = replay.hash(index, span);
        JournalReplay.Kept fate = replay.undelivered(hash);
        if (fate != null) {
            int position = log.append(index, span, SpanLog.NOWHERE);
            kept.begin(fate.why(), fate.withThreshold(), fate.threshold(), fate.randomness());
            kept.add(position);
            kept.end(hash, fate.policy());
        }
    }
}
