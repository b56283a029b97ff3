package weir.ottl.context;

import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/**
 * Messages that come several times, such as a span's links. What is in them cannot be said by a value: they are a list of as many
 * empty elements, so that they can be counted.
 */
record Elements(Place place, FieldNumber number) implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        int field = number.of(item);
        if (field == 0) {
            into.setNil();
            return;
        }
        MessageEdit message = place.of(item);
        Output list = into.begin();
        int entries = message.entries();
        for (int i = 0; i < entries; i++) {
            if (message.tag(i) == (field << 3 | Wire.BYTES)) {
                list.header(Fields.VALUES, 0);
            }
        }
        into.finish(Value.Kind.LIST);
    }

    @Override
    public void set(Item item, Value value) {
        throw new OttlException(readOnly());
    }

    @Override
    public String readOnly() {
        return "these can be counted, but not written as a whole";
    }
}
