package weir.ottl.function;

import weir.ottl.Access;
import weir.ottl.AttributeMap;
import weir.ottl.EncodedMap;
import weir.ottl.MapAccess;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** A map that an editor changes: a map of the item itself, or a value that is a map and is written back. */
public sealed interface MapPlace<T> {
    /** The map, to be edited; {@link #close} ends that. */
    AttributeMap open(T item);

    /** Takes over what was edited since {@link #open}. */
    void close(T item);

    static <T> MapPlace<T> of(Access<T> access) {
        return access instanceof MapAccess<T> map ? new InPlace<>(map) : new Copied<>(access);
    }

    /** Edited where it lies. */
    record InPlace<T>(MapAccess<T> access) implements MapPlace<T> {
        @Override
        public AttributeMap open(T item) {
            return access.map(item);
        }

        @Override
        public void close(T item) {}
    }

    /** Read as a whole, edited, and written as a whole. */
    final class Copied<T> implements MapPlace<T> {
        private final Access<T> access;
        private final EncodedMap map = new EncodedMap();
        private final Value value = new Value();

        private Copied(Access<T> access) {
            this.access = access;
        }

        @Override
        public AttributeMap open(T item) {
            access.get(item, value);
            if (!value.is(Value.Kind.MAP)) {
                throw new OttlException("expected a map but got " + value.kind().label());
            }
            return map.load(value);
        }

        @Override
        public void close(T item) {
            map.writeTo(value);
            access.set(item, value);
        }
    }
}
