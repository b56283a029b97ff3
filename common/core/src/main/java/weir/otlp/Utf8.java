package weir.otlp;

/**
 * Checks that text is UTF-8, as protobuf demands of its strings: a receiver behind us may refuse a whole request for one.
 * Nearly all text is ASCII, so that is asked first, of 8 bytes at once, the last of which may overlap.
 */
final class Utf8 {
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    static void check(byte[] b, int from, int end) throws MalformedOtlpException {
        int length = end - from;
        long bits = 0;
        if (length >= 8) {
            int last = end - 8;
            for (int at = from; at < last; at += 8) {
                bits |= Wire.fixed64(b, at);
            }
            bits |= Wire.fixed64(b, last);
        } else if (length > 0 && b.length - from >= 8) {
            bits = Wire.fixed64(b, from) << (64 - 8 * length);
        } else {
            for (int at = from; at < end; at++) {
                bits |= b[at];
            }
        }
        if ((bits & HIGH_BITS) != 0) {
            checkRest(b, from, end);
        }
    }

    private static void checkRest(byte[] b, int from, int end) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int lead = b[at] & 0xff;
            int more;
            if (lead < 0x80) {
                more = 0;
            } else if (lead >= 0xc2 && lead < 0xe0) {
                more = 1;
            } else if (lead >= 0xe0 && lead < 0xf0) {
                more = 2;
            } else if (lead >= 0xf0 && lead < 0xf5) {
                more = 3;
            } else {
                throw new MalformedOtlpException("text that is not UTF-8", at);
            }
            if (end - at <= more || !continues(b, at, lead, more)) {
                throw new MalformedOtlpException("text that is not UTF-8", at);
            }
            at += more + 1;
        }
    }

    /** Whether the bytes after a lead are continuations, the first within the bounds of RFC 3629 (no overlong forms, no surrogates). */
    private static boolean continues(byte[] b, int at, int lead, int more) {
        for (int i = 1; i <= more; i++) {
            if ((b[at + i] & 0xc0) != 0x80) {
                return false;
            }
        }
        int second = more > 0 ? b[at + 1] & 0xff : 0;
        return switch (lead) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
