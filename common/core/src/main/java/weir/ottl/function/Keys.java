package weir.ottl.function;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weir.match.ByteTable;
import weir.otlp.FieldCursor;
import weir.otlp.ValueView;
import weir.ottl.Getter;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** A list of keys given as an argument: a table if it stands in the statement, else read for each item. */
final class Keys<T> {
    private final Getter<T> getter;
    private final Value list = new Value();
    private final FieldCursor cursor = new FieldCursor();
    private final ValueView view = new ValueView();
    private final Value element = new Value();
    private final boolean constant;
    private final ByteTable table;

    Keys(Arguments<T> arguments, String parameter) {
        getter = arguments.value(parameter);
        Value known = arguments.constant(parameter);
        constant = known != null && known.is(Kind.LIST);
        table = new ByteTable(known != null && constant ? texts(known) : List.of());
    }

    private List<byte[]> texts(Value known) {
        List<String> texts = new ArrayList<>();
        cursor.reset(known.bytes(), known.from(), known.end());
        while (cursor.next()) {
            texts.add(Family.text(element.set(view.reset(known.bytes(), cursor.from(), cursor.end()))));
        }
        return texts.stream()
                .distinct()
                .map(t -> t.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Reads the keys for an item. */
    void begin(T item) {
        if (!constant) {
            getter.get(item, list);
            Family.of(Kind.LIST, list);
        }
    }

    boolean contains(byte[] b, int from, int end) {
        if (constant) {
            return table.find(b, from, end) != ByteTable.NONE;
        }
        cursor.reset(list.bytes(), list.from(), list.end());
        while (cursor.next()) {
            element.set(view.reset(list.bytes(), cursor.from(), cursor.end()));
            if (element.is(Kind.STRING)
                    && Arrays.equals(element.bytes(), element.from(), element.end(), b, from, end)) {
                return true;
            }
        }
        return false;
    }

    static boolean isOneOf(byte[][] keys, byte[] b, int from, int end) {
        for (byte[] key : keys) {
            if (Arrays.equals(key, 0, key.length, b, from, end)) {
                return true;
            }
        }
        return false;
    }
}
