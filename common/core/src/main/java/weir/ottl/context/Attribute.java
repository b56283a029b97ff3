package weir.ottl.context;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.Getter;
import weir.ottl.Indexing;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.PathException;
import weir.ottl.PathKey;
import weir.ottl.Value;

/** One attribute of a message, or what lies somewhere in its value. Belongs to one thread. */
final class Attribute implements Access<Item> {
    private final Place place;
    private final @Nullable Getter<Item> computedKey;
    private final @Nullable Indexing<Item> inside;
    private final ValueView view = new ValueView();
    private final Value keyValue = new Value();
    private final Value before = new Value();
    private final Value after = new Value();
    private final Output encoded = new Output(64);
    private byte[] key = {};
    private int keyFrom;
    private int keyEnd;
    private long word;

    /** @param keys at least one */
    Attribute(Place place, List<PathKey<Item>> keys) throws PathException {
        this.place = place;
        inside = keys.size() == 1 ? null : new Indexing<>(keys.subList(1, keys.size()));
        switch (keys.getFirst()) {
            case PathKey.Text<Item>(var _, var utf8) -> {
                computedKey = null;
                key(utf8, 0, utf8.length);
            }
            case PathKey.Computed<Item>(var getter) -> computedKey = getter;
            case PathKey.Index<Item>(var index) ->
                throw new PathException("[" + index + "] cannot tell an entry of a map", "write a text: [\"...\"]");
        }
    }

    private void key(byte[] b, int from, int end) {
        key = b;
        keyFrom = from;
        keyEnd = end;
        word = MessageEdit.word(b, from, end);
    }

    private void compute(Item item) {
        if (computedKey != null) {
            computedKey.get(item, keyValue);
            if (!keyValue.is(Value.Kind.STRING)) {
                throw new OttlException("an entry of a map is told by a text, not by "
                        + keyValue.kind().label());
            }
            key(keyValue.bytes(), keyValue.from(), keyValue.end());
        }
    }

    @Override
    public void get(Item item, Value into) {
        compute(item);
        MessageEdit message = place.of(item);
        int n = message.attribute(key, keyFrom, keyEnd, word);
        if (n == MessageEdit.ABSENT) {
            into.setNil();
            return;
        }
        read(message, n, into);
        if (inside != null) {
            inside.get(item, into, into);
        }
    }

    private void read(MessageEdit message, int n, Value into) {
        into.set(view.reset(message.bytes(message.entryOf(n)), message.valueFrom(n), message.valueEnd(n)));
    }

    @Override
    public void set(Item item, Value value) {
        compute(item);
        MessageEdit message = place.of(item);
        int n = message.attribute(key, keyFrom, keyEnd, word);
        Value written = value;
        if (inside != null) {
            before.setNil();
            if (n != MessageEdit.ABSENT) {
                read(message, n, before);
            }
            inside.set(item, before, value, after);
            written = after;
        }
        encoded.clear(Limits.MAX_KEPT_BYTES);
        written.writeTo(encoded);
        item.spend(encoded.size() + (long) keyEnd - keyFrom);
        if (n == MessageEdit.ABSENT) {
            message.addAttribute(key, keyFrom, keyEnd, encoded.bytes(), 0, encoded.size());
        } else {
            message.setValue(n, encoded.bytes(), 0, encoded.size());
        }
    }
}
