package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.telemetry.Counter;

/**
 * Notes decisions in a {@link DecisionRing} and says in words what is in it. Notes are written by who holds the shard's
 * lock; any thread may ask.
 */
final class Explainer {
    private static final int REMEMBERED_SETS = 8;
    private static final int INT = 32;

    /**
     * What readers need to understand notes.
     *
     * @param number of the newest set of policies
     * @param latest the sets that decisions were made by, the newest one last
     */
    private record Sets(int number, List<PolicySet> latest, DecisionRing ring) {
        @Nullable
        PolicySet of(int wanted) {
            int place = latest.size() - 1 - (number - wanted);
            return place < 0 ? null : latest.get(place);
        }
    }

    private final String sampler;
    private final long maxBytes;
    private final Counter overwritten;
    private PolicySet policies;
    private DecisionRing ring;
    private int number;
    private long lost;
    private volatile Sets sets;

    /** @param maxBytes that notes may take */
    Explainer(String sampler, long maxBytes, PolicySet policies, Counter overwritten) {
        this.sampler = sampler;
        this.maxBytes = maxBytes;
        this.overwritten = overwritten;
        this.policies = policies;
        this.ring = new DecisionRing(
                maxBytes, policies.size(), policies.conditions().words());
        this.sets = new Sets(number, List.of(policies), ring);
    }

    /** Decisions are made by other policies from now on; those before are forgotten if they do not fit beside them. */
    void use(PolicySet next) {
        int words = next.conditions().words();
        if (!ring.fits(next.size(), words)) {
            ring = new DecisionRing(maxBytes, next.size(), words);
        }
        List<PolicySet> latest = new ArrayList<>(sets.latest);
        if (latest.size() == REMEMBERED_SETS) {
            latest.removeFirst();
        }
        latest.add(next);
        policies = next;
        number++;
        sets = new Sets(number, List.copyOf(latest), ring);
    }

    /**
     * Notes a decision.
     *
     * @param asked how many policies were asked
     */
    void decided(TraceSummary trace, int decision, int asked, Trigger trigger, DecisionContext context) {
        lost += ring.isFull() ? 1 : 0;
        ring.add(
                trace,
                context.unixMillis(),
                trigger,
                (long) number << INT | Integer.toUnsignedLong(decision),
                (long) asked << INT | context.millisSince(trace.arrivalTick()),
                policies.votes());
    }

    void publish() {
        if (lost > 0) {
            overwritten.add(lost);
            lost = 0;
        }
    }

    /** What was noted about a trace; null if nothing was, or it gave way to others. Safe for use by any thread. */
    Why.@Nullable Decided explain(long idHigh, long idLow) {
        DecisionRing noting = sets.ring;
        long[] noted = noting.find(idHigh, idLow);
        if (noted == null) {
            return null;
        }
        // Looked at after the note: no set is used before it is among them.
        PolicySet by = sets.of((int) (noted[DecisionRing.DECISION] >>> INT));
        return by == null ? null : explain(noted, by, noting.more());
    }

    private Why.Decided explain(long[] noted, PolicySet by, int more) {
        TraceSummary trace = TraceSummary.of(noted, more, by.conditions().words());
        int decision = (int) noted[DecisionRing.DECISION];
        int deciding = decision > PolicySet.NONE ? decision : PolicySet.dropping(decision);
        int asked = (int) (noted[DecisionRing.ASKED] >>> INT);
        List<Why.Voted> votes = new ArrayList<>();
        for (int i = 0; i < by.size(); i++) {
            boolean yes = i < asked && DecisionRing.voted(noted, i);
            Why.Vote vote = i >= asked
                    ? Why.Vote.NOT_ASKED
                    : !yes ? Why.Vote.NOT_KEEP : by.drops(i) ? Why.Vote.DROP : Why.Vote.KEEP;
            votes.add(new Why.Voted(
                    by.name(i), vote, i >= asked ? "" : Reasons.of(by.policy(i), trace, Reasons.Texts.NONE)));
        }
        return new Why.Decided(
                sampler,
                decision > PolicySet.NONE,
                deciding == PolicySet.NONE || deciding == PolicySet.UNKNOWN ? "" : by.name(deciding),
                Trigger.values()[(int) noted[DecisionRing.TIME] & (1 << DecisionRing.TRIGGER_BITS) - 1].label(),
                noted[DecisionRing.TIME] >>> DecisionRing.TRIGGER_BITS,
                (int) noted[DecisionRing.ASKED],
                trace.spans(),
                trace.bytes(),
                Math.max(0, trace.durationNanos()),
                by.hash(),
                votes);
    }

    /** What can be said of a trace of which nothing is known. */
    Why.Unknown unknown() {
        DecisionRing noting = sets.ring;
        return new Why.Unknown(sampler, noting.capacity(), noting.since());
    }

    String sampler() {
        return sampler;
    }
}
