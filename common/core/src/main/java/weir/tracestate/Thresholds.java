package weir.tracestate;

import java.nio.charset.StandardCharsets;

/**
 * Sampling thresholds and the randomness that they are compared with, both of 56 bits: what has a threshold that is not above
 * its randomness is kept, so 0 keeps all.
 *
 * <p>Source: OpenTelemetry's "TraceState: probability sampling".
 */
public final class Thresholds {
    /** One more than the highest randomness. */
    public static final long RANGE = 1L << 56;

    /** Keeps nothing; is never written. */
    public static final long NEVER = RANGE;

    /** Hexadecimal digits of all 56 bits. */
    public static final int DIGITS = 14;

    /** The least probability that there is a threshold for. */
    public static final double LEAST = 0x1p-56;

    /** What {@link #parse} gives for what is none. */
    public static final long NONE = -1;

    private Thresholds() {}

    /**
     * The threshold that keeps with a probability, rounded to some hexadecimal digits besides those that are 0 or f at its
     * beginning, where few digits would say little.
     *
     * @param probability up to 1; {@link #NEVER} below {@link #LEAST}
     * @param digits from 1 to 14
     */
    public static long of(double probability, int digits) {
        if (!(probability >= LEAST)) {
            return NEVER;
        }
        if (probability >= 1) {
            return 0;
        }
        int leading = Math.max(leadingDigits(probability), leadingDigits(1 - probability));
        int shift = 4 * (DIGITS - Math.min(DIGITS, digits + leading));
        long threshold = RANGE - Math.round(probability * RANGE);
        return shift == 0 ? threshold : ((threshold + (1L << (shift - 1))) >>> shift) << shift;
    }

    /** How many hexadecimal digits of a fraction are 0 before the first that is not. */
    private static int leadingDigits(double fraction) {
        return (-1 - Math.getExponent(fraction)) / 4;
    }

    /** The share that a threshold keeps. */
    public static double probability(long threshold) {
        return (double) (RANGE - threshold) / RANGE;
    }

    /** What the lowest 56 bits of a trace id are for what has no randomness of its own. */
    public static long ofTraceId(long traceIdLow) {
        return traceIdLow & (RANGE - 1);
    }

    /** The threshold or randomness that up to 14 hexadecimal digits say, zeros at the end left out; {@link #NONE} if none. */
    public static long parse(String digits) {
        byte[] text = digits.getBytes(StandardCharsets.UTF_8);
        return parse(text, 0, text.length);
    }

    /** The same of digits in ASCII. */
    public static long parse(byte[] b, int from, int end) {
        int n = end - from;
        if (n == 0 || n > DIGITS) {
            return NONE;
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(b[i], 16);
            if (digit < 0) {
                return NONE;
            }
            value = value << 4 | digit;
        }
        return value << (4 * (DIGITS - n));
    }

    /** A threshold as it is written: without zeros at the end, but at least one digit. */
    public static String text(long threshold) {
        byte[] text = new byte[DIGITS];
        return new String(text, 0, put(text, 0, threshold), StandardCharsets.US_ASCII);
    }

    /** Writes a threshold, as {@link #text} does; where it ends. */
    public static int put(byte[] to, int at, long threshold) {
        int end = at;
        long left = threshold << 8;
        do {
            to[end++] = digit((int) (left >>> 60));
            left <<= 4;
        } while (left != 0);
        return end;
    }

    /** Writes all 14 digits of a randomness; where it ends. */
    public static int putAll(byte[] to, int at, long randomness) {
        for (int i = 0; i < DIGITS; i++) {
            to[at + i] = digit((int) (randomness >>> (4 * (DIGITS - 1 - i))) & 15);
        }
        return at + DIGITS;
    }

    private static byte digit(int value) {
        return (byte) (value < 10 ? '0' + value : 'a' + value - 10);
    }
}
