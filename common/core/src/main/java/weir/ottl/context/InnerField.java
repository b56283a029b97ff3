package weir.ottl.context;

import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.Value;

/**
 * A field of a message within a message, such as a span's status or the buckets of an exponential histogram. NIL where this kind
 * of item has none.
 */
final class InnerField implements Access<Item> {
    private final Place place;
    private final FieldNumber number;
    private final String name;
    private final Item inner = new Item();
    private final Access<Item> field;
    private final Output encoded = new Output(32);

    /** @param field of the message within, which stands where an item stands for it */
    InnerField(Place place, FieldNumber number, String name, Access<Item> field) {
        this.place = place;
        this.number = number;
        this.name = name;
        this.field = field;
    }

    @Override
    public void get(Item item, Value into) {
        int outer = number.of(item);
        if (outer == 0) {
            into.setNil();
        } else {
            move(item, outer);
            field.get(inner, into);
        }
    }

    @Override
    public void set(Item item, Value value) {
        int outer = Expected.field(number, item, name);
        move(item, outer);
        field.set(inner, value);
        encoded.clear();
        inner.message().write(encoded);
        item.spend(encoded.size());
        place.of(item).setBytes(outer, encoded.bytes(), 0, encoded.size());
    }

    private void move(Item item, int outer) {
        MessageEdit message = place.of(item);
        int entry = message.find(outer << 3 | Wire.BYTES);
        if (entry == MessageEdit.ABSENT) {
            inner.moveTo(new byte[0], 0, 0, MessageEdit.NO_ATTRIBUTES);
        } else {
            inner.moveTo(message.bytes(entry), message.from(entry), message.end(entry), MessageEdit.NO_ATTRIBUTES);
        }
    }
}
