package weir.ottl.context;

import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Output;
import weir.otlp.ValueType;
import weir.otlp.ValueView;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** A field of many numbers, packed or not. NIL where this kind of item has none. */
record Numbers(Place place, FieldNumber number, Form form, String name) implements Access<Item> {
    /** How each is written. */
    enum Form {
        VARINT(Wire.VARINT),
        FIXED64(Wire.FIXED64),
        DOUBLE(Wire.FIXED64);

        private final int wireType;

        Form(int wireType) {
            this.wireType = wireType;
        }
    }

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
                packed(message.bytes(i), message.from(i), message.end(i), list);
            } else if (message.tag(i) == (field << 3 | form.wireType)) {
                element(message.numberAt(i), list);
            }
        }
        into.finish(Value.Kind.LIST);
    }

    private void packed(byte[] b, int from, int end, Output list) {
        try {
            int at = from;
            while (at < end) {
                int after = form == Form.VARINT ? Wire.afterVarint(b, at, end) : at + 8;
                element(form == Form.VARINT ? Wire.varint(b, at, after) : Wire.fixed64(b, at), list);
                at = after;
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    private void element(long bits, Output list) {
        int mark = list.begin(Fields.VALUES);
        if (form == Form.DOUBLE) {
            list.fixed64(4, bits);
        } else {
            list.varint(3, bits);
        }
        list.end(mark);
    }

    @Override
    public void set(Item item, Value value) {
        int field = Expected.field(number, item, name);
        Expected.kind(value, Value.Kind.LIST);
        Output packed = new Output(value.length());
        FieldCursor elements = new FieldCursor().reset(value.bytes(), value.from(), value.end());
        ValueView element = new ValueView();
        while (elements.next()) {
            if (!elements.isBytes(Fields.VALUES)) {
                continue;
            }
            element.reset(elements.bytes(), elements.from(), elements.end());
            if (element.type() != (form == Form.DOUBLE ? ValueType.DOUBLE : ValueType.INT)) {
                throw new OttlException(
                        name + " takes a list of " + (form == Form.DOUBLE ? "floats" : "ints") + " only");
            }
            switch (form) {
                case VARINT -> packed.rawVarint(element.longValue());
                case FIXED64 -> packed.rawFixed64(element.longValue());
                case DOUBLE -> packed.rawFixed64(Double.doubleToRawLongBits(element.doubleValue()));
            }
        }
        item.spend(packed.size());
        MessageEdit message = place.of(item);
        message.removeAll(field << 3 | form.wireType);
        message.removeAll(field << 3 | Wire.BYTES);
        message.setBytes(field, packed.bytes(), 0, packed.size());
    }
}
