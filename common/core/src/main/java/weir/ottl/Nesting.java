package weir.ottl;

import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;

/** How deep lists and maps nest that statements write: what receivers refuse for its depth costs the whole request. */
public final class Nesting {
    /** A value of no more bytes cannot nest too deep, for each message in another takes two at least. */
    private static final int SHALLOW_BYTES = 2 * Limits.MAX_MESSAGE_LEVELS;

    private Nesting() {}

    /**
     * Checks a LIST or MAP.
     *
     * @throws OttlException if it nests deeper than {@link Limits#MAX_MESSAGE_LEVELS}
     */
    public static void check(Value value) {
        if (value.length() <= SHALLOW_BYTES) {
            return;
        }
        if (value.is(Value.Kind.LIST)) {
            list(value.bytes(), value.from(), value.end(), 1);
        } else if (value.is(Value.Kind.MAP)) {
            map(value.bytes(), value.from(), value.end(), 1);
        }
    }

    private static void list(byte[] b, int from, int end, int level) {
        FieldCursor elements = new FieldCursor().reset(b, from, end);
        ValueView element = new ValueView();
        while (elements.next()) {
            if (elements.isBytes(Fields.VALUES)) {
                value(element.reset(b, elements.from(), elements.end()), level + 1);
            }
        }
    }

    private static void map(byte[] b, int from, int end, int level) {
        AttributeCursor entries = new AttributeCursor().reset(b, from, end, Fields.VALUES);
        ValueView entry = new ValueView();
        while (entries.next()) {
            value(entry.reset(b, entries.valueFrom(), entries.valueEnd()), level + 2);
        }
    }

    /** @param level of the AnyValue */
    private static void value(ValueView value, int level) {
        if (level > Limits.MAX_MESSAGE_LEVELS) {
            throw new OttlException("would make a value that nests too deep for receivers: more than "
                    + Limits.MAX_MESSAGE_LEVELS + " messages in one another");
        }
        switch (value.type()) {
            case ARRAY -> list(value.bytes(), value.from(), value.end(), level + 1);
            case KEY_VALUES -> map(value.bytes(), value.from(), value.end(), level + 1);
            default -> {}
        }
    }
}
