package weir.gateway.sampling;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.TraceIndex;

/**
 * What policies make of traces, now and when spans of them come late. Policies can be replaced while traces wait: what was
 * found about the spans of such a trace is then found anew when it is decided, by walking its chain. Belongs to who holds
 * the shard's lock.
 *
 * <p>What is remembered of a kept trace is the number of its policy: {@link #REPLACED}, or the policy's place among those in
 * force and {@link #FIRST}.
 */
final class Decisions {
    /** A policy that is not among those in force any more, or none. */
    private static final int REPLACED = 1;

    private static final int FIRST = 2;

    /** The most policies that can be told apart. */
    static final int MAX_POLICIES = DecisionMemory.MAX_KEPT - FIRST + 1;

    private static final int TIMED = 64;

    private final TraceTable table;
    private final DecisionMemory memory;
    private final DecisionContext context;
    private final Explainer explainer;
    private PolicySet policies;
    private PolicyTally votes;
    private volatile @Nullable Shadow shadow;
    private ArrivalConditions conditions;

    /** Policies were replaced in this tick: bits of traces that began before its end are of no use. */
    private int replacedTick;

    private boolean replaced;
    private long asked;

    Decisions(
            TraceTable table,
            DecisionMemory memory,
            DecisionContext context,
            Explainer explainer,
            PolicySet policies,
            PolicyInstruments instruments) {
        this.table = table;
        this.memory = memory;
        this.context = context;
        this.explainer = explainer;
        this.policies = policies;
        this.conditions = policies.conditions();
        this.votes = new PolicyTally(instruments.live());
        this.shadow = shadow(policies, instruments);
        table.conditionWords(conditions.words());
    }

    PolicySet policies() {
        return policies;
    }

    /** Decides by other policies from now on, whatever came before. */
    void use(PolicySet next, PolicyInstruments instruments, int tick) {
        publish();
        memory.renumber(numbers(policies.names(), next.names()));
        explainer.use(next);
        next.continueFrom(policies);
        policies = next;
        conditions = next.conditions();
        votes = new PolicyTally(instruments.live());
        shadow = shadow(next, instruments);
        table.conditionWords(conditions.words());
        replaced = true;
        replacedTick = tick;
    }

    /** By the number of each former policy, the number of the one of the same name now. */
    private static int[] numbers(List<String> former, List<String> now) {
        int[] numbers = new int[DecisionMemory.MAX_KEPT + 1];
        Arrays.fill(numbers, REPLACED);
        for (int i = 0; i < Math.min(former.size(), MAX_POLICIES); i++) {
            int place = now.indexOf(former.get(i));
            numbers[FIRST + i] = place < 0 ? REPLACED : FIRST + place;
        }
        return numbers;
    }

    /** What is remembered, for {@link #recall}. */
    long[] words(int tick) {
        return memory.words(tick);
    }

    /** What is remembered, for other gateways; see {@link DecisionMemory#told}. */
    long[] told(int part, int ticks, int tick) {
        return memory.told(part, ticks, tick);
    }

    /** What is remembered of a trace; see {@link DecisionMemory#verdict}. */
    int verdict(long hash) {
        return memory.verdict(hash);
    }

    /**
     * Takes over what a sampler before this one remembered; to be called before anything is decided.
     *
     * @param names of its policies, in its order
     */
    void recall(long[] words, List<String> names) {
        memory.recall(words);
        memory.renumber(numbers(names, policies.names()));
    }

    /**
     * Takes over what the journal says of a trace; to be called before anything is decided.
     *
     * @param kept whether it was kept
     * @param policy what {@link #policyOf} gave of it
     */
    void recall(long hash, boolean kept, int policy) {
        if (memory.verdict(hash) == DecisionMemory.UNKNOWN) {
            memory.remember(hash, kept ? number(policy) : DecisionMemory.DROPPED, 0);
        }
    }

    private int number(int policy) {
        for (int i = 0; i < Math.min(policies.size(), MAX_POLICIES); i++) {
            if (policies.name(i).hashCode() == policy) {
                return FIRST + i;
            }
        }
        return REPLACED;
    }

    /** The hash of the name of the policy that kept a trace; 0 if it is not known any more. */
    int policyOf(int verdict) {
        return verdict == REPLACED ? 0 : policies.name(verdict - FIRST).hashCode();
    }

    private static @Nullable Shadow shadow(PolicySet policies, PolicyInstruments instruments) {
        return policies.shadow() == null || instruments.shadow() == null
                ? null
                : new Shadow(policies.shadow(), instruments.shadow());
    }

    /** What shadow policies would have decided otherwise lately. Safe for use by any thread. */
    List<ShadowDifference> shadowDifferences() {
        Shadow s = shadow;
        return s == null ? List.of() : s.differences();
    }

    /** To be called before the spans of a request arrive. */
    void begin(TraceIndex request) {
        conditions.begin(request);
    }

    /** Looks at a span of the request that was added to the summary of its trace. */
    void arrived(TraceIndex request, int span, TraceSummary trace) {
        conditions.arrived(request, span, trace);
    }

    /** Asks the policies; the answer is {@link PolicySet#decide}'s. */
    int decide(TraceSummary trace, int tick) {
        if (replaced && trace.arrivalTick() - replacedTick <= 0 && !conditions.isEmpty()) {
            conditions.again(context.log, trace);
        }
        int timed = (asked++ & (TIMED - 1)) == 0 ? TIMED : 0;
        int decision = policies.decide(trace, context.at(tick), votes, timed);
        Shadow s = shadow;
        if (s != null) {
            s.decided(trace, context, policies, decision);
        }
        return decision;
    }

    /** Asks the policies about what came of a trace in one request; the answer is {@link PolicySet#decideEarly}'s. */
    int decideEarly(TraceSummary trace, int tick) {
        return policies.decideEarly(trace, context.at(tick), votes);
    }

    /** Remembers a decision for spans that come late. */
    void remember(long hash, int decision, int tick) {
        memory.remember(hash, decision <= PolicySet.NONE ? DecisionMemory.DROPPED : FIRST + decision, tick);
    }

    /**
     * Notes a decision for people who ask why.
     *
     * @param asked whether policies were asked about the trace
     */
    void note(TraceSummary trace, int decision, boolean asked, Trigger trigger, int tick) {
        explainer.decided(trace, decision, asked ? policies.asked() : 0, trigger, context.at(tick));
    }

    /** What is known of a trace that is not among the undecided and not noted. */
    Why known(long hash, int tick) {
        long known = memory.find(hash);
        if (known == DecisionMemory.NOTHING) {
            return explainer.unknown();
        }
        int verdict = DecisionMemory.verdictOf(known);
        return new Why.Remembered(
                explainer.sampler(),
                verdict != DecisionMemory.DROPPED,
                verdict < FIRST || verdict - FIRST >= policies.size() ? "" : policies.name(verdict - FIRST),
                DecisionMemory.ticksSince(known, tick) * (TraceShard.TICK_NANOS / 1_000_000));
    }

    /** What is to be appended to a span that comes late. */
    byte[] lateAttributes(int verdict) {
        return policies.lateAttributes(verdict == REPLACED ? PolicySet.NONE : verdict - FIRST);
    }

    /** Remembers a trace that was kept or dropped without asking policies. */
    void rememberUnasked(long hash, boolean kept, int tick) {
        memory.remember(hash, kept ? REPLACED : DecisionMemory.DROPPED, tick);
    }

    void publish() {
        votes.publish();
        votes.conditionErrors(conditions.newErrors());
        explainer.publish();
        Shadow s = shadow;
        if (s != null) {
            s.publish();
        }
    }
}
