package weir.ottl.context;

import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.Value;

/** The value of a NumberDataPoint, which is either a double or an integer; asked for as the other it is 0. */
record PointValue(boolean asDouble) implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        int field = field(asDouble).of(item);
        if (field == 0) {
            into.setNil();
            return;
        }
        MessageEdit point = item.part();
        int entry = point.find(tag(field));
        int other = point.find(tag(field(!asDouble).of(item)));
        long bits = entry == MessageEdit.ABSENT || entry < other ? 0 : point.numberAt(entry);
        if (asDouble) {
            into.set(Double.longBitsToDouble(bits));
        } else {
            into.set(bits);
        }
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, asDouble ? Value.Kind.DOUBLE : Value.Kind.INT);
        int field = Expected.field(field(asDouble), item, asDouble ? "value_double" : "value_int");
        MessageEdit point = item.part();
        point.removeAll(tag(field(!asDouble).of(item)));
        point.setFixed64(field, asDouble ? Double.doubleToRawLongBits(value.number()) : value.integer());
    }

    private static PointField field(boolean asDouble) {
        return asDouble ? PointField.AS_DOUBLE : PointField.AS_INT;
    }

    private static int tag(int field) {
        return field << 3 | Wire.FIXED64;
    }
}
