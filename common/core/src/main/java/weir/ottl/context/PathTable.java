package weir.ottl.context;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import weir.ottl.Access;
import weir.ottl.Path;
import weir.ottl.PathException;
import weir.ottl.PathKey;

/** The paths of one kind of item, and how each is read and written. Filled once. */
final class PathTable {
    /** Makes the place that a path with these keys means. */
    @FunctionalInterface
    interface Maker {
        Access<Item> make(List<PathKey<Item>> keys) throws PathException;
    }

    private final Map<String, Maker> makers = new LinkedHashMap<>();

    /** A path that cannot be indexed, and that any statement may share. */
    PathTable plain(String names, Access<Item> access) {
        return fresh(names, () -> access);
    }

    /** A path that cannot be indexed, made anew for each statement. */
    PathTable fresh(String names, Supplier<Access<Item>> access) {
        return keyed(names, keys -> {
            if (!keys.isEmpty()) {
                throw new PathException(names + " cannot be indexed", "remove the index");
            }
            return access.get();
        });
    }

    /** A path that may be indexed. */
    PathTable keyed(String names, Maker maker) {
        makers.put(names, maker);
        return this;
    }

    /** Attributes: a map as a whole, or an entry of it. */
    PathTable attributes(String names, Place place) {
        return keyed(names, keys -> keys.isEmpty() ? new MessageAttributes(place) : new Attribute(place, keys));
    }

    /** Nanoseconds since 1970, as a number and as a time. */
    PathTable time(String name, Place place, int field) {
        return plain(name + "_unix_nano", new IntegerField(place, field, IntegerField.Form.FIXED64))
                .plain(name, new TimeField(place, field));
    }

    /** An id, as bytes and as text. */
    PathTable id(String name, Place place, int field, int length) {
        return plain(name, new IdField(place, field, length, false))
                .plain(name + ".string", new IdField(place, field, length, true));
    }

    List<String> names() {
        return List.copyOf(makers.keySet());
    }

    Access<Item> resolve(Path<Item> path) throws PathException {
        Maker maker = makers.get(path.names());
        if (maker == null) {
            throw new PathException(
                    path.context() + " has no path '" + path.names() + "'",
                    "there are: " + String.join(", ", makers.keySet()));
        }
        if (path.hasInnerKeys()) {
            throw new PathException("'" + path.names() + "' can be indexed at its end only", "");
        }
        return maker.make(path.keys());
    }
}
