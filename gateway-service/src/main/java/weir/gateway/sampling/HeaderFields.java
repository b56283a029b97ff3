package weir.gateway.sampling;

import java.util.Arrays;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Wire;

/**
 * All fields of a ResourceSpans or ScopeSpans but for what repeats in it: resource or scope, schema URL, and whatever a
 * newer protocol adds. Used again and again; belongs to one thread.
 */
final class HeaderFields {
    /** The scopes of a ResourceSpans and the spans of a ScopeSpans have the same number. */
    private static final int REPEATED = 2 << 3 | Wire.BYTES;

    private static final int GROUP_DEPTH = 64;

    private byte[] bytes = new byte[256];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Reads the fields of a message that was checked before. */
    void read(byte[] b, int from, int end) throws MalformedOtlpException {
        length = 0;
        int kept = from;
        int at = from;
        while (at < end) {
            int field = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, GROUP_DEPTH);
            if (tag == REPEATED) {
                take(b, kept, field);
                kept = at;
            }
        }
        take(b, kept, end);
    }

    private void take(byte[] b, int from, int end) {
        int n = end - from;
        if (n > 0) {
            if (n > bytes.length - length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + n, bytes.length * 2));
            }
            System.arraycopy(b, from, bytes, length, n);
            length += n;
        }
    }
}
