package weir.gateway.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that text of the exposition formats is written to. Belongs to one thread at a time. */
final class TextBuffer {
    /** Integers below this are exact as doubles, and so are their digits. */
    private static final long EXACT = 1L << 53;

    /** Longest of {@code Double.toString}: 17 digits, sign, point, exponent; and room to strip leading zeros. */
    private final byte[] digits = new byte[32];

    private byte[] bytes;
    private int size;

    TextBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Cuts what was written back to a size that it had before. */
    void truncate(int to) {
        size = to;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    TextBuffer put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    TextBuffer put(byte[] more) {
        return put(more, 0, more.length);
    }

    TextBuffer put(byte[] more, int from, int length) {
        room(length);
        System.arraycopy(more, from, bytes, size, length);
        size += length;
        return this;
    }

    TextBuffer put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text within double quotes: backslash, quote and newline are escaped. */
    TextBuffer quoted(String text) {
        put('"');
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            switch (b) {
                case '\\' -> put('\\').put('\\');
                case '"' -> put('\\').put('"');
                case '\n' -> put('\\').put('n');
                default -> put((char) b);
            }
        }
        return put('"');
    }

    TextBuffer put(long value) {
        if (value < 0) {
            return put(Long.toString(value));
        }
        room(20);
        int n = decimals(value);
        for (int i = 0; i < n; i++) {
            bytes[size++] = digits[i];
        }
        return this;
    }

    /**
     * A number in the fewest digits that read back to it, as Go's {@code strconv} lays them out: plain from 1e-4 up to below
     * 1e6, with an exponent of at least two digits beyond.
     *
     * @param point whether a point or exponent must show, as OpenMetrics demands of values
     */
    TextBuffer number(double value, boolean point) {
        long whole = (long) value;
        if (whole == value && whole < EXACT && whole > -EXACT) {
            return whole(whole, point);
        }
        if (Double.isNaN(value)) {
            return put("NaN");
        }
        if (Double.isInfinite(value)) {
            return put(value > 0 ? "+Inf" : "-Inf");
        }
        return decimal(value, point);
    }

    private TextBuffer whole(long value, boolean point) {
        long magnitude = Math.abs(value);
        int n = decimals(magnitude);
        int exponent = n - 1;
        while (n > 1 && digits[n - 1] == '0') {
            n--;
        }
        return layOut(value < 0, n, exponent, point);
    }

    /**
     * {@code Double.toString} (since JDK 19) gives the shortest digits, at least two of them; only the layout differs. Its
     * second digit is not always 0: of the least numbers there are, one digit may do where it gives two (4.9E-324 is 5e-324).
     */
    private TextBuffer decimal(double value, boolean point) {
        String text = Double.toString(Math.abs(value));
        int n = 0;
        int exponent = -1;
        boolean fraction = false;
        boolean leading = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'E') {
                exponent += Integer.parseInt(text, i + 1, text.length(), 10);
                break;
            }
            if (c == '.') {
                fraction = true;
                continue;
            }
            leading &= c == '0';
            if (leading) {
                exponent -= fraction ? 1 : 0;
                continue;
            }
            digits[n++] = (byte) c;
            exponent += fraction ? 0 : 1;
        }
        while (n > 1 && digits[n - 1] == '0') {
            n--;
        }
        if (n == 2 && exponent < -320) {
            n = oneDigit(Math.abs(value), exponent);
        }
        return layOut(value < 0, n, exponent, point);
    }

    private int oneDigit(double value, int exponent) {
        int rounded = digits[0] - '0' + (digits[1] >= '5' ? 1 : 0);
        if (rounded < 10 && Double.parseDouble(rounded + "E" + exponent) == value) {
            digits[0] = (byte) ('0' + rounded);
            return 1;
        }
        return 2;
    }

    /** Writes the first {@code n} digits, the first of which stands for so many times {@code 10^exponent}. */
    private TextBuffer layOut(boolean negative, int n, int exponent, boolean point) {
        room(40);
        if (negative) {
            bytes[size++] = '-';
        }
        if (exponent < -4 || exponent > 5) {
            return scientific(n, exponent);
        }
        if (exponent < 0) {
            bytes[size++] = '0';
            bytes[size++] = '.';
            for (int i = -1; i > exponent; i--) {
                bytes[size++] = '0';
            }
            return digits(0, n);
        }
        for (int i = 0; i <= exponent; i++) {
            bytes[size++] = i < n ? digits[i] : (byte) '0';
        }
        if (n > exponent + 1) {
            bytes[size++] = '.';
            digits(exponent + 1, n);
        } else if (point) {
            bytes[size++] = '.';
            bytes[size++] = '0';
        }
        return this;
    }

    private TextBuffer scientific(int n, int exponent) {
        bytes[size++] = digits[0];
        if (n > 1) {
            bytes[size++] = '.';
            digits(1, n);
        }
        bytes[size++] = 'e';
        bytes[size++] = (byte) (exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude >= 100) {
            bytes[size++] = (byte) ('0' + magnitude / 100);
        }
        bytes[size++] = (byte) ('0' + magnitude / 10 % 10);
        bytes[size++] = (byte) ('0' + magnitude % 10);
        return this;
    }

    private TextBuffer digits(int from, int to) {
        for (int i = from; i < to; i++) {
            bytes[size++] = digits[i];
        }
        return this;
    }

    /** Puts the digits of a number that is not negative into {@link #digits}, and says how many. */
    private int decimals(long value) {
        int n = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            n++;
        }
        long rest = value;
        for (int i = n - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return n;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
