package weir.connector.spanmetrics;

import weir.otlp.ValueRange;
import weir.tracestate.Thresholds;

/**
 * How many spans a span stands for, by the threshold of the sampler that it passed: {@code ot=th:...} in its trace state. Of
 * {@code 2^56 / (2^56 - th)} the fraction is rounded up as often as it is large, so that sums are right. Belongs to one
 * thread at a time.
 *
 * <p>Source: OpenTelemetry's "TraceState: probability sampling". What is no valid trace state, as pkg/sampling of the
 * collector reads it, says nothing.
 */
final class AdjustedCount {
    /** The trace state says nothing: the span stands for itself. */
    static final long UNKNOWN = -1;

    private static final long INVALID = -2;
    private static final byte[] NONE = {};
    private static final int MAX_STATE_LENGTH = 1024;
    private static final int MAX_MEMBERS = 31;
    private static final int MAX_VALUE_LENGTH = 256;

    private long random;
    private byte[] text = NONE;
    private int at;

    /** @param seed of what fractions are rounded by */
    AdjustedCount(long seed) {
        random = seed == 0 ? 1 : seed;
    }

    /** The adjusted count of a threshold. */
    long of(long threshold) {
        if (threshold == UNKNOWN) {
            return 1;
        }
        long kept = Thresholds.RANGE - threshold;
        long whole = Thresholds.RANGE / kept;
        long rest = Thresholds.RANGE % kept;
        return rest != 0 && Long.remainderUnsigned(next(), kept) < rest ? whole + 1 : whole;
    }

    /** xorshift64* (Vigna 2014). */
    private long next() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545f4914f6cdd1dL;
    }

    /** The threshold of a trace state, 0 to 2^56 - 1, or {@link #UNKNOWN}. */
    long threshold(ValueRange state) {
        if (state.isEmpty() || state.length() > MAX_STATE_LENGTH) {
            return UNKNOWN;
        }
        text = state.bytes();
        long threshold = parse(state);
        text = NONE;
        return threshold;
    }

    private long parse(ValueRange state) {
        long threshold = UNKNOWN;
        int members = 0;
        for (int from = state.from(); from < state.end(); from = at + 1) {
            at = find(',', from, state.end());
            int begin = from;
            int end = at;
            while (begin < end && isBlank(text[begin])) {
                begin++;
            }
            while (begin < end && isBlank(text[end - 1])) {
                end--;
            }
            if (++members > MAX_MEMBERS) {
                return UNKNOWN;
            }
            if (begin == end) {
                continue;
            }
            int equals = find('=', begin, end);
            if (!isKey(begin, equals) || !isValue(equals + 1, end)) {
                return UNKNOWN;
            }
            if (equals == begin + 2 && text[begin] == 'o' && text[begin + 1] == 't') {
                threshold = ot(equals + 1, end);
                if (threshold == INVALID) {
                    return UNKNOWN;
                }
            }
        }
        return threshold;
    }

    private long ot(int from, int end) {
        long threshold = UNKNOWN;
        if (text[end - 1] == ';') {
            return INVALID;
        }
        for (int begin = from; begin < end; ) {
            int stop = find(';', begin, end);
            int colon = find(':', begin, stop);
            if (colon == stop || !isOtKey(begin, colon) || !isOtValue(colon + 1, stop)) {
                return INVALID;
            }
            if (colon == begin + 2 && text[begin] == 't' && text[begin + 1] == 'h') {
                threshold = hex(colon + 1, stop);
                if (threshold < 0) {
                    return INVALID;
                }
            } else if (colon == begin + 2 && text[begin] == 'r' && text[begin + 1] == 'v') {
                if (stop - colon - 1 != Thresholds.DIGITS || hex(colon + 1, stop) < 0) {
                    return INVALID;
                }
            }
            begin = stop + 1;
        }
        return threshold;
    }

    /** Up to 14 digits, of which those at the end may be left out where they are zero. */
    private long hex(int from, int end) {
        if (from == end || end - from > Thresholds.DIGITS) {
            return INVALID;
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return INVALID;
            }
            value = (value << 4) | digit;
        }
        return value << (4 * (Thresholds.DIGITS - (end - from)));
    }

    private int find(char wanted, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLower(byte c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** {@code key} or {@code tenant@system}. */
    private boolean isKey(int from, int end) {
        if (end - from < 1 || end - from > MAX_VALUE_LENGTH) {
            return false;
        }
        int tenantEnd = find('@', from, end);
        if (tenantEnd == end) {
            return isLower(text[from]) && areKeyChars(from + 1, end);
        }
        return tenantEnd > from
                && tenantEnd + 1 < end
                && (isLower(text[from]) || isDigit(text[from]))
                && areKeyChars(from + 1, tenantEnd)
                && isLower(text[tenantEnd + 1])
                && areKeyChars(tenantEnd + 2, end);
    }

    private boolean areKeyChars(int from, int end) {
        for (int i = from; i < end; i++) {
            byte c = text[i];
            if (!isLower(c) && !isDigit(c) && c != '_' && c != '-' && c != '*' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private boolean isValue(int from, int end) {
        if (end - from < 1 || end - from > MAX_VALUE_LENGTH) {
            return false;
        }
        for (int i = from; i < end; i++) {
            if (text[i] < ' ' || text[i] > '~' || text[i] == '=') {
                return false;
            }
        }
        return true;
    }

    private boolean isOtKey(int from, int end) {
        if (from == end || !isLower(text[from])) {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            if (!isLower(text[i]) && !isDigit(text[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean isOtValue(int from, int end) {
        for (int i = from; i < end; i++) {
            byte c = text[i];
            if (!isLower(c) && !isDigit(c) && (c < 'A' || c > 'Z') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
