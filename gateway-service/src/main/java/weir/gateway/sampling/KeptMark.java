package weir.gateway.sampling;

import java.util.Arrays;

/**
 * What is appended to the spans of one kept trace after the other: attributes that say why, and a threshold that says with
 * which probability. Belongs to who holds the shard's lock.
 */
final class KeptMark {
    private final OtTraceState state = new OtTraceState();
    private byte[] attributes = {};
    private boolean marks;
    private long threshold;
    private long randomness;
    /** For spans without trace state. */
    private byte[] plain = {};

    /**
     * Begins with a trace.
     *
     * @param why encoded attributes
     * @param withThreshold whether to write, or take away, the other two
     * @param t its threshold, or {@link OtTraceState#UNKNOWN}
     * @param r the randomness that was used, or {@link OtTraceState#OWN}
     */
    void begin(byte[] why, boolean withThreshold, long t, long r) {
        if (isSame(why) && marks == withThreshold && threshold == t && randomness == r) {
            return;
        }
        attributes = why;
        marks = withThreshold;
        threshold = t;
        randomness = r;
        plain = marks ? joined(why, OtTraceState.made(t, r)) : why;
    }

    byte[] why() {
        return attributes;
    }

    boolean withThreshold() {
        return marks;
    }

    long threshold() {
        return threshold;
    }

    long randomness() {
        return randomness;
    }

    @SuppressWarnings("ReferenceEquality") // Attributes are made once for each policy.
    private boolean isSame(byte[] why) {
        return why == attributes;
    }

    /** The fields to append to a span of the trace. */
    byte[] of(byte[] segment, int record) {
        return marks && state.isStateIn(segment, record)
                ? joined(attributes, state.changed(segment, threshold, randomness))
                : plain;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
