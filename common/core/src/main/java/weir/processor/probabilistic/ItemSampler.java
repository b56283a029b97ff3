package weir.processor.probabilistic;

import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.FieldCursor;
import weir.otlp.Output;
import weir.tracestate.Thresholds;

/**
 * Decides about one item after the other, and makes of those that are kept what says so. Scratch of one thread at a time.
 *
 * <p>What is random about an item is what it says of itself, else the lowest 56 bits of its trace id, or their hash. What
 * contradicts itself, and what has nothing random, is dropped, or kept, as {@code fail_closed} says.
 */
abstract class ItemSampler {
    /** Nothing random: what comes above all thresholds, so that a wish can keep it. */
    static final long ALL_KEPT = Thresholds.RANGE - 1;

    final Decider decider;
    final FieldCursor fields = new FieldCursor();
    final AttributeCursor attributes = new AttributeCursor();
    /** The item as it is to be kept, if {@link #isChanged}. */
    final Output out = new Output(1024);

    private final boolean failClosed;
    final Policies policies;

    /** What is found about an item. */
    long randomness;

    boolean missing;
    /** What it says of former decisions cannot be changed, because it cannot be read or is not of this mode. */
    boolean unwritable;

    Policies.Name policy = Policies.Name.MISSING_RANDOMNESS;
    private boolean changed;

    ItemSampler(ProbabilisticSamplerConfig config, Decider decider, Policies policies) {
        this.failClosed = config.failClosed();
        this.decider = decider;
        this.policies = policies;
    }

    /** Whether an item is kept. */
    final boolean keeps(byte[] b, int from, int end) {
        missing = true;
        unwritable = false;
        changed = false;
        randomness = ALL_KEPT;
        policy = Policies.Name.MISSING_RANDOMNESS;
        boolean sound = read(b, from, end) && !missing && isConsistent();
        long threshold = sound ? decider.threshold(threshold()) : failClosed ? Thresholds.NEVER : 0;
        long wished = wish();
        if (wished != Thresholds.NONE) {
            threshold = wished;
            policy = Policies.Name.SAMPLING_PRIORITY;
        }
        boolean kept = threshold <= randomness;
        if (kept && !unwritable) {
            // Less was kept before: that holds for what comes of it too.
            if (threshold >= threshold()) {
                threshold(threshold);
            }
            out.clear();
            changed = write(b, from, end);
        }
        policies.count(policy, kept);
        return kept;
    }

    /** A threshold above the randomness is a lie, and forgotten. */
    private boolean isConsistent() {
        if (!unwritable && threshold() > randomness) {
            threshold(Thresholds.NONE);
            return false;
        }
        return true;
    }

    /** Whether {@link #out} has what the item became. */
    final boolean isChanged() {
        return changed;
    }

    /** Finds out what there is to know of an item; whether it can be decided about. */
    abstract boolean read(byte[] b, int from, int end);

    /** What the item says of former decisions; {@link Thresholds#NONE}. */
    abstract long threshold();

    abstract void threshold(long value);

    /** The threshold that the item wishes for itself; {@link Thresholds#NONE}. */
    abstract long wish();

    /** Writes the item to {@link #out} with what it says now; whether that is anything else than it said. */
    abstract boolean write(byte[] b, int from, int end);

    final void hashed(byte[] b, int from, int end, Policies.Name by) {
        randomness = decider.randomness(b, from, end);
        missing = false;
        policy = by;
    }

    final void random(long value, Policies.Name by) {
        randomness = value;
        missing = false;
        policy = by;
    }

    /** Whether an id is not all zeros. */
    static boolean isId(byte[] b, int from, int end) {
        for (int i = from; i < end; i++) {
            if (b[i] != 0) {
                return true;
            }
        }
        return false;
    }

    static byte[] key(String name) {
        return Attributes.key(name);
    }
}
