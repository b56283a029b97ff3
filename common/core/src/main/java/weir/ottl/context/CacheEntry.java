package weir.ottl.context;

import java.util.List;
import weir.ottl.Access;
import weir.ottl.Indexing;
import weir.ottl.PathKey;
import weir.ottl.Value;

/** What lies somewhere in the cache. Belongs to one thread. */
final class CacheEntry implements Access<Item> {
    private final Indexing<Item> inside;
    private final Value before = new Value();
    private final Value after = new Value();

    CacheEntry(List<PathKey<Item>> keys) {
        inside = new Indexing<>(keys);
    }

    @Override
    public void get(Item item, Value into) {
        item.cache().writeTo(before);
        inside.get(item, before, into);
    }

    @Override
    public void set(Item item, Value value) {
        item.cache().writeTo(before);
        inside.set(item, before, value, after);
        item.cache().load(after);
    }
}
