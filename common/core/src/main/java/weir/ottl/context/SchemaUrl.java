package weir.ottl.context;

import java.util.function.Function;
import weir.otlp.edit.HeadEdit;
import weir.ottl.Access;
import weir.ottl.Value;

/** The URL of a resource's or scope's schema. */
record SchemaUrl(Function<Item, HeadEdit> of) implements Access<Item> {
    @Override
    public void get(Item item, Value into) {
        HeadEdit head = of.apply(item);
        into.set(Value.Kind.STRING, head.urlBytes(), head.urlFrom(), head.urlEnd());
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.STRING);
        item.spend(value.length());
        of.apply(item).setUrl(value.bytes(), value.from(), value.end());
    }
}
