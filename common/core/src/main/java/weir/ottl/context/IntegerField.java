package weir.ottl.context;

import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** A field that is a whole number, however it is written; one that is not there is 0. NIL where this kind of item has none. */
record IntegerField(Place place, FieldNumber number, Form form, String name) implements Access<Item> {
    /** How it is written. */
    enum Form {
        /** A varint of 32 bits with a sign: enums. */
        INT32(Wire.VARINT),
        /** A varint of 32 bits, of which a number beyond them keeps the low ones: counts. */
        UINT32(Wire.VARINT),
        /** A varint of 32 bits whose lowest is the sign. */
        SINT32(Wire.VARINT),
        /** Eight bytes: times and counts; beyond 2^63 they are read as negative. */
        FIXED64(Wire.FIXED64),
        /** Four bytes, of which a number beyond them keeps the low ones: flags. */
        FIXED32(Wire.FIXED32),
        /** Four bytes, which a number must not be beyond. */
        CHECKED_FIXED32(Wire.FIXED32);

        private final int wireType;

        Form(int wireType) {
            this.wireType = wireType;
        }
    }

    IntegerField(Place place, int field, Form form) {
        this(place, FieldNumber.always(field), form, "");
    }

    @Override
    public void get(Item item, Value into) {
        int field = number.of(item);
        if (field == 0) {
            into.setNil();
            return;
        }
        long raw = place.of(item).number(field << 3 | form.wireType);
        into.set(
                switch (form) {
                    case INT32 -> (long) (int) raw;
                    case UINT32, FIXED32, CHECKED_FIXED32 -> raw & 0xffff_ffffL;
                    case SINT32 -> (long) ((int) raw >>> 1 ^ -((int) raw & 1));
                    case FIXED64 -> raw;
                });
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.INT);
        int field = Expected.field(number, item, name);
        long n = value.integer();
        MessageEdit message = place.of(item);
        switch (form) {
            case INT32 -> message.setVarint(field, n << 32 >> 32);
            case UINT32 -> message.setVarint(field, n & 0xffff_ffffL);
            case SINT32 -> message.setVarint(field, ((int) n << 1 ^ (int) n >> 31) & 0xffff_ffffL);
            case FIXED64 -> message.setFixed64(field, n);
            case FIXED32 -> message.setFixed32(field, (int) n);
            case CHECKED_FIXED32 -> {
                if (n < 0 || n > 0xffff_ffffL) {
                    throw new OttlException(n + " is beyond 32 bits");
                }
                message.setFixed32(field, (int) n);
            }
        }
    }
}
