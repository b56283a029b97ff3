package weir.match;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Remembers what regular expressions said of texts, a fixed number of them, by the text itself: a text that comes may
 * displace another one. Long texts are not remembered.
 */
final class VerdictCache {
    static final int UNKNOWN = -1;
    private static final int MAX_TEXT_BYTES = 4096;

    private final byte[][] texts;
    private final int[] hashes;
    private final boolean[] verdicts;
    private final CRC32C crc = new CRC32C();

    /** @param size how many texts to remember, rounded up to a power of two; 0: none */
    VerdictCache(int size) {
        int slots = size == 0 ? 0 : size == 1 ? 1 : Integer.highestOneBit(size - 1) * 2;
        texts = new byte[slots][];
        Arrays.fill(texts, new byte[0]);
        hashes = new int[slots];
        verdicts = new boolean[slots];
    }

    private int hash(byte[] b, int from, int end) {
        crc.reset();
        crc.update(b, from, end - from);
        return (int) crc.getValue();
    }

    /** 1 if the text matches, 0 if it does not, or {@link #UNKNOWN}. */
    int find(byte[] b, int from, int end) {
        if (texts.length == 0 || from == end || end - from > MAX_TEXT_BYTES) {
            return UNKNOWN;
        }
        int hash = hash(b, from, end);
        int slot = hash & (texts.length - 1);
        byte[] text = texts[slot];
        return hashes[slot] == hash && Arrays.equals(text, 0, text.length, b, from, end)
                ? verdicts[slot] ? 1 : 0
                : UNKNOWN;
    }

    /** @param text is kept, and must not be changed */
    void remember(byte[] text, boolean verdict) {
        if (texts.length == 0 || text.length == 0 || text.length > MAX_TEXT_BYTES) {
            return;
        }
        int hash = hash(text, 0, text.length);
        int slot = hash & (texts.length - 1);
        texts[slot] = text;
        hashes[slot] = hash;
        verdicts[slot] = verdict;
    }
}
