package weir.ottl.context;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.otlp.edit.MessageEdit;
import weir.ottl.AttributeMap;
import weir.ottl.EncodedMap;
import weir.ottl.Limits;
import weir.ottl.MapAccess;
import weir.ottl.Nesting;
import weir.ottl.Value;

/** All attributes of a message. Belongs to one thread. */
final class MessageAttributes implements MapAccess<Item>, AttributeMap {
    private final Place place;
    private final ValueView view = new ValueView();
    private final FieldCursor given = new FieldCursor();
    private final Output encoded = new Output(64);
    private MessageEdit message = new MessageEdit();
    private @Nullable Item owner;

    MessageAttributes(Place place) {
        this.place = place;
    }

    @Override
    public AttributeMap map(Item item) {
        message = place.of(item);
        owner = item;
        return this;
    }

    @Override
    public void get(Item item, Value into) {
        MessageEdit all = place.of(item);
        Output out = into.begin();
        int count = all.attributes();
        for (int n = 0; n < count; n++) {
            int entry = all.entryOf(n);
            out.field(Fields.VALUES, all.bytes(entry), all.from(entry), all.end(entry));
        }
        into.finish(Value.Kind.MAP);
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.MAP);
        Nesting.check(value);
        item.spend(value.length());
        MessageEdit all = place.of(item);
        all.clearAttributes();
        given.reset(value.bytes(), value.from(), value.end());
        while (given.next()) {
            if (given.isBytes(Fields.VALUES)) {
                all.addAttribute(given.bytes(), given.from(), given.end());
            }
        }
    }

    @Override
    public int size() {
        return message.attributes();
    }

    @Override
    public int find(byte[] key, int from, int end) {
        return message.attribute(key, from, end);
    }

    @Override
    public byte[] keyBytes(int entry) {
        return message.bytes(message.entryOf(entry));
    }

    @Override
    public int keyFrom(int entry) {
        return message.keyFrom(entry);
    }

    @Override
    public int keyEnd(int entry) {
        return message.keyEnd(entry);
    }

    @Override
    public void value(int entry, Value into) {
        into.set(view.reset(message.bytes(message.entryOf(entry)), message.valueFrom(entry), message.valueEnd(entry)));
    }

    @Override
    public void set(int entry, Value value) {
        encode(value);
        spend(encoded.size());
        message.setValue(entry, encoded.bytes(), 0, encoded.size());
    }

    @Override
    public void append(byte[] key, int from, int end, Value value) {
        encode(value);
        spend(encoded.size() + (long) end - from);
        message.addAttribute(key, from, end, encoded.bytes(), 0, encoded.size());
    }

    @Override
    public void replaceAll(EncodedMap by) {
        spend(by.bytes());
        message.clearAttributes();
        Value value = new Value();
        for (int i = 0; i < by.size(); i++) {
            by.value(i, value);
            encode(value);
            message.addAttribute(by.keyBytes(i), by.keyFrom(i), by.keyEnd(i), encoded.bytes(), 0, encoded.size());
        }
    }

    private void encode(Value value) {
        encoded.clear(Limits.MAX_KEPT_BYTES);
        value.writeTo(encoded);
    }

    private void spend(long bytes) {
        if (owner != null) {
            owner.spend(bytes);
        }
    }

    @Override
    public void remove(int entry) {
        message.removeAttribute(entry);
    }

    @Override
    public void remove(BitSet those) {
        message.removeAttributes(those);
    }

    @Override
    public void clear() {
        message.clearAttributes();
    }
}
