package weir.gateway.sampling.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import weir.match.ByteTable;

/**
 * Members of W3C trace states. One that is not well-formed, by the rules of Trace Context Level 1 as OpenTelemetry's SDK for Go
 * reads them, has no members. Belongs to one thread at a time.
 */
final class TraceStates {
    private static final int MAX_MEMBERS = 32;
    private static final int MAX_KEY_BYTES = 256;
    private static final int MAX_TENANT_BYTES = 241;
    private static final int MAX_SYSTEM_BYTES = 14;
    private static final int MAX_VALUE_BYTES = 256;

    /** @param bit is set if the member of the key has one of the values */
    private record Wanted(byte[] key, ByteTable values, int bit) {}

    private final Wanted[] wanted;
    private final int[] keyFrom = new int[MAX_MEMBERS];
    private final int[] keyEnd = new int[MAX_MEMBERS];
    private final int[] valueFrom = new int[MAX_MEMBERS];
    private final int[] valueEnd = new int[MAX_MEMBERS];
    private int members;

    TraceStates(List<SpanCondition.TraceStateIn> conditions, int[] bits) {
        wanted = new Wanted[conditions.size()];
        for (int i = 0; i < wanted.length; i++) {
            byte[] key = utf8(conditions.get(i).key());
            ByteTable values = new ByteTable(conditions.get(i).values().stream()
                    .map(TraceStates::utf8)
                    .filter(v -> v.length > 0 && key.length + v.length < 256)
                    .toList());
            wanted[i] = new Wanted(key, values, bits[i]);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    boolean isEmpty() {
        return wanted.length == 0;
    }

    /** Sets the bits of the conditions that a trace state meets. */
    void match(byte[] b, int from, int end, long[] met) {
        if (!parse(b, from, end)) {
            return;
        }
        for (Wanted w : wanted) {
            for (int i = 0; i < members; i++) {
                if (Arrays.equals(w.key, 0, w.key.length, b, keyFrom[i], keyEnd[i])) {
                    if (w.values.find(b, valueFrom[i], valueEnd[i]) != ByteTable.NONE) {
                        met[w.bit >>> 6] |= 1L << w.bit;
                    }
                    break;
                }
            }
        }
    }

    private boolean parse(byte[] b, int from, int end) {
        members = 0;
        int at = from;
        while (at < end) {
            int comma = find(b, at, end, ',');
            if (comma > at && !member(b, at, comma)) {
                return false;
            }
            at = comma + 1;
        }
        return true;
    }

    private boolean member(byte[] b, int from, int end) {
        int equals = find(b, from, end, '=');
        if (equals == end || members == MAX_MEMBERS) {
            return false;
        }
        int key = from;
        while (key < equals && (b[key] == ' ' || b[key] == '\t')) {
            key++;
        }
        int last = end;
        while (last > equals + 1 && (b[last - 1] == ' ' || b[last - 1] == '\t')) {
            last--;
        }
        if (!isKey(b, key, equals) || !isValue(b, equals + 1, last)) {
            return false;
        }
        for (int i = 0; i < members; i++) {
            if (Arrays.equals(b, keyFrom[i], keyEnd[i], b, key, equals)) {
                return false;
            }
        }
        keyFrom[members] = key;
        keyEnd[members] = equals;
        valueFrom[members] = equals + 1;
        valueEnd[members] = last;
        members++;
        return true;
    }

    private static int find(byte[] b, int from, int end, char wanted) {
        int at = from;
        while (at < end && b[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean isKey(byte[] b, int from, int end) {
        int sign = find(b, from, end, '@');
        return sign == end
                ? isPart(b, from, end, MAX_KEY_BYTES, false)
                : isPart(b, from, sign, MAX_TENANT_BYTES, true) && isPart(b, sign + 1, end, MAX_SYSTEM_BYTES, false);
    }

    private static boolean isPart(byte[] b, int from, int end, int most, boolean digitFirst) {
        if (from == end || end - from > most || !(isLetter(b[from]) || (digitFirst && isDigit(b[from])))) {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            byte c = b[i];
            if (!isLetter(c) && !isDigit(c) && c != '_' && c != '-' && c != '*' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(byte c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isValue(byte[] b, int from, int end) {
        if (from == end || end - from > MAX_VALUE_BYTES) {
            return false;
        }
        for (int i = from; i < end; i++) {
            byte c = b[i];
            if (c < ' ' || c > '~' || c == ',' || c == '=') {
                return false;
            }
        }
        return b[end - 1] != ' ';
    }
}
