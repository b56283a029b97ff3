package weir.otlp.edit;

import java.util.Arrays;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Wire;

/**
 * Where each field of a message lies, in parallel arrays: an entry is an index into them. Of entries that are attributes also
 * where key and value lie. {@link MessageEdit}, which it belongs to, lets entries point into a second array. Grows with the
 * messages that it is used for, and then allocates nothing. Belongs to one thread.
 */
final class FieldTable {
    private static final int KEY_TAG = 1 << 3 | Wire.BYTES;
    private static final int VALUE_TAG = 2 << 3 | Wire.BYTES;

    /** As deep as the check at the door lets groups nest. */
    private static final int MAX_DEPTH = 100;

    private static final int FIRST_ENTRIES = 24;

    /** Their tags have one byte. */
    private static final int LOW_FIELDS = 16;

    /** Above this many fields, the arrays are not kept for the next message. */
    private static final int MAX_KEPT_ENTRIES = 1 << 12;

    int entries;

    /** Field number and wire type; 0: the entry was removed. */
    int[] tag = new int[FIRST_ENTRIES];

    /** Where the tag lies. */
    int[] start = new int[FIRST_ENTRIES];

    /** Where the value lies, without its length. */
    int[] from = new int[FIRST_ENTRIES];

    int[] end = new int[FIRST_ENTRIES];

    /** Whether the entry lies among what was written since. */
    boolean[] own = new boolean[FIRST_ENTRIES];

    int[] keyFrom = new int[FIRST_ENTRIES];
    int[] keyEnd = new int[FIRST_ENTRIES];
    int[] valueFrom = new int[FIRST_ENTRIES];
    int[] valueEnd = new int[FIRST_ENTRIES];

    /** See {@link MessageEdit#word}. */
    long[] keyWord = new long[FIRST_ENTRIES];

    /** How many attributes there are, and the entry of each. */
    int live;

    int[] attributes = new int[FIRST_ENTRIES];

    /** A bit for each key that is there or was: most keys that are asked for are not, and need not be searched for. */
    private long keys;

    /** By field number, for those below 16: the entry that was noted last. */
    private final int[] last = new int[LOW_FIELDS];

    /** Notes the fields of a message, and forgets the former. */
    void look(byte[] b, int messageFrom, int messageEnd, int attributesTag) throws MalformedOtlpException {
        int at = messageFrom;
        int n = 0;
        live = 0;
        keys = 0;
        Arrays.fill(last, -1);
        while (at < messageEnd) {
            if (n == tag.length) {
                resize(2 * n);
            }
            int begin = at;
            int t = b[at];
            int value = at + 1;
            if (t < 8) {
                value = Wire.afterVarint(b, at, messageEnd);
                t = Wire.tag(b, at, value);
            }
            if ((t & 7) == Wire.BYTES) {
                int after = value;
                int length = after < messageEnd ? b[after] : -1;
                value = after + 1;
                if (length < 0 || length > messageEnd - value) {
                    value = Wire.afterVarint(b, after, messageEnd);
                    length = Wire.length(b, after, value, messageEnd);
                }
                at = value + length;
            } else {
                at = Wire.skip(b, value, messageEnd, t, MAX_DEPTH);
            }
            tag[n] = t;
            if (t > 0 && t < LOW_FIELDS << 3) {
                last[t >>> 3] = n;
            }
            start[n] = begin;
            from[n] = value;
            end[n] = at;
            own[n] = false;
            if (t == attributesTag) {
                attributes[live++] = n;
                noteAttribute(n, b, value, at);
            }
            n++;
        }
        entries = n;
    }

    /** The last entry of a tag, or {@link MessageEdit#ABSENT}. */
    int find(int wanted) {
        int from = entries - 1;
        if (wanted < LOW_FIELDS << 3) {
            from = last[wanted >>> 3];
            if (from >= 0 && tag[from] == wanted) {
                return from;
            }
        }
        // Not there; or it was removed, or is written in another way, and may be there once more.
        for (int i = from; i >= 0; i--) {
            if (tag[i] == wanted) {
                return i;
            }
        }
        return MessageEdit.ABSENT;
    }

    /** Whether an attribute may have a key of this word; false if none has. */
    boolean mayHave(long word) {
        return (keys & bit(word)) != 0;
    }

    private static long bit(long word) {
        return 1L << ((word * 0x9e3779b97f4a7c15L) >>> 58);
    }

    /** Gives an entry a tag that it may not have had. */
    void tag(int i, int newTag) {
        tag[i] = newTag;
        if (newTag < LOW_FIELDS << 3) {
            last[newTag >>> 3] = Math.max(last[newTag >>> 3], i);
        }
    }

    /** Adds an entry, of which nothing is noted yet. */
    int add(boolean isAttribute) {
        int i = entries++;
        if (i == tag.length) {
            resize(2 * i);
        }
        if (isAttribute) {
            attributes[live++] = i;
        }
        return i;
    }

    /** Lets an attribute be none; those behind it have a number less by one. */
    void forgetAttribute(int attribute) {
        System.arraycopy(attributes, attribute + 1, attributes, attribute, live - attribute - 1);
        live--;
    }

    /** Notes where key and value of an attribute lie; nearly all are written key first, both short. */
    void noteAttribute(int i, byte[] b, int begin, int limit) {
        if (limit - begin >= 4 && b[begin] == KEY_TAG && b[begin + 1] >= 0) {
            int key = begin + 2;
            int after = key + b[begin + 1];
            if (limit - after >= 2 && b[after] == VALUE_TAG && b[after + 1] == limit - after - 2) {
                keyFrom[i] = key;
                keyEnd[i] = after;
                valueFrom[i] = after + 2;
                valueEnd[i] = limit;
                note(i, MessageEdit.word(b, key, after));
                return;
            }
        }
        keyFrom[i] = begin;
        keyEnd[i] = begin;
        valueFrom[i] = begin;
        valueEnd[i] = begin;
        try {
            int at = begin;
            while (at < limit) {
                int after = Wire.afterVarint(b, at, limit);
                int t = Wire.tag(b, at, after);
                at = Wire.skip(b, after, limit, t, MAX_DEPTH);
                if (t == KEY_TAG) {
                    keyFrom[i] = Wire.afterVarint(b, after, limit);
                    keyEnd[i] = at;
                } else if (t == VALUE_TAG) {
                    valueFrom[i] = Wire.afterVarint(b, after, limit);
                    valueEnd[i] = at;
                }
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
        note(i, MessageEdit.word(b, keyFrom[i], keyEnd[i]));
    }

    private void note(int i, long word) {
        keyWord[i] = word;
        keys |= bit(word);
    }

    /** Gives back what one message with very many fields took. */
    void shrink() {
        if (tag.length > MAX_KEPT_ENTRIES) {
            resize(MAX_KEPT_ENTRIES);
        }
    }

    private void resize(int size) {
        tag = Arrays.copyOf(tag, size);
        start = Arrays.copyOf(start, size);
        from = Arrays.copyOf(from, size);
        end = Arrays.copyOf(end, size);
        own = Arrays.copyOf(own, size);
        keyFrom = Arrays.copyOf(keyFrom, size);
        keyEnd = Arrays.copyOf(keyEnd, size);
        valueFrom = Arrays.copyOf(valueFrom, size);
        valueEnd = Arrays.copyOf(valueEnd, size);
        keyWord = Arrays.copyOf(keyWord, size);
        attributes = Arrays.copyOf(attributes, size);
    }
}
