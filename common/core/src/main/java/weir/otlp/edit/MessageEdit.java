package weir.otlp.edit;

import java.util.Arrays;
import java.util.BitSet;
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
    private final FieldTable fields = new FieldTable();

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
        fields.shrink();
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
        return fields.entries;
    }

    /** The tag of an entry, {@code field << 3 | wire type}; 0: it was removed. */
    public int tag(int entry) {
        return fields.tag[entry];
    }

    /** The array that an entry lies in. */
    public byte[] bytes(int entry) {
        return fields.own[entry] ? written.bytes() : base;
    }

    /** Where the value of an entry begins: bytes, text or a message without their length. */
    public int from(int entry) {
        return fields.from[entry];
    }

    /** Where an entry ends, exclusive. */
    public int end(int entry) {
        return fields.end[entry];
    }

    /** The entry of a field; the last, if it is there more than once; {@link #ABSENT} if it is not. */
    public int find(int wantedTag) {
        index();
        return fields.find(wantedTag);
    }

    /** The number in a varint, eight or four bytes (a double as its bits), or 0 if the field is not there. */
    public long number(int wantedTag) {
        int i = find(wantedTag);
        return i == ABSENT ? 0 : numberAt(i);
    }

    /** The number in an entry that is a varint, or has eight or four bytes. */
    public long numberAt(int entry) {
        byte[] b = bytes(entry);
        return switch (fields.tag[entry] & 7) {
            case Wire.VARINT -> Wire.varint(b, fields.from[entry], fields.end[entry]);
            case Wire.FIXED64 -> Wire.fixed64(b, fields.from[entry]);
            case Wire.FIXED32 -> Integer.toUnsignedLong(Wire.fixed32(b, fields.from[entry]));
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
        return fields.live;
    }

    /** The number of the first attribute of a key, or {@link #ABSENT}. */
    public int attribute(byte[] b, int keyStart, int keyLimit) {
        return attribute(b, keyStart, keyLimit, word(b, keyStart, keyLimit));
    }

    /** The same for a key whose {@link #word} is known. */
    public int attribute(byte[] b, int keyStart, int keyLimit, long word) {
        index();
        if (!fields.mayHave(word)) {
            return ABSENT;
        }
        for (int n = 0; n < fields.live; n++) {
            int i = fields.attributes[n];
            if (fields.keyWord[i] == word
                    && Arrays.equals(bytes(i), fields.keyFrom[i], fields.keyEnd[i], b, keyStart, keyLimit)) {
                return n;
            }
        }
        return ABSENT;
    }

    /** The entry that an attribute is. */
    public int entryOf(int attribute) {
        return fields.attributes[attribute];
    }

    public int keyFrom(int attribute) {
        return fields.keyFrom[fields.attributes[attribute]];
    }

    /** Exclusive. */
    public int keyEnd(int attribute) {
        return fields.keyEnd[fields.attributes[attribute]];
    }

    /** Where the fields of an attribute's AnyValue begin. */
    public int valueFrom(int attribute) {
        return fields.valueFrom[fields.attributes[attribute]];
    }

    /** Exclusive. */
    public int valueEnd(int attribute) {
        return fields.valueEnd[fields.attributes[attribute]];
    }

    /** Removes an entry that is no attribute. */
    public void remove(int entry) {
        if (fields.tag[entry] != 0) {
            changed = true;
            revision++;
            grown -= fields.end[entry] - fields.start[entry];
            fields.tag[entry] = 0;
        }
    }

    /** Removes all entries of a tag that is not that of attributes. */
    public void removeAll(int unwantedTag) {
        index();
        for (int i = 0; i < fields.entries; i++) {
            if (fields.tag[i] == unwantedTag) {
                remove(i);
            }
        }
    }

    /** Removes an attribute; the numbers of those behind it become less by one. */
    public void removeAttribute(int attribute) {
        remove(fields.attributes[attribute]);
        fields.forgetAttribute(attribute);
    }

    /** Removes these attributes, by the numbers that they have before. */
    public void removeAttributes(BitSet those) {
        int kept = 0;
        for (int n = 0; n < fields.live; n++) {
            if (those.get(n)) {
                remove(fields.attributes[n]);
            } else {
                fields.attributes[kept++] = fields.attributes[n];
            }
        }
        fields.live = kept;
    }

    /** Removes all attributes. */
    public void clearAttributes() {
        index();
        for (int n = 0; n < fields.live; n++) {
            remove(fields.attributes[n]);
        }
        fields.live = 0;
    }

    /**
     * Gives an attribute another value, in its place; of the former one nothing is kept but the key.
     *
     * @param b where the fields of an AnyValue lie
     */
    public void setValue(int attribute, byte[] b, int from, int end) {
        int i = fields.attributes[attribute];
        put(i, bytes(i), fields.keyFrom[i], fields.keyEnd[i], b, from, end);
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
        fields.noteAttribute(place(ABSENT, attributesTag, begin, message), written.bytes(), message, written.size());
    }

    private void put(int entry, byte[] k, int keyStart, int keyLimit, byte[] b, int valueStart, int valueLimit) {
        int keyLength = keyLimit - keyStart;
        int valueLength = valueLimit - valueStart;
        int begin = written.size();
        written.header(attributesTag >>> 3, Wire.fieldSize(keyLength) + Wire.fieldSize(valueLength));
        int message = written.size();
        written.field(1, k, keyStart, keyLimit).field(2, b, valueStart, valueLimit);
        fields.noteAttribute(place(entry, attributesTag, begin, message), written.bytes(), message, written.size());
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
            i = fields.add(newTag == attributesTag);
        } else if (fields.tag[i] != 0) {
            grown -= fields.end[i] - fields.start[i];
        }
        fields.tag(i, newTag);
        fields.own[i] = true;
        fields.start[i] = begin;
        fields.from[i] = value;
        fields.end[i] = written.size();
        grown += fields.end[i] - begin;
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
        for (int i = 0; i < fields.entries; i++) {
            if (fields.tag[i] != 0 && !fields.own[i]) {
                if (fields.start[i] != known) {
                    out.put(base, copied, known);
                    copied = fields.start[i];
                }
                known = fields.end[i];
            } else if (fields.tag[i] != 0) {
                if (copied < known) {
                    out.put(base, copied, known);
                }
                copied = known;
                out.put(written.bytes(), fields.start[i], fields.end[i]);
            }
        }
        out.put(base, copied, known);
    }

    private void index() {
        if (!indexed) {
            indexed = true;
            try {
                fields.look(base, baseFrom, baseEnd, attributesTag);
            } catch (MalformedOtlpException e) {
                throw new IllegalStateException("these bytes were not checked", e);
            }
        }
    }
}
