package weir.ottl.context;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.Indexing;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.PathKey;
import weir.ottl.Value;

/** The body of a log record, or what lies somewhere in one that is a map or list. Belongs to one thread. */
final class Body implements Access<Item> {
    private final @Nullable Indexing<Item> inside;
    private final ValueView view = new ValueView();
    private final Value before = new Value();
    private final Value after = new Value();
    private final Output encoded = new Output(64);

    /** @param keys none: all of it */
    Body(List<PathKey<Item>> keys) {
        inside = keys.isEmpty() ? null : new Indexing<>(keys);
    }

    @Override
    public void get(Item item, Value into) {
        read(item, view, into);
        if (inside != null) {
            requireIndexable(into);
            inside.get(item, into, into);
        }
    }

    @Override
    public void set(Item item, Value value) {
        Value written = value;
        if (inside != null) {
            read(item, view, before);
            requireIndexable(before);
            inside.set(item, before, value, after);
            written = after;
        }
        encoded.clear(Limits.MAX_KEPT_BYTES);
        written.writeTo(encoded);
        item.spend(encoded.size());
        item.message().setBytes(Fields.LOG_BODY, encoded.bytes(), 0, encoded.size());
    }

    private static void requireIndexable(Value body) {
        if (!body.is(Value.Kind.MAP) && !body.is(Value.Kind.LIST)) {
            throw new OttlException("a log body that is " + body.kind().label() + " cannot be indexed");
        }
    }

    private static void read(Item item, ValueView view, Value into) {
        MessageEdit record = item.message();
        int entry = record.find(Fields.LOG_BODY << 3 | Wire.BYTES);
        if (entry == MessageEdit.ABSENT) {
            into.setNil();
        } else {
            into.set(view.reset(record.bytes(entry), record.from(entry), record.end(entry)));
        }
    }

    /** The body as text. */
    record Text() implements Access<Item> {
        @Override
        public void get(Item item, Value into) {
            ValueView view = new ValueView();
            read(item, view, into);
            if (!into.is(Value.Kind.STRING)) {
                into.set(into.isNil() ? "" : AnyValueText.of(view));
            }
        }

        @Override
        public void set(Item item, Value value) {
            Expected.kind(value, Value.Kind.STRING);
            Output encoded = new Output(value.length() + 8);
            value.writeTo(encoded);
            item.spend(encoded.size());
            item.message().setBytes(Fields.LOG_BODY, encoded.bytes(), 0, encoded.size());
        }
    }
}
