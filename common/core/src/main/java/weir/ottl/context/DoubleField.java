package weir.ottl.context;

import weir.otlp.Wire;
import weir.ottl.Access;
import weir.ottl.Value;

/** A field that is a double; one that is not there is 0. NIL where this kind of item has none. */
record DoubleField(Place place, FieldNumber number, String name) implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        int field = number.of(item);
        if (field == 0) {
            into.setNil();
        } else {
            into.set(Double.longBitsToDouble(place.of(item).number(field << 3 | Wire.FIXED64)));
        }
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.DOUBLE);
        int field = Expected.field(number, item, name);
        place.of(item).setFixed64(field, Double.doubleToRawLongBits(value.number()));
    }
}
