package weir.connector.spanmetrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import weir.otlp.AnyValueText;
import weir.otlp.ValueView;
import weir.otlp.Wire;

/**
 * Writes the key of a series: parts in an order that the configuration fixes. The length of a text follows it, so that no
 * two sequences of parts give the same bytes. Belongs to one thread at a time.
 */
final class KeyBuffer {
    private static final int ABSENT = -1;

    /** Digits of the smallest number, with its sign. */
    private static final int MAX_DIGITS = 20;

    private byte[] bytes = new byte[512];
    private int size;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    void octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void number(int value) {
        room(4);
        Wire.putFixed32(bytes, size, value);
        size += 4;
    }

    void text(byte[] b, int from, int end) {
        put(b, from, end);
        number(end - from);
    }

    void absent() {
        number(ABSENT);
    }

    /**
     * A value as the collector writes it as text, so that 1 and "1" are the same series. Only lists, maps, bytes and doubles
     * with a fraction allocate.
     */
    void value(ValueView value) {
        int from = size;
        switch (value.type()) {
            case EMPTY -> {}
            case STRING -> put(value.bytes(), value.from(), value.end());
            case INT -> digits(value.longValue());
            case BOOL -> {
                byte[] word = value.booleanValue() ? TRUE : FALSE;
                put(word, 0, word.length);
            }
            case DOUBLE, ARRAY, KEY_VALUES, BYTES -> {
                byte[] text = AnyValueText.of(value).getBytes(StandardCharsets.UTF_8);
                put(text, 0, text.length);
            }
        }
        number(size - from);
    }

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private void digits(long value) {
        room(MAX_DIGITS);
        int end = size + MAX_DIGITS;
        int at = end;
        long rest = value;
        do {
            bytes[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            bytes[--at] = '-';
        }
        System.arraycopy(bytes, at, bytes, size, end - at);
        size += end - at;
    }

    private void put(byte[] b, int from, int end) {
        room(end - from);
        System.arraycopy(b, from, bytes, size, end - from);
        size += end - from;
    }

    private void room(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
