package weir.otlp.edit;

import java.util.Arrays;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Output;
import weir.otlp.Wire;

/**
 * One message of a batch that is read, and changed without its bytes being written to. It is looked into when it is first
 * asked something: then where each of its fields lies is noted, and of attributes where key and value do. What is changed is
 * written beside it, and the note points there instead; {@link #write} copies around that. So what nobody changes, unknown
 * fields among it, keeps its bytes and its place; what is added comes last.
 *
 * <p>A field is told by its entry, a number that holds until {@link #reset}; an entry that was removed has the tag 0. Offsets
 * are into {@link #bytes(int)}, which may be another array for each entry. What lies there stays as it is until {@link #reset},
 * whatever is changed.
 *
 * <p>To be used again and again; after some messages it has grown to their size and allocates nothing. Belongs to one thread.
 */
public final class MessageEdit {
    /** No such entry. */
    public static final int ABSENT = -1;

    /** No field of the message holds attributes. */
    public static final int NO_ATTRIBUTES = 0;

    private static final byte[] NONE = {};
    private static final int KEY_TAG = 1 << 3 | Wire.BYTES;
    private static final int VALUE_TAG = 2 << 3 | Wire.BYTES;

    /** As deep as the check at the door lets groups nest. */
    private static final int MAX_DEPTH = 100;

    /** Above this many fields, an array is not kept for the next message. */
    private static final int MAX_KEPT_ENTRIES = 1 << 12;

    private static final int MAX_KEPT_BYTES = 1 << 20;

    private byte[] base = NONE;
    private int baseFrom;
    private int baseEnd;
    private int attributesTag;
    private boolean indexed;
    private boolean changed;
    private int revision;
    private int grown;

    private Output written = new Output(256);
    private int entries;
    private int[] tag = new int[0];
    private int[] start = new int[0];
    private int[] from = new int[0];
    private int[] end = new int[0];
    private boolean[] own = new boolean[0];
    private int[] keyFrom = new int[0];
    private int[] keyEnd = new int[0];
    private int[] valueFrom = new int[0];
    private int[] valueEnd = new int[0];
    private long[] keyWord = new long[0];

    /** How many attributes there are, and the entry of each. */
    private int live;

    private int[] attributes = new int[0];

    public MessageEdit() {
        resize(24);
    }

    /**
     * Begins with a message, and forgets the former.
     *
     * @param b bytes that were checked
     * @param from where the message's fields begin
     * @param end where they end, exclusive
     * @param attributesField which field of it holds attributes; {@link #NO_ATTRIBUTES}: none
     */
    public MessageEdit reset(byte[] b, int from, int end, int attributesField) {
        base = b;
        baseFrom = from;
        baseEnd = end;
        attributesTag = attributesField == NO_ATTRIBUTES ? 0 : attributesField << 3 | Wire.BYTES;
        indexed = false;
        if (changed) {
            changed = false;
            grown = 0;
            if (written.size() > MAX_KEPT_BYTES) {
                written = new Output(256);
            } else {
                written.clear();
            }
        }
        if (tag.length > MAX_KEPT_ENTRIES) {
            resize(MAX_KEPT_ENTRIES);
        }
        return this;
    }

    /** Whether anything was changed since {@link #reset}, be it to what it was before. */
    public boolean changed() {
        return changed;
    }

    /** A number that is another after each change, also of the message that this was before {@link #reset}. */
    public int revision() {
        return revision;
    }

    /** How many bytes its fields take now. */
    public int size() {
        return baseEnd - baseFrom + grown;
    }

    /** How many entries there are, removed ones among them. */
    public int entries() {
        index();
        return entries;
    }

    /** The tag of an entry, {@code field << 3 | wire type}; 0: it was removed. */
    public int tag(int entry) {
        return tag[entry];
    }

    /** The array that an entry lies in. */
    public byte[] bytes(int entry) {
        return own[entry] ? written.bytes() : base;
    }

    /** Where the value of an entry begins: bytes, text or a message without their length. */
    public int from(int entry) {
        return from[entry];
    }

    /** Where an entry ends, exclusive. */
    public int end(int entry) {
        return end[entry];
    }

    /** The entry of a field; the last, if it is there more than once; {@link #ABSENT} if it is not. */
    public int find(int wantedTag) {
        index();
        for (int i = entries - 1; i >= 0; i--) {
            if (tag[i] == wantedTag) {
                return i;
            }
        }
        return ABSENT;
    }

    /** The number in a varint, eight or four bytes (a double as its bits), or 0 if the field is not there. */
    public long number(int wantedTag) {
        int i = find(wantedTag);
        return i == ABSENT ? 0 : numberAt(i);
    }

    /** The number in an entry that is a varint, or has eight or four bytes. */
    public long numberAt(int entry) {
        byte[] b = bytes(entry);
        return switch (tag[entry] & 7) {
            case Wire.VARINT -> Wire.varint(b, from[entry], end[entry]);
            case Wire.FIXED64 -> Wire.fixed64(b, from[entry]);
            case Wire.FIXED32 -> Integer.toUnsignedLong(Wire.fixed32(b, from[entry]));
            default -> 0;
        };
    }

    /** What {@link #attribute} compares keys by first: the last eight bytes of a key, and its length. */
    public static long word(byte[] b, int from, int end) {
        int length = end - from;
        long word = 0;
        if (length >= 8) {
            word = Wire.fixed64(b, end - 8);
        } else if (length > 0 && b.length - from >= 8) {
            word = Wire.fixed64(b, from) << (64 - 8 * length);
        } else {
            for (int i = from; i < end; i++) {
                word = word >>> 8 | (long) b[i] << 56;
            }
        }
        return word + length * 0x9e3779b97f4a7c15L;
    }

    /** How many attributes there are. They are numbered in their order, and are entries besides. */
    public int attributes() {
        index();
        return live;
    }

    /** The number of the first attribute of a key, or {@link #ABSENT}. */
    public int attribute(byte[] b, int keyStart, int keyLimit) {
        return attribute(b, keyStart, keyLimit, word(b, keyStart, keyLimit));
    }

    /** The same for a key whose {@link #word} is known. */
    public int attribute(byte[] b, int keyStart, int keyLimit, long word) {
        index();
        for (int n = 0; n < live; n++) {
            int i = attributes[n];
            if (keyWord[i] == word && Arrays.equals(bytes(i), keyFrom[i], keyEnd[i], b, keyStart, keyLimit)) {
                return n;
            }
        }
        return ABSENT;
    }

    /** The entry that an attribute is. */
    public int entryOf(int attribute) {
        return attributes[attribute];
    }

    public int keyFrom(int attribute) {
        return keyFrom[attributes[attribute]];
    }

    /** Exclusive. */
    public int keyEnd(int attribute) {
        return keyEnd[attributes[attribute]];
    }

    /** Where the fields of an attribute's AnyValue begin. */
    public int valueFrom(int attribute) {
        return valueFrom[attributes[attribute]];
    }

    /** Exclusive. */
    public int valueEnd(int attribute) {
        return valueEnd[attributes[attribute]];
    }

    /** Removes an entry that is no attribute. */
    public void remove(int entry) {
        if (tag[entry] != 0) {
            changed = true;
            revision++;
            grown -= end[entry] - start[entry];
            tag[entry] = 0;
        }
    }

    /** Removes all entries of a tag that is not that of attributes. */
    public void removeAll(int unwantedTag) {
        index();
        for (int i = 0; i < entries; i++) {
            if (tag[i] == unwantedTag) {
                remove(i);
            }
        }
    }

    /** Removes an attribute; the numbers of those behind it become less by one. */
    public void removeAttribute(int attribute) {
        remove(attributes[attribute]);
        System.arraycopy(attributes, attribute + 1, attributes, attribute, live - attribute - 1);
        live--;
    }

    /** Removes all attributes. */
    public void clearAttributes() {
        index();
        for (int n = 0; n < live; n++) {
            remove(attributes[n]);
        }
        live = 0;
    }

    /**
     * Gives an attribute another value, in its place; of the former one nothing is kept but the key.
     *
     * @param b where the fields of an AnyValue lie
     */
    public void setValue(int attribute, byte[] b, int from, int end) {
        int i = attributes[attribute];
        put(i, bytes(i), keyFrom[i], keyEnd[i], b, from, end);
    }

    /** Adds an attribute as the last, without looking whether its key is there. */
    public void addAttribute(byte[] k, int keyStart, int keyLimit, byte[] b, int from, int end) {
        index();
        put(ABSENT, k, keyStart, keyLimit, b, from, end);
    }

    /** Adds an attribute that is a KeyValue already. */
    public void addAttribute(byte[] keyValue, int from, int end) {
        index();
        int begin = written.size();
        written.field(attributesTag >>> 3, keyValue, from, end);
        int message = written.size() - (end - from);
        attribute(place(ABSENT, attributesTag, begin, message), written.bytes(), message, written.size());
    }

    private void put(int entry, byte[] k, int keyStart, int keyLimit, byte[] b, int valueStart, int valueLimit) {
        int keyLength = keyLimit - keyStart;
        int valueLength = valueLimit - valueStart;
        int begin = written.size();
        written.header(attributesTag >>> 3, Wire.fieldSize(keyLength) + Wire.fieldSize(valueLength));
        int message = written.size();
        written.field(1, k, keyStart, keyLimit).field(2, b, valueStart, valueLimit);
        attribute(place(entry, attributesTag, begin, message), written.bytes(), message, written.size());
    }

    /** Sets a field that is a varint: integers, enums and booleans. */
    public void setVarint(int field, long value) {
        index();
        int begin = written.size();
        written.varint(field, value);
        set(field << 3 | Wire.VARINT, begin);
    }

    /** Sets a field of eight bytes: fixed64, sfixed64, and doubles as their bits. */
    public void setFixed64(int field, long value) {
        index();
        int begin = written.size();
        written.fixed64(field, value);
        set(field << 3 | Wire.FIXED64, begin);
    }

    /** Sets a field of four bytes. */
    public void setFixed32(int field, int value) {
        index();
        int begin = written.size();
        written.fixed32(field, value);
        set(field << 3 | Wire.FIXED32, begin);
    }

    private void set(int newTag, int begin) {
        place(find(newTag), newTag, begin, begin + Wire.varintSize(newTag));
    }

    /** Sets a field of bytes, text or an encoded message. */
    public void setBytes(int field, byte[] b, int from, int end) {
        replaceBytes(find(field << 3 | Wire.BYTES), field, b, from, end);
    }

    /** Replaces an entry by a field of bytes, text or an encoded message; {@link #ABSENT}: adds it as the last. */
    public void replaceBytes(int entry, int field, byte[] b, int from, int end) {
        index();
        int begin = written.size();
        written.field(field, b, from, end);
        place(entry, field << 3 | Wire.BYTES, begin, written.size() - (end - from));
    }

    /** Replaces an entry by a message as it is after its own edit. */
    public void replace(int entry, int field, MessageEdit message) {
        index();
        int begin = written.size();
        written.header(field, message.size());
        int value = written.size();
        message.write(written);
        place(entry, field << 3 | Wire.BYTES, begin, value);
    }

    private int place(int entry, int newTag, int begin, int value) {
        int i = entry;
        if (i == ABSENT) {
            i = entries++;
            if (i == tag.length) {
                resize(2 * i);
            }
            if (newTag == attributesTag) {
                attributes[live++] = i;
            }
        } else if (tag[i] != 0) {
            grown -= end[i] - start[i];
        }
        tag[i] = newTag;
        own[i] = true;
        start[i] = begin;
        from[i] = value;
        end[i] = written.size();
        grown += end[i] - begin;
        changed = true;
        revision++;
        return i;
    }

    /** Appends the message's fields as they are now, {@link #size} bytes. */
    public void write(Output out) {
        if (!changed) {
            out.put(base, baseFrom, baseEnd);
            return;
        }
        int copied = baseFrom;
        int known = baseFrom;
        for (int i = 0; i < entries; i++) {
            if (tag[i] != 0 && !own[i]) {
                if (start[i] != known) {
                    out.put(base, copied, known);
                    copied = start[i];
                }
                known = end[i];
            } else if (tag[i] != 0) {
                if (copied < known) {
                    out.put(base, copied, known);
                }
                copied = known;
                out.put(written.bytes(), start[i], end[i]);
            }
        }
        out.put(base, copied, known);
    }

    private void index() {
        if (!indexed) {
            indexed = true;
            try {
                look();
            } catch (MalformedOtlpException e) {
                throw new IllegalStateException("these bytes were not checked", e);
            }
        }
    }

    private void look() throws MalformedOtlpException {
        byte[] b = base;
        int limit = baseEnd;
        int at = baseFrom;
        int n = 0;
        live = 0;
        while (at < limit) {
            if (n == tag.length) {
                resize(2 * n);
            }
            int begin = at;
            int t = b[at];
            int value = at + 1;
            if (t < 8) {
                value = Wire.afterVarint(b, at, limit);
                t = Wire.tag(b, at, value);
            }
            if ((t & 7) == Wire.BYTES) {
                int after = value;
                int length = after < limit ? b[after] : -1;
                value = after + 1;
                if (length < 0 || length > limit - value) {
                    value = Wire.afterVarint(b, after, limit);
                    length = Wire.length(b, after, value, limit);
                }
                at = value + length;
            } else {
                at = Wire.skip(b, value, limit, t, MAX_DEPTH);
            }
            tag[n] = t;
            start[n] = begin;
            from[n] = value;
            end[n] = at;
            own[n] = false;
            if (t == attributesTag) {
                attributes[live++] = n;
                attribute(n, b, value, at);
            }
            n++;
        }
        entries = n;
    }

    /** Notes where key and value of an attribute lie; nearly all are written key first, both short. */
    private void attribute(int i, byte[] b, int begin, int limit) {
        if (limit - begin >= 4 && b[begin] == KEY_TAG && b[begin + 1] >= 0) {
            int key = begin + 2;
            int after = key + b[begin + 1];
            if (limit - after >= 2 && b[after] == VALUE_TAG && b[after + 1] == limit - after - 2) {
                keyFrom[i] = key;
                keyEnd[i] = after;
                valueFrom[i] = after + 2;
                valueEnd[i] = limit;
                keyWord[i] = word(b, key, after);
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
        keyWord[i] = word(b, keyFrom[i], keyEnd[i]);
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
