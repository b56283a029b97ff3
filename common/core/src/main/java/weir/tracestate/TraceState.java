package weir.tracestate;

import java.nio.charset.StandardCharsets;
import weir.otlp.Output;

/**
 * A W3C trace state in its parts: threshold ({@code th}) and randomness ({@code rv}) of the {@code ot} member, what else that one
 * says, and the other members, in their order. As strict as W3C's and OpenTelemetry's rules. To be used again; belongs to one
 * thread.
 *
 * <p>Source: W3C's "Trace Context", 3.3.1, and OpenTelemetry's "Tracestate handling".
 */
public final class TraceState {
    private static final int MAX_BYTES = 1024;
    private static final int MAX_MEMBERS = 32;
    private static final int MAX_KEY = 256;
    private static final int MAX_TENANT = 241;
    private static final int MAX_SYSTEM = 14;
    private static final int MAX_VALUE = 256;
    private static final byte[] COMMA = {','};
    private static final byte[] SEMICOLON = {';'};

    private long threshold = Thresholds.NONE;
    private long randomness = Thresholds.NONE;
    private int count;
    private final Output moreOfOt = new Output(64);
    private final Output members = new Output(256);

    /** The digits that they came with; none: those that {@link Thresholds} writes. */
    private final Output thresholdDigits = new Output(Thresholds.DIGITS);

    private final Output randomnessDigits = new Output(Thresholds.DIGITS);

    /** Without any member. */
    public TraceState clear() {
        clearOt();
        count = 0;
        members.clear();
        return this;
    }

    private void clearOt() {
        threshold(Thresholds.NONE);
        randomness(Thresholds.NONE);
        moreOfOt.clear();
    }

    /** Reads a trace state; whether it is one. Keeps none of these bytes. */
    public boolean parse(byte[] b, int from, int end) {
        clear();
        if (end - from > MAX_BYTES) {
            return false;
        }
        for (int at = from; at < end; ) {
            int comma = find(b, ',', at, end);
            int begin = at;
            int limit = comma;
            while (begin < limit && isBlank(b[begin])) {
                begin++;
            }
            while (begin < limit && isBlank(b[limit - 1])) {
                limit--;
            }
            if (++count > MAX_MEMBERS || (begin < limit && !member(b, begin, limit))) {
                return false;
            }
            at = comma + 1;
        }
        return true;
    }

    /** Where a character is, or the end. */
    private static int find(byte[] b, char wanted, int from, int end) {
        for (int i = from; i < end; i++) {
            if (b[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private boolean member(byte[] b, int from, int end) {
        int equals = find(b, '=', from, end);
        if (!isKey(b, from, equals) || !isValue(b, equals + 1, end)) {
            return false;
        }
        if (equals - from == 2 && b[from] == 'o' && b[from + 1] == 't') {
            return ot(b, equals + 1, end);
        }
        if (members.size() > 0) {
            members.put(COMMA);
        }
        members.put(b, from, end);
        return true;
    }

    private static boolean isKey(byte[] b, int from, int end) {
        int at = find(b, '@', from, end);
        if (at == end) {
            return end - from <= MAX_KEY && isPart(b, from, end, false);
        }
        return at - from <= MAX_TENANT
                && end - at - 1 <= MAX_SYSTEM
                && isPart(b, from, at, true)
                && isPart(b, at + 1, end, false);
    }

    private static boolean isPart(byte[] b, int from, int end, boolean mayBeginWithDigit) {
        if (from == end || !(isLower(b[from]) || (mayBeginWithDigit && isDigit(b[from])))) {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            byte c = b[i];
            if (!isLower(c) && !isDigit(c) && c != '-' && c != '*' && c != '/' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** Of the characters that may be in a value the comma cannot be there any more, and blanks not at the end. */
    private static boolean isValue(byte[] b, int from, int end) {
        for (int i = from; i < end; i++) {
            if (b[i] < 0x20 || b[i] > 0x7e || b[i] == '=') {
                return false;
            }
        }
        return from < end && end - from <= MAX_VALUE;
    }

    private boolean ot(byte[] b, int from, int end) {
        clearOt();
        for (int at = from; at <= end; ) {
            int semicolon = find(b, ';', at, end);
            if (!field(b, at, semicolon)) {
                return false;
            }
            at = semicolon + 1;
        }
        return true;
    }

    private boolean field(byte[] b, int from, int end) {
        int colon = find(b, ':', from, end);
        if (colon == from || colon == end || !isLower(b[from])) {
            return false;
        }
        for (int i = from; i < end; i++) {
            byte c = b[i];
            boolean letter = isLower(c) || isDigit(c);
            if (i != colon && !letter && (i < colon || !((c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-'))) {
                return false;
            }
        }
        if (colon - from == 2 && b[from] == 't' && b[from + 1] == 'h') {
            threshold(Thresholds.parse(b, colon + 1, end));
            thresholdDigits.put(b, colon + 1, end);
            return threshold != Thresholds.NONE;
        }
        if (colon - from == 2 && b[from] == 'r' && b[from + 1] == 'v') {
            randomness(end - colon - 1 == Thresholds.DIGITS ? Thresholds.parse(b, colon + 1, end) : Thresholds.NONE);
            randomnessDigits.put(b, colon + 1, end);
            return randomness != Thresholds.NONE;
        }
        moreOfOt.put(SEMICOLON).put(b, from, end);
        return true;
    }

    private static boolean isLower(byte c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** How many members the text had that was read last, empty ones among them. */
    public int count() {
        return count;
    }

    /** {@link Thresholds#NONE}: it has none. */
    public long threshold() {
        return threshold;
    }

    /** {@link Thresholds#NONE}: it has none. */
    public long randomness() {
        return randomness;
    }

    /** @param value of 56 bits, or {@link Thresholds#NONE} */
    public void threshold(long value) {
        threshold = value;
        thresholdDigits.clear();
    }

    /** @param value of 56 bits, or {@link Thresholds#NONE} */
    public void randomness(long value) {
        randomness = value;
        randomnessDigits.clear();
    }

    /** Writes it, the {@code ot} member first, with the randomness before the threshold; where it ends. */
    public int put(byte[] to, int from) {
        int at = from;
        if (randomness != Thresholds.NONE) {
            at = put("ot=rv:", to, at);
            at = randomnessDigits.size() == 0
                    ? Thresholds.putAll(to, at, randomness)
                    : put(randomnessDigits, 0, to, at);
        }
        if (threshold != Thresholds.NONE) {
            at = put(at == from ? "ot=th:" : ";th:", to, at);
            at = thresholdDigits.size() == 0 ? Thresholds.put(to, at, threshold) : put(thresholdDigits, 0, to, at);
        }
        if (moreOfOt.size() > 0) {
            boolean first = at == from;
            at = put(moreOfOt, first ? SEMICOLON.length : 0, to, first ? put("ot=", to, at) : at);
        }
        if (members.size() > 0) {
            at = put(members, 0, to, at == from ? at : put(",", to, at));
        }
        return at;
    }

    /** How many bytes {@link #put} writes at the most. */
    public int maxBytes() {
        return 64 + moreOfOt.size() + members.size();
    }

    private static int put(Output part, int from, byte[] to, int at) {
        System.arraycopy(part.bytes(), from, to, at, part.size() - from);
        return at + part.size() - from;
    }

    private static int put(String ascii, byte[] to, int at) {
        for (int i = 0; i < ascii.length(); i++) {
            to[at + i] = (byte) ascii.charAt(i);
        }
        return at + ascii.length();
    }

    @Override
    public String toString() {
        byte[] text = new byte[maxBytes()];
        return new String(text, 0, put(text, 0), StandardCharsets.US_ASCII);
    }
}
