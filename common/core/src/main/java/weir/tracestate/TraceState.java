package weir.tracestate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A W3C trace state in its parts: threshold ({@code th}) and randomness ({@code rv}) of the {@code ot} member, what else that one
 * says, and the other members, in their order. As strict as W3C's and OpenTelemetry's rules. To be used again; belongs to one
 * thread.
 *
 * <p>Source: W3C's "Trace Context", 3.3.1, and OpenTelemetry's "Tracestate handling".
 */
public final class TraceState {
    private static final int MAX_CHARS = 1024;
    private static final int MAX_MEMBERS = 32;
    private static final int MAX_KEY = 256;
    private static final int MAX_TENANT = 241;
    private static final int MAX_SYSTEM = 14;
    private static final int MAX_VALUE = 256;

    private long threshold = Thresholds.NONE;
    private long randomness = Thresholds.NONE;
    private final StringBuilder moreOfOt = new StringBuilder();
    private final StringBuilder members = new StringBuilder();
    /** The randomness with the letters that it came with. */
    private @Nullable String randomnessText;

    private @Nullable String thresholdText;

    /** Without any member. */
    public TraceState clear() {
        threshold = Thresholds.NONE;
        randomness = Thresholds.NONE;
        randomnessText = null;
        thresholdText = null;
        moreOfOt.setLength(0);
        members.setLength(0);
        return this;
    }

    /** Reads a trace state; whether it is one. */
    public boolean parse(String text) {
        clear();
        if (text.length() > MAX_CHARS) {
            return false;
        }
        int count = 0;
        for (int at = 0; at < text.length(); ) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            String member = trimmed(text, at, end);
            if (++count > MAX_MEMBERS || (!member.isEmpty() && !member(member))) {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    private static String trimmed(String text, int from, int end) {
        int begin = from;
        int limit = end;
        while (begin < limit && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (begin < limit && isBlank(text.charAt(limit - 1))) {
            limit--;
        }
        return text.substring(begin, limit);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private boolean member(String member) {
        int equals = member.indexOf('=');
        if (equals < 1 || !isKey(member, equals) || !isValue(member, equals + 1)) {
            return false;
        }
        if (equals == 2 && member.startsWith("ot")) {
            return ot(member.substring(3));
        }
        members.append(members.isEmpty() ? "" : ",").append(member);
        return true;
    }

    private static boolean isKey(String member, int end) {
        int at = member.indexOf('@');
        if (at < 0 || at > end) {
            return end <= MAX_KEY && isPart(member, 0, end, false);
        }
        return at <= MAX_TENANT
                && end - at - 1 <= MAX_SYSTEM
                && isPart(member, 0, at, true)
                && isPart(member, at + 1, end, false);
    }

    private static boolean isPart(String text, int from, int end, boolean mayBeginWithDigit) {
        if (from == end || !(isLower(text.charAt(from)) || (mayBeginWithDigit && isDigit(text.charAt(from))))) {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            char c = text.charAt(i);
            if (!isLower(c) && !isDigit(c) && c != '-' && c != '*' && c != '/' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** Of the characters that may be in a value the comma cannot be there any more, and blanks not at the end. */
    private static boolean isValue(String member, int from) {
        int length = member.length() - from;
        for (int i = from; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '=') {
                return false;
            }
        }
        return length > 0 && length <= MAX_VALUE;
    }

    private boolean ot(String value) {
        threshold = Thresholds.NONE;
        randomness = Thresholds.NONE;
        thresholdText = null;
        randomnessText = null;
        moreOfOt.setLength(0);
        for (int at = 0; at <= value.length(); ) {
            int semicolon = value.indexOf(';', at);
            int end = semicolon < 0 ? value.length() : semicolon;
            if (!field(value, at, end)) {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    private boolean field(String ot, int from, int end) {
        int colon = ot.indexOf(':', from);
        if (colon <= from || colon >= end || !isLower(ot.charAt(from))) {
            return false;
        }
        for (int i = from; i < end; i++) {
            char c = ot.charAt(i);
            boolean letter = isLower(c) || isDigit(c);
            if (i != colon && !letter && (i < colon || !((c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-'))) {
                return false;
            }
        }
        String key = ot.substring(from, colon);
        String text = ot.substring(colon + 1, end);
        return switch (key) {
            case "th" -> {
                threshold = Thresholds.parse(text);
                thresholdText = text;
                yield threshold != Thresholds.NONE;
            }
            case "rv" -> {
                randomness = text.length() == Thresholds.DIGITS ? Thresholds.parse(text) : Thresholds.NONE;
                randomnessText = text;
                yield randomness != Thresholds.NONE;
            }
            default -> {
                moreOfOt.append(';').append(ot, from, end);
                yield true;
            }
        };
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
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
        thresholdText = null;
    }

    /** @param value of 56 bits, or {@link Thresholds#NONE} */
    public void randomness(long value) {
        randomness = value;
        randomnessText = null;
    }

    /** Writes it, the {@code ot} member first, with the randomness before the threshold; where it ends. */
    public int put(byte[] to, int from) {
        int at = from;
        if (randomness != Thresholds.NONE) {
            at = put("ot=rv:", to, at);
            at = randomnessText == null ? Thresholds.putAll(to, at, randomness) : put(randomnessText, to, at);
        }
        if (threshold != Thresholds.NONE) {
            at = put(at == from ? "ot=th:" : ";th:", to, at);
            at = thresholdText == null ? Thresholds.put(to, at, threshold) : put(thresholdText, to, at);
        }
        if (!moreOfOt.isEmpty()) {
            if (at == from) {
                at = put("ot=", to, at);
                at = put(moreOfOt.substring(1), to, at);
            } else {
                at = put(moreOfOt, to, at);
            }
        }
        if (!members.isEmpty()) {
            at = at == from ? at : put(",", to, at);
            at = put(members, to, at);
        }
        return at;
    }

    /** How many bytes {@link #put} writes at the most. */
    public int maxBytes() {
        return 64 + moreOfOt.length() + members.length();
    }

    private static int put(CharSequence ascii, byte[] to, int at) {
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
