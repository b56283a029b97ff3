package weir.gateway.sampling;

import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.Fields;

/**
 * The attributes that say on a kept span which policy kept it and what made the sampler decide. A span that another sampler
 * let through has them already; what that one said gives way, because of two attributes of one key readers see either.
 * Belongs to who holds the shard's lock.
 */
final class DecisionAttributes {
    private static final String POLICY = "tailsampling.policy";
    private static final String TRIGGER = "tailsampling.trigger";
    private static final byte[] POLICY_KEY = Attributes.key(POLICY);
    private static final byte[] TRIGGER_KEY = Attributes.key(TRIGGER);

    private final AttributeCursor cursor = new AttributeCursor();

    /** Both attributes as fields of a span's message. */
    static byte[] encoded(String policy, Trigger trigger) {
        byte[] p = Attributes.attribute(Fields.SPAN_ATTRIBUTES, POLICY, Attributes.value(policy));
        byte[] t = Attributes.attribute(Fields.SPAN_ATTRIBUTES, TRIGGER, Attributes.value(trigger.label()));
        byte[] both = new byte[p.length + t.length];
        System.arraycopy(p, 0, both, 0, p.length);
        System.arraycopy(t, 0, both, p.length, t.length);
        return both;
    }

    /** How many bytes of a span's message are such attributes. */
    int bytesIn(byte[] b, int from, int end) {
        int bytes = 0;
        for (cursor.reset(b, from, end, Fields.SPAN_ATTRIBUTES); cursor.next(); ) {
            bytes += isOne() ? cursor.end() - cursor.start() : 0;
        }
        return bytes;
    }

    /** Copies a span's message without them. */
    void copyOthers(byte[] b, int from, int end, byte[] into, int at) {
        int to = at;
        int copied = from;
        for (cursor.reset(b, from, end, Fields.SPAN_ATTRIBUTES); cursor.next(); ) {
            if (isOne()) {
                System.arraycopy(b, copied, into, to, cursor.start() - copied);
                to += cursor.start() - copied;
                copied = cursor.end();
            }
        }
        System.arraycopy(b, copied, into, to, end - copied);
    }

    private boolean isOne() {
        return cursor.keyEquals(POLICY_KEY) || cursor.keyEquals(TRIGGER_KEY);
    }
}
