package weir.gateway.sampling;

import java.util.function.BiConsumer;

/**
 * Traces whose wait is over here and that another gateway decided before: what it decided holds, and no policy is asked.
 * Belongs to who holds the shard's lock.
 */
final class Adoption {
    private final ForeignDecisions elsewhere;
    private final SpanLog log;
    private final Decisions decisions;
    private final KeptBatches kept;
    private final Losses losses;
    private final Tally tally;
    private final DecisionNotes notes;
    private final ShardJournal journal;
    private final long seed;
    private final BiConsumer<String, Throwable> failed;

    Adoption(
            ForeignDecisions elsewhere,
            SpanLog log,
            Decisions decisions,
            KeptBatches kept,
            Losses losses,
            Tally tally,
            DecisionNotes notes,
            ShardJournal journal,
            long seed,
            BiConsumer<String, Throwable> failed) {
        this.elsewhere = elsewhere;
        this.log = log;
        this.decisions = decisions;
        this.kept = kept;
        this.losses = losses;
        this.tally = tally;
        this.notes = notes;
        this.journal = journal;
        this.seed = seed;
        this.failed = failed;
    }

    /** Whether another gateway decided the trace: then it was passed on or dropped, and is to be forgotten as undecided. */
    boolean carriesOut(TraceSummary trace, int tick) {
        if (elsewhere.isEmpty()) {
            return false;
        }
        ForeignDecisions.Known known = elsewhere.find(trace.idHigh(), trace.idLow());
        if (known == null) {
            return false;
        }
        int open = trace.spans();
        try {
            int policy = known.kept() ? policy(known.policy()) : PolicySet.NONE;
            long hash = trace.hash(seed);
            remember(hash, known, policy, tick);
            tally.decided(policy, Trigger.DECIDED_ELSEWHERE, tick - trace.arrivalTick());
            decisions.note(trace, policy, false, Trigger.DECIDED_ELSEWHERE, tick);
            if (notes.wanted()) {
                notes.adopted(trace, log, known, attributes(policy));
            }
            if (known.kept()) {
                kept.begin(
                        attributes(policy),
                        decisions.policies().marksThreshold(),
                        OtTraceState.UNKNOWN,
                        OtTraceState.OWN);
                for (int p = trace.newest(); p != SpanLog.NOWHERE; ) {
                    int previous = SpanLog.previous(log.bytesOf(p), log.offset(p));
                    kept.add(p);
                    open--;
                    p = previous;
                }
                kept.end(hash, known.policy().hashCode());
            } else {
                losses.notSampled(open);
                open = 0;
                journal.dropped(hash);
            }
        } catch (RuntimeException | Error e) {
            losses.broken(open);
            failed.accept("taking over what another gateway decided", e);
        }
        return true;
    }

    /** Takes over what another gateway decided about a trace of which nothing is held; whether one did. */
    boolean remembers(long idHigh, long idLow, long hash, int tick) {
        ForeignDecisions.Known known = elsewhere.isEmpty() ? null : elsewhere.find(idHigh, idLow);
        if (known != null) {
            remember(hash, known, known.kept() ? policy(known.policy()) : PolicySet.NONE, tick);
        }
        return known != null;
    }

    private void remember(long hash, ForeignDecisions.Known known, int policy, int tick) {
        if (policy == PolicySet.UNKNOWN) {
            decisions.rememberUnasked(hash, known.kept(), tick);
        } else {
            decisions.remember(hash, policy, tick);
        }
    }

    private int policy(String name) {
        PolicySet policies = decisions.policies();
        for (int i = 0; i < Math.min(policies.size(), Decisions.MAX_POLICIES); i++) {
            if (policies.name(i).equals(name)) {
                return i;
            }
        }
        return PolicySet.UNKNOWN;
    }

    private byte[] attributes(int policy) {
        return policy == PolicySet.NONE ? new byte[0] : decisions.policies().adoptedAttributes(policy);
    }
}
