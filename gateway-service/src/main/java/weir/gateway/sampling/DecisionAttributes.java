package weir.gateway.sampling;

import java.io.ByteArrayOutputStream;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.Fields;

/**
 * The attributes that say on a kept span which policy of which set kept it and what made the sampler decide. A span that another sampler
 * let through has them already; what that one said gives way, because of two attributes of one key readers see either.
 * Belongs to who holds the shard's lock.
 */
final class DecisionAttributes {
    private static final String POLICY = "tailsampling.policy";
    private static final String PART = "tailsampling.composite_policy";
    private static final String SET = "tailsampling.policy_set";
    private static final String TRIGGER = "tailsampling.trigger";
    private static final byte[][] KEYS = {
        Attributes.key(POLICY), Attributes.key(PART), Attributes.key(SET), Attributes.key(TRIGGER)
    };

    private final AttributeCursor cursor = new AttributeCursor();

    /**
     * The attributes as fields of a span's message; empty ones are left out.
     *
     * @param policy that kept the trace
     * @param part of the policy, if it is a composite one
     * @param set the hash of the policies in force
     */
    static byte[] encoded(String policy, String part, String set, Trigger trigger) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        add(all, POLICY, policy);
        add(all, PART, part);
        add(all, SET, set);
        add(all, TRIGGER, trigger.label());
        return all.toByteArray();
    }

    private static void add(ByteArrayOutputStream all, String key, String value) {
        if (!value.isEmpty()) {
            all.writeBytes(Attributes.attribute(Fields.SPAN_ATTRIBUTES, key, Attributes.value(value)));
        }
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
        for (byte[] key : KEYS) {
            if (cursor.keyEquals(key)) {
                return true;
            }
        }
        return false;
    }
}
