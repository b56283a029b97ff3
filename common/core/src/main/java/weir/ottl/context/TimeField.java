package weir.ottl.context;

import java.time.ZoneOffset;
import weir.otlp.Wire;
import weir.ottl.Access;
import weir.ottl.Value;

/** A field of nanoseconds since 1970, as a time; one that is not there is 1970. */
record TimeField(Place place, int field) implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        into.setTime(place.of(item).number(field << 3 | Wire.FIXED64), ZoneOffset.UTC);
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.TIME);
        place.of(item).setFixed64(field, value.integer());
    }
}
