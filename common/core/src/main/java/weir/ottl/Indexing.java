package weir.ottl;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.ottl.Value.Kind;

/**
 * What indexes behind a path or call select of a value, and how a value is changed there. Belongs to one thread.
 *
 * <p>A text selects an entry of a map, NIL if there is none; a number an element of a list; of NIL there is only NIL. Anything
 * else is an error.
 */
public final class Indexing<T> {
    private final List<PathKey<T>> keys;
    private final Value key = new Value();
    private final Value at = new Value();
    private final AttributeCursor entries = new AttributeCursor();
    private final FieldCursor elements = new FieldCursor();
    private final ValueView view = new ValueView();

    /** @param keys to be applied one after the other; none: the value itself */
    public Indexing(List<PathKey<T>> keys) {
        this.keys = List.copyOf(keys);
    }

    /** How many keys there are. */
    public int size() {
        return keys.size();
    }

    /** Points {@code into} at what the keys select of {@code root}; both may be the same register. */
    public void get(T item, Value root, Value into) {
        at.set(root);
        for (int i = 0; i < keys.size() && !at.isNil(); i++) {
            key(item, i);
            switch (at.kind()) {
                case MAP -> entry();
                case LIST -> element();
                default -> throw new OttlException("a " + at.kind().label() + " cannot be indexed");
            }
        }
        into.set(at);
    }

    /** Computes a key into its register. */
    private void key(T item, int i) {
        switch (keys.get(i)) {
            case PathKey.Text<T> text -> key.set(Kind.STRING, text.utf8(), 0, text.utf8().length);
            case PathKey.Index<T> index -> key.set(index.index());
            case PathKey.Computed<T> computed -> computed.getter().get(item, key);
        }
    }

    private void entry() {
        if (!key.is(Kind.STRING)) {
            throw new OttlException(
                    "a map is indexed by texts, not by a " + key.kind().label());
        }
        entries.reset(at.bytes(), at.from(), at.end(), Fields.VALUES);
        at.setNil();
        while (entries.next()) {
            if (isKey(entries.bytes(), entries.keyFrom(), entries.keyEnd())) {
                at.set(entries.value());
                return;
            }
        }
    }

    private boolean isKey(byte[] b, int from, int end) {
        return Arrays.equals(b, from, end, key.bytes(), key.from(), key.end());
    }

    private void element() {
        if (!key.is(Kind.INT)) {
            throw new OttlException(
                    "a list is indexed by whole numbers, not by a " + key.kind().label());
        }
        long left = key.integer();
        byte[] b = at.bytes();
        elements.reset(b, at.from(), at.end());
        while (left >= 0 && elements.next()) {
            if (left-- == 0) {
                at.set(view.reset(b, elements.from(), elements.end()));
                return;
            }
        }
        throw outOfBounds();
    }

    private OttlException outOfBounds() {
        return new OttlException("index " + key.integer() + " is out of bounds");
    }

    /**
     * Makes {@code into} a copy of {@code root} in which the value is put where the keys point: entries of maps are made where
     * they are missing, lists and maps where there is nothing.
     *
     * @param into another register than both, to whose buffer the copy is written
     */
    public void set(T item, Value root, Value value, Value into) {
        Output out = into.begin();
        // The fields of an AnyValue: the register is then pointed at what is inside.
        put(item, 0, root, value, out);
        into.set(view.reset(out.bytes(), 0, out.size()));
        Limits.checkProduced(out.size());
    }

    /** Appends the fields of an AnyValue that is {@code old} with the value put behind the keys from {@code i} on. */
    private void put(T item, int i, Value old, Value value, Output out) {
        if (i == keys.size()) {
            value.writeTo(out);
            return;
        }
        key(item, i);
        boolean text = key.is(Kind.STRING);
        if (!text && !key.is(Kind.INT)) {
            throw new OttlException(
                    "an index is a text or a whole number, not a " + key.kind().label());
        }
        // The key's register is used again further in, so what is asked of it here is asked before.
        byte[] wanted = text ? key.copyOfBytes() : new byte[0];
        long index = text ? -1 : key.integer();
        switch (old.kind()) {
            case NIL -> {
                if (!text && (index < 0 || index > Limits.MAX_NEW_ELEMENTS)) {
                    throw outOfBounds();
                }
                int mark = out.begin(text ? 6 : 5);
                for (long k = 0; k < index; k++) {
                    out.end(out.begin(Fields.VALUES));
                }
                one(item, i, text ? wanted : null, new Value(), value, out);
                out.end(mark);
            }
            case MAP -> {
                if (!text) {
                    throw new OttlException("a map is indexed by texts, not by a whole number");
                }
                int mark = out.begin(6);
                map(item, i, wanted, old, value, out);
                out.end(mark);
            }
            case LIST -> {
                if (text) {
                    throw new OttlException("a list is indexed by whole numbers, not by a text");
                }
                int mark = out.begin(5);
                list(item, i, index, old, value, out);
                out.end(mark);
            }
            default -> throw new OttlException("a " + old.kind().label() + " cannot be indexed");
        }
    }

    /** Appends one entry, or one element if there is no key. */
    private void one(T item, int i, byte @Nullable [] name, Value old, Value value, Output out) {
        int mark = out.begin(Fields.VALUES);
        if (name == null) {
            put(item, i + 1, old, value, out);
        } else {
            out.field(1, name);
            int inner = out.begin(2);
            put(item, i + 1, old, value, out);
            out.end(inner);
        }
        out.end(mark);
    }

    private void map(T item, int i, byte[] wanted, Value old, Value value, Output out) {
        AttributeCursor cursor = new AttributeCursor().reset(old.bytes(), old.from(), old.end(), Fields.VALUES);
        boolean found = false;
        while (cursor.next()) {
            if (!found && cursor.keyEquals(wanted)) {
                found = true;
                one(item, i, wanted, new Value().set(cursor.value()), value, out);
            } else {
                out.put(cursor.bytes(), cursor.start(), cursor.end());
            }
        }
        if (!found) {
            one(item, i, wanted, new Value(), value, out);
        }
    }

    private void list(T item, int i, long index, Value old, Value value, Output out) {
        FieldCursor cursor = new FieldCursor().reset(old.bytes(), old.from(), old.end());
        long n = 0;
        boolean found = false;
        while (cursor.next()) {
            if (n++ == index) {
                found = true;
                one(
                        item,
                        i,
                        null,
                        new Value().set(new ValueView().reset(old.bytes(), cursor.from(), cursor.end())),
                        value,
                        out);
            } else {
                out.field(Fields.VALUES, old.bytes(), cursor.from(), cursor.end());
            }
        }
        if (!found) {
            throw new OttlException("index " + index + " is out of bounds");
        }
    }
}
