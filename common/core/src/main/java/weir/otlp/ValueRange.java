package weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where some text or bytes lie. To be used again; belongs to one thread. */
public final class ValueRange {
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int from;
    private int end;

    public void set(byte[] b, int from, int end) {
        bytes = b;
        this.from = from;
        this.end = end;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    /** Exclusive. */
    public int end() {
        return end;
    }

    public int length() {
        return end - from;
    }

    public boolean isEmpty() {
        return from == end;
    }

    public boolean equalTo(byte[] other) {
        return Arrays.equals(bytes, from, end, other, 0, other.length);
    }

    /** A new String of what lies there as UTF-8. */
    public String text() {
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
