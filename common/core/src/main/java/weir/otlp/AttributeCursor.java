package weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes through the attributes of one message of a batch, or through the entries of a KeyValueList. To be used again; belongs
 * to one thread. What it points at holds until {@link #next} or {@link #reset}.
 *
 * <pre>{@code
 * for (cursor.reset(b, from, end, Fields.SPAN_ATTRIBUTES); cursor.next(); ) {
 *     if (cursor.keyEquals(HTTP_ROUTE) && cursor.value().isString(CHECKOUT)) { ... }
 * }
 * }</pre>
 */
public final class AttributeCursor {
    private static final byte[] NONE = {};
    private static final int KEY_TAG = 1 << 3 | Wire.BYTES;
    private static final int VALUE_TAG = 2 << 3 | Wire.BYTES;

    private final ValueView value = new ValueView();
    private byte[] bytes = NONE;
    private int at;
    private int limit;
    private int wanted;
    private int start;
    private int keyFrom;
    private int keyEnd;
    private int valueFrom;
    private int valueEnd;
    private boolean valueRead;

    /**
     * Begins with a message.
     *
     * @param b bytes of a batch, so known to be well-formed
     * @param field which field of the message holds its attributes; see {@link Fields}
     */
    public AttributeCursor reset(byte[] b, int from, int end, int field) {
        bytes = b;
        at = from;
        limit = end;
        wanted = field << 3 | Wire.BYTES;
        return this;
    }

    /** Begins with the entries of a value that is a KeyValueList. */
    public AttributeCursor reset(ValueView keyValues) {
        return reset(keyValues.bytes(), keyValues.from(), keyValues.end(), Fields.VALUES);
    }

    /** Moves to the next attribute, if there is one. */
    public boolean next() {
        byte[] b = bytes;
        try {
            while (at < limit) {
                start = at;
                int value = at + 2;
                // Nearly all fields have a number below 16 and less than 128 bytes.
                if (value <= limit && (b[at] & 7) == Wire.BYTES && b[at] >= 8) {
                    int length = b[at + 1];
                    if (length >= 0 && length <= limit - value) {
                        boolean found = b[at] == wanted;
                        at = value + length;
                        if (found) {
                            attribute(b, value, at);
                            return true;
                        }
                        continue;
                    }
                }
                int after = Wire.afterVarint(b, at, limit);
                int tag = Wire.tag(b, at, after);
                if (tag == wanted) {
                    int from = Wire.afterVarint(b, after, limit);
                    at = from + Wire.length(b, after, from, limit);
                    attribute(b, from, at);
                    return true;
                }
                at = Wire.skip(b, after, limit, tag, Shape.MAX_DEPTH);
            }
            return false;
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    /** Moves to the next attribute of this key, if there is one. */
    public boolean find(byte[] key) {
        while (next()) {
            if (keyEquals(key)) {
                return true;
            }
        }
        return false;
    }

    private void attribute(byte[] b, int from, int end) throws MalformedOtlpException {
        valueRead = false;
        if (end - from >= 4 && b[from] == KEY_TAG && b[from + 1] >= 0) {
            int key = from + 2;
            int after = key + b[from + 1];
            if (end - after >= 2 && b[after] == VALUE_TAG && b[after + 1] == end - after - 2) {
                keyFrom = key;
                keyEnd = after;
                valueFrom = after + 2;
                valueEnd = end;
                return;
            }
        }
        parse(b, from, end);
    }

    private void parse(byte[] b, int from, int end) throws MalformedOtlpException {
        keyFrom = from;
        keyEnd = from;
        valueFrom = from;
        valueEnd = from;
        int i = from;
        while (i < end) {
            int after = Wire.afterVarint(b, i, end);
            int tag = Wire.tag(b, i, after);
            i = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            if (tag == KEY_TAG) {
                keyFrom = Wire.afterVarint(b, after, end);
                keyEnd = i;
            } else if (tag == VALUE_TAG) {
                valueFrom = Wire.afterVarint(b, after, end);
                valueEnd = i;
            }
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the attribute's tag lies in its message: from here to {@link #end} it can be copied as it is. */
    public int start() {
        return start;
    }

    /** Where the attribute ends, exclusive. */
    public int end() {
        return at;
    }

    public int keyFrom() {
        return keyFrom;
    }

    public int keyEnd() {
        return keyEnd;
    }

    /** Whether the key is this one, given as UTF-8. */
    public boolean keyEquals(byte[] key) {
        return keyEnd - keyFrom == key.length && Arrays.equals(bytes, keyFrom, keyEnd, key, 0, key.length);
    }

    /** A new String of the key. */
    public String key() {
        return new String(bytes, keyFrom, keyEnd - keyFrom, StandardCharsets.UTF_8);
    }

    /** Where the fields of the AnyValue begin. */
    public int valueFrom() {
        return valueFrom;
    }

    /** Where the AnyValue ends, exclusive. */
    public int valueEnd() {
        return valueEnd;
    }

    /** The value: always the same view, looked at again after {@link #next}. */
    public ValueView value() {
        if (!valueRead) {
            value.reset(bytes, valueFrom, valueEnd);
            valueRead = true;
        }
        return value;
    }
}
