package weir.ottl.context;

import weir.ottl.AttributeMap;
import weir.ottl.MapAccess;
import weir.ottl.Value;

/** What statements keep of an item for later ones. */
record Cache() implements MapAccess<Item> {
    @Override
    public AttributeMap map(Item item) {
        return item.cache();
    }

    @Override
    public void get(Item item, Value into) {
        item.cache().writeTo(into);
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.MAP);
        item.cache().load(value);
    }
}
