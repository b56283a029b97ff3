package weir.ottl.context;

import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** The how manieth of its span an event was when it came, from 0. */
record EventIndex() implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        into.set((long) item.partIndex());
    }

    @Override
    public void set(Item item, Value value) {
        throw new OttlException(readOnly());
    }

    @Override
    public String readOnly() {
        return "an event's place cannot be changed";
    }
}
