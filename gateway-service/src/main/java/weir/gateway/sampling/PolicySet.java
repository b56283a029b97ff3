package weir.gateway.sampling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.ottl.Environment;

/**
 * The policies of one shard in the order in which they are asked, what they ask of spans on arrival, and the attributes that
 * say on kept spans which policy kept them. Belongs to who holds the shard's lock.
 */
final class PolicySet {
    /** No policy keeps the trace. */
    static final int NONE = -1;

    /** Some policy that is not among these keeps the trace: another gateway's. */
    static final int UNKNOWN = Integer.MAX_VALUE;

    private static final byte[] NO_ATTRIBUTES = {};

    /**
     * How the policies of a file make one decision.
     *
     * @param firstMatch policies after the first that keeps a trace are not asked
     * @param limitsLast policies whose votes depend on other traces are asked after all others, and only about traces that
     *     nobody keeps
     * @param record which policy kept a trace is written on its spans
     * @param rates in the file's order, the first policy that matches decides alone, by its rate
     * @param threshold the probability with which a trace was kept is written into the trace state of its spans
     */
    record Rules(boolean firstMatch, boolean limitsLast, boolean record, boolean rates, boolean threshold) {}

    /** What it means for the probability of a trace that a policy would keep it. */
    private enum Certainty {
        /** It would be kept in any case. */
        CERTAIN,
        /** The policy keeps a known share of all traces. */
        SHARE,
        /** It depends on what else came. */
        UNKNOWN
    }

    /** A policy with what the file says of it. */
    private record Named(PolicyConfig config, SamplingPolicy policy, Rate rate) {
        String name() {
            return config.name();
        }

        boolean drops() {
            return policy instanceof SamplingPolicy.Drop;
        }
    }

    private final List<Named> named;
    private final SamplingPolicy[] policies;
    private final Certainty[] certainties;
    private final boolean oneChance;
    private final int limits;
    private final Rules rules;

    private long threshold;
    private long randomness;

    /** Who was asked last, and would keep the trace or have it dropped. */
    private final long[] votes;

    private int asked;

    private final ArrivalConditions conditions;
    private final @Nullable PolicySet shadow;
    private final String hash;
    /** By policy and trigger; the last row for spans of which the policy is not known any more. */
    private final byte[][][] attributes;

    /** By policy, its part and trigger; for those that have parts. */
    private final List<List<byte[][]>> parts = new ArrayList<>();

    /** @param shards among which rates are divided */
    PolicySet(List<PolicyConfig> configs, Rules rules, int shards) {
        this(configs, List.of(), rules, shards, Environment.NOWHERE);
    }

    /**
     * @param shadows policies that are asked beside these, on the same arrival conditions; see {@link #shadow}
     * @param shards among which rates are divided
     * @param environment what conditions take from outside of spans
     */
    PolicySet(
            List<PolicyConfig> configs, List<PolicyConfig> shadows, Rules rules, int shards, Environment environment) {
        this(configs, shadows, rules, shards, new ArrivalConditions.Builder(environment));
    }

    private PolicySet(
            List<PolicyConfig> configs,
            List<PolicyConfig> shadows,
            Rules rules,
            int shards,
            ArrivalConditions.Builder asked) {
        this.shadow = shadows.isEmpty() ? null : new PolicySet(shadows, List.of(), rules, shards, asked);
        PolicyCompiler compiler = new PolicyCompiler(shards, asked);
        List<Named> all = new ArrayList<>();
        configs.forEach(c -> all.add(new Named(c, compiler.compile(c), compiler.rate(c.weir()))));
        this.rules = rules;
        this.named = ordered(all);
        this.policies = named.stream().map(Named::policy).toArray(SamplingPolicy[]::new);
        this.certainties = named.stream().map(n -> certainty(n.policy)).toArray(Certainty[]::new);
        this.oneChance =
                Arrays.stream(certainties).filter(c -> c != Certainty.CERTAIN).count() == 1;
        this.votes = new long[(policies.length + Long.SIZE - 1) / Long.SIZE];
        this.limits = firstLimit();
        this.conditions = asked.build();
        this.hash = hash(configs, rules);
        this.attributes = new byte[policies.length + 1][][];
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = attributes(i < policies.length ? name(i) : "", "");
        }
        for (int i = 0; i < policies.length; i++) {
            String policy = name(i);
            parts.add(
                    policies[i] instanceof Composite composite
                            ? composite.parts().stream()
                                    .map(p -> attributes(policy, p.name()))
                                    .toList()
                            : List.of());
        }
    }

    /**
     * Has policies that are the same as in a set before, by name and all they say, go on with what these counted: limits are
     * not full again, and what is frequent stays known. To be called when nothing is decided by that set any more.
     */
    void continueFrom(PolicySet former) {
        Map<PolicyConfig, Named> before = new HashMap<>();
        former.named.forEach(n -> before.put(n.config, n));
        for (Named now : named) {
            Named then = before.get(now.config);
            if (then != null) {
                now.policy.continueFrom(then.policy);
                now.rate.continueFrom(then.rate);
            }
        }
        if (shadow != null && former.shadow != null) {
            shadow.continueFrom(former.shadow);
        }
    }

    private byte[][] attributes(String policy, String part) {
        byte[][] made = new byte[Trigger.values().length][];
        for (Trigger trigger : Trigger.values()) {
            // Of these it is not known which set of policies kept the trace.
            String set = trigger == Trigger.LATE_SPAN || trigger == Trigger.DECIDED_ELSEWHERE ? "" : hash;
            made[trigger.ordinal()] =
                    rules.record ? DecisionAttributes.encoded(policy, part, set, trigger) : NO_ATTRIBUTES;
        }
        return made;
    }

    /** 12 hex digits that tell sets of policies apart, equal for equal ones on all gateways of a version. */
    private static String hash(List<PolicyConfig> configs, Rules rules) {
        try {
            byte[] text = (configs + " " + rules).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has it", e);
        }
    }

    /** Tells sets of policies apart: 12 hex digits. */
    String hash() {
        return hash;
    }

    /** What drops goes first, because it decides alone. */
    private List<Named> ordered(List<Named> all) {
        if (rules.rates) {
            return List.copyOf(all);
        }
        List<Named> order = new ArrayList<>(all.stream().filter(Named::drops).toList());
        all.stream().filter(n -> !n.drops()).filter(n -> !isLast(n)).forEach(order::add);
        all.stream().filter(n -> !n.drops()).filter(this::isLast).forEach(order::add);
        return List.copyOf(order);
    }

    private boolean isLast(Named policy) {
        return rules.limitsLast && spends(policy.policy);
    }

    private static boolean spends(SamplingPolicy policy) {
        return switch (policy) {
            case RateLimit _, Composite _ -> true;
            case SamplingPolicy.Combined combined -> combined.parts().stream().anyMatch(PolicySet::spends);
            case SamplingPolicy.Pure _ -> false;
        };
    }

    private static Certainty certainty(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.Probabilistic _ -> Certainty.SHARE;
            case RateLimit _, Composite _ -> Certainty.UNKNOWN;
            case SamplingPolicy.Combined combined ->
                combined.parts().stream().allMatch(p -> certainty(p) == Certainty.CERTAIN)
                        ? Certainty.CERTAIN
                        : Certainty.UNKNOWN;
            case SamplingPolicy.Pure _ -> Certainty.CERTAIN;
        };
    }

    private int firstLimit() {
        int i = 0;
        while (i < named.size() && (named.get(i).drops() || !isLast(named.get(i)))) {
            i++;
        }
        return i;
    }

    int size() {
        return policies.length;
    }

    /** The names of the policies, in the order in which they are asked. */
    List<String> names() {
        return named.stream().map(Named::name).toList();
    }

    String name(int policy) {
        return named.get(policy).name();
    }

    SamplingPolicy policy(int policy) {
        return policies[policy];
    }

    /** Whether a policy can only have traces dropped. */
    boolean drops(int policy) {
        return named.get(policy).drops();
    }

    /** The policies that are asked beside these; null if there are none. */
    @Nullable
    PolicySet shadow() {
        return shadow;
    }

    ArrivalConditions conditions() {
        return conditions;
    }

    /** What {@link #decide} gives if this policy has the trace dropped. */
    static int droppedBy(int policy) {
        return -2 - policy;
    }

    /** The policy that had the trace dropped, or {@link #NONE} if that was none. */
    static int dropping(int decision) {
        return decision < NONE ? -2 - decision : NONE;
    }

    /**
     * Asks the policies, as the rules say.
     *
     * @param timed how many traces this one stands for in the time spent in policies, 0 if it is not measured
     * @return the first policy that keeps the trace; {@link #NONE}; or less than that, see {@link #dropping}
     */
    int decide(TraceSummary trace, DecisionContext context, PolicyTally tally, int timed) {
        Arrays.fill(votes, 0);
        if (rules.rates) {
            return decideByRate(trace, context, tally, timed);
        }
        int decision = NONE;
        int asked = 0;
        boolean certain = false;
        while (asked < policies.length && !(decision != NONE && (rules.firstMatch || asked == limits))) {
            long begin = timed > 0 ? System.nanoTime() : 0;
            Vote vote = policies[asked].vote(trace, context);
            if (timed > 0) {
                tally.timed(asked, System.nanoTime() - begin, timed);
            }
            if (vote == Vote.FAILED) {
                tally.failed(asked, trace.spans(), trace.bytes());
            } else if (vote != Vote.NOT_SAMPLED) {
                voted(asked);
                tally.sampled(asked, trace.spans(), trace.bytes());
                if (vote == Vote.DROPPED) {
                    decision = droppedBy(asked++);
                    break;
                }
                decision = decision == NONE ? asked : decision;
                certain |= certainties[asked] == Certainty.CERTAIN;
            }
            asked++;
        }
        asked(asked, tally, trace);
        if (rules.threshold && decision > NONE) {
            judge(decision, certain, asked == policies.length, trace);
        }
        return decision;
    }

    /** Finds with which probability a trace was kept. */
    private void judge(int policy, boolean certain, boolean allAsked, TraceSummary trace) {
        threshold = certain ? 0 : OtTraceState.UNKNOWN;
        randomness = OtTraceState.OWN;
        if (!certain && allAsked && oneChance && policies[policy] instanceof SamplingPolicy.Probabilistic p) {
            // Hash and threshold upside down: OpenTelemetry keeps what lies high, the collector's policy what lies low.
            threshold = ~p.threshold() >>> 8;
            randomness = ~p.hash(trace.idHigh(), trace.idLow()) >>> 8;
        }
    }

    private int decideByRate(TraceSummary trace, DecisionContext context, PolicyTally tally, int timed) {
        int decision = NONE;
        boolean matched = false;
        int asked = 0;
        while (asked < policies.length && !matched) {
            long begin = timed > 0 ? System.nanoTime() : 0;
            Vote vote = policies[asked].vote(trace, context);
            matched = vote == Vote.SAMPLED || vote == Vote.DROPPED;
            if (vote == Vote.FAILED) {
                tally.failed(asked, trace.spans(), trace.bytes());
            } else if (vote == Vote.DROPPED) {
                voted(asked);
                decision = droppedBy(asked);
            } else if (matched) {
                voted(asked);
                threshold = named.get(asked).rate.threshold(trace, context);
                randomness = OtTraceState.OWN;
                if (threshold == 0 || context.randomness(trace) >= threshold) {
                    decision = asked;
                }
                // What keeps by chance or by what else came keeps with another probability than its rate says.
                threshold = certainties[asked] == Certainty.CERTAIN ? threshold : OtTraceState.UNKNOWN;
            }
            if (timed > 0) {
                tally.timed(asked, System.nanoTime() - begin, timed);
            }
            if (decision != NONE) {
                tally.sampled(asked, trace.spans(), trace.bytes());
            }
            asked++;
        }
        asked(asked, tally, trace);
        return decision;
    }

    private void voted(int policy) {
        votes[policy >>> 6] |= 1L << policy;
    }

    private void asked(int policies, PolicyTally tally, TraceSummary trace) {
        asked = policies;
        tally.asked(policies, trace.spans(), trace.bytes());
    }

    /** One bit for each policy that was asked last and voted {@link Vote#SAMPLED} or {@link Vote#DROPPED}; not to be changed. */
    long[] votes() {
        return votes;
    }

    /** How many policies were asked last. */
    int asked() {
        return asked;
    }

    /** Whether {@link #threshold} is to be written on kept spans. */
    boolean marksThreshold() {
        return rules.threshold;
    }

    /** The threshold by which the last trace was kept, or {@link OtTraceState#UNKNOWN}. */
    long threshold() {
        return threshold;
    }

    /** The randomness that decided about the last trace that was kept, or {@link OtTraceState#OWN}. */
    long randomness() {
        return randomness;
    }

    /**
     * Asks the policies about what came of a trace in one request, as {@code span-ingest} does: a policy that drops but does
     * not match yet lets nobody keep the trace.
     *
     * @return as {@link #decide}; {@link #NONE} means that nothing is decided
     */
    int decideEarly(TraceSummary trace, DecisionContext context, PolicyTally tally) {
        Arrays.fill(votes, 0);
        boolean mayBeDropped = false;
        int decision = NONE;
        int asked = 0;
        while (asked < policies.length && decision == NONE && !(mayBeDropped && !drops(asked))) {
            Vote vote = policies[asked].vote(trace, context);
            if (vote == Vote.FAILED) {
                tally.failed(asked, trace.spans(), trace.bytes());
            } else if (vote != Vote.NOT_SAMPLED) {
                voted(asked);
                tally.sampled(asked, trace.spans(), trace.bytes());
                decision = vote == Vote.DROPPED ? droppedBy(asked) : asked;
            } else {
                mayBeDropped |= drops(asked);
            }
            asked++;
        }
        asked(asked, tally, trace);
        // How likely another piece of the trace would have been kept is not known from this one.
        threshold = OtTraceState.UNKNOWN;
        randomness = OtTraceState.OWN;
        return decision;
    }

    /**
     * The encoded attributes to append to the spans of the trace that was decided last; empty when decisions are not
     * recorded.
     *
     * @param policy that kept it; {@link #NONE}: none was asked
     */
    byte[] attributes(int policy, Trigger trigger) {
        if (policy == NONE) {
            return attributes[policies.length][trigger.ordinal()];
        }
        return policies[policy] instanceof Composite composite
                ? parts.get(policy).get(composite.kept())[trigger.ordinal()]
                : attributes[policy][trigger.ordinal()];
    }

    /**
     * The encoded attributes to append to a span that came late.
     *
     * @param policy that kept its trace; {@link #NONE}: that is not known any more
     */
    byte[] lateAttributes(int policy) {
        return attributes[policy == NONE ? policies.length : policy][Trigger.LATE_SPAN.ordinal()];
    }

    /**
     * The encoded attributes to append to the spans of a trace that another gateway decided to keep.
     *
     * @param policy that kept it there; {@link #UNKNOWN}: none of these
     */
    byte[] adoptedAttributes(int policy) {
        return attributes[Math.min(policy, policies.length)][Trigger.DECIDED_ELSEWHERE.ordinal()];
    }
}
