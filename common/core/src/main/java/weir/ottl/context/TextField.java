package weir.ottl.context;

import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.Value;

/** A field of text; one that is not there is empty. */
record TextField(Place place, int field) implements Access<Item> {
    private static final byte[] NONE = {};

    @Override
    public void get(Item item, Value into) {
        MessageEdit message = place.of(item);
        int entry = message.find(field << 3 | Wire.BYTES);
        if (entry == MessageEdit.ABSENT) {
            into.set(Value.Kind.STRING, NONE, 0, 0);
        } else {
            into.set(Value.Kind.STRING, message.bytes(entry), message.from(entry), message.end(entry));
        }
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.STRING);
        item.spend(value.length());
        place.of(item).setBytes(field, value.bytes(), value.from(), value.end());
    }
}
