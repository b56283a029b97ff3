package weir.ottl.context;

import weir.ottl.OttlException;
import weir.ottl.Value;

/** Checks what is about to be written. */
final class Expected {
    private Expected() {}

    /** @throws OttlException if the value is of another kind */
    static void kind(Value value, Value.Kind wanted) {
        if (!value.is(wanted)) {
            throw new OttlException(
                    "expected " + wanted.label() + ", got " + value.kind().label());
        }
    }

    /** @return the field, which this kind of item has */
    static int field(FieldNumber number, Item item, String name) {
        int field = number.of(item);
        if (field == 0) {
            throw new OttlException("a data point of this metric has no " + name);
        }
        return field;
    }
}
