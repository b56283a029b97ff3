package weir.ottl;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import weir.otlp.AttributeCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueView;

/**
 * A map of its own, loaded from an encoded one and written as one again: what a statement works on that edits a map within a
 * value, and a context's {@code cache}. To be used again after {@link #reset} or {@link #load}. Belongs to one thread.
 */
public final class EncodedMap implements AttributeMap {
    /** As many entries are looked through one by one; of more there is a table, so that a large map does not take minutes. */
    private static final int FEW_ENTRIES = 16;

    private static final int MAX_KEPT_ENTRIES = 1 << 12;

    /** So that nobody can tell which keys lie at the same place in the table. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private final Output store = new Output(128);
    private final AttributeCursor cursor = new AttributeCursor();
    private final ValueView view = new ValueView();
    /** Four offsets an entry: of its key and of the fields of its AnyValue. */
    private int[] entries = new int[32];

    private int size;

    /** By the hash of its key, the number of an entry and one; 0: none. Holds the first {@link #hashed} entries. */
    private int[] table = new int[0];

    private int hashed;

    /** Begins with an empty map; what was read from it before is not valid any more. */
    public EncodedMap reset() {
        store.clear(Limits.MAX_KEPT_BYTES);
        if (entries.length > 4 * MAX_KEPT_ENTRIES) {
            entries = new int[32];
            table = new int[0];
        }
        clear();
        return this;
    }

    /** Begins with a copy of a MAP; what was read from this map before is not valid any more. */
    public EncodedMap load(Value map) {
        byte[] b = map.bytes();
        int from = map.from();
        int end = map.end();
        reset();
        store.put(b, from, end);
        cursor.reset(store.bytes(), 0, store.size(), Fields.VALUES);
        while (cursor.next()) {
            entry(size++, cursor.keyFrom(), cursor.keyEnd(), cursor.valueFrom(), cursor.valueEnd());
        }
        return this;
    }

    /** Writes the entries of a KeyValueList. */
    public void writeTo(Output out) {
        for (int i = 0; i < size; i++) {
            int mark = out.begin(Fields.VALUES);
            int at = 4 * i;
            out.field(1, store.bytes(), entries[at], entries[at + 1]);
            out.field(2, store.bytes(), entries[at + 2], entries[at + 3]);
            out.end(mark);
        }
    }

    /** Makes a register a MAP of these entries, in the register's own buffer. */
    public void writeTo(Value into) {
        writeTo(into.begin());
        into.finish(Value.Kind.MAP);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int find(byte[] key, int from, int end) {
        if (size > FEW_ENTRIES) {
            hashAll();
            return table[place(key, from, end)] - 1;
        }
        for (int i = 0; i < size; i++) {
            if (isKey(i, key, from, end)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isKey(int entry, byte[] key, int from, int end) {
        return Arrays.equals(store.bytes(), entries[4 * entry], entries[4 * entry + 1], key, from, end);
    }

    /** Where in the table a key's first entry is, or would be. */
    private int place(byte[] key, int from, int end) {
        long hash = SEED;
        for (int i = from; i < end; i++) {
            hash = (hash ^ key[i]) * 0x100000001b3L;
        }
        int mask = table.length - 1;
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (table[at] != 0 && !isKey(table[at] - 1, key, from, end)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void hashAll() {
        if (2 * size > table.length) {
            table = new int[Integer.highestOneBit(size) * 4];
            hashed = 0;
        } else if (hashed == 0) {
            Arrays.fill(table, 0);
        }
        for (; hashed < size; hashed++) {
            int at = place(store.bytes(), entries[4 * hashed], entries[4 * hashed + 1]);
            if (table[at] == 0) {
                table[at] = hashed + 1;
            }
        }
    }

    /** How many bytes keys and values have. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += entries[4 * i + 1] - entries[4 * i] + entries[4 * i + 3] - entries[4 * i + 2];
        }
        return sum;
    }

    @Override
    public byte[] keyBytes(int entry) {
        return store.bytes();
    }

    @Override
    public int keyFrom(int entry) {
        return entries[4 * entry];
    }

    @Override
    public int keyEnd(int entry) {
        return entries[4 * entry + 1];
    }

    @Override
    public void value(int entry, Value into) {
        into.set(view.reset(store.bytes(), entries[4 * entry + 2], entries[4 * entry + 3]));
    }

    @Override
    public void set(int entry, Value value) {
        int from = store.size();
        value.writeTo(store);
        Limits.checkProduced(store.size());
        entries[4 * entry + 2] = from;
        entries[4 * entry + 3] = store.size();
    }

    @Override
    public void append(byte[] key, int from, int end, Value value) {
        int keyFrom = store.size();
        store.put(key, from, end);
        int keyEnd = store.size();
        value.writeTo(store);
        Limits.checkProduced(store.size());
        entry(size++, keyFrom, keyEnd, keyEnd, store.size());
    }

    @Override
    public void remove(int entry) {
        System.arraycopy(entries, 4 * entry + 4, entries, 4 * entry, 4 * (size - entry - 1));
        size--;
        hashed = 0;
    }

    @Override
    public void remove(BitSet those) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!those.get(i)) {
                System.arraycopy(entries, 4 * i, entries, 4 * kept++, 4);
            }
        }
        size = kept;
        hashed = 0;
    }

    @Override
    public void clear() {
        size = 0;
        hashed = 0;
    }

    private void entry(int i, int keyFrom, int keyEnd, int valueFrom, int valueEnd) {
        int at = 4 * i;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, 2 * at);
        }
        entries[at] = keyFrom;
        entries[at + 1] = keyEnd;
        entries[at + 2] = valueFrom;
        entries[at + 3] = valueEnd;
    }
}
