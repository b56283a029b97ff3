package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import weir.otlp.AnyValueText;
import weir.otlp.AttributeCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.AttributeMap;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Editors of the entries of a map. */
final class MapEditors {
    /** Maps of more than these are not merged in place, where each key is looked for among all. */
    private static final int FEW_ENTRIES = 64;

    private static final int FEW_BYTES = 1 << 12;

    private MapEditors() {}

    static <T> void addTo(Family<T> family) {
        Parameter target = Parameter.of("target", Parameter.Kind.MAP);
        Parameter keys = Parameter.of("keys", Parameter.Kind.VALUES);
        family.editor("delete_key", MapEditors::deleteKey, target, value("key"));
        family.editor("delete_matching_keys", a -> matching(a, true), target, value("pattern"));
        family.editor("keep_matching_keys", a -> matching(a, false), target, value("pattern"));
        family.editor("keep_keys", MapEditors::keepKeys, target, keys);
        family.editor(
                "limit",
                MapEditors::limit,
                target,
                Parameter.of("limit", Parameter.Kind.INTEGER),
                Parameter.of("priority_keys", Parameter.Kind.TEXTS));
        family.editor(
                "merge_maps",
                MapEditors::merge,
                target,
                value("source"),
                Parameter.of("strategy", Parameter.Kind.TEXT));
        family.editor(
                "truncate_all",
                MapEditors::truncate,
                target,
                value("limit"),
                Parameter.optional("utf8_safe", Parameter.Kind.FLAG));
        family.editor("stringify_all", MapEditors::stringify, target);
    }

    private static <T> Function.Edit<T> deleteKey(Arguments<T> arguments) {
        MapPlace<T> place = arguments.map("target");
        Getter<T> getter = arguments.value("key");
        Value key = new Value();
        return item -> {
            getter.get(item, key);
            Family.of(Kind.STRING, key);
            AttributeMap map = place.open(item);
            int entry = map.find(key.bytes(), key.from(), key.end());
            if (entry >= 0) {
                map.remove(entry);
                place.close(item);
            }
        };
    }

    private static <T> Function.Edit<T> matching(Arguments<T> arguments, boolean removed) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        Patterns<T> patterns = Patterns.of(arguments, "pattern");
        BitSet unwanted = new BitSet();
        return item -> {
            AttributeMap map = place.open(item);
            patterns.begin(item);
            unwanted.clear();
            for (int i = 0; i < map.size(); i++) {
                if (patterns.isFound(map.keyBytes(i), map.keyFrom(i), map.keyEnd(i)) == removed) {
                    unwanted.set(i);
                }
            }
            if (!unwanted.isEmpty()) {
                map.remove(unwanted);
                place.close(item);
            }
        };
    }

    private static <T> Function.Edit<T> keepKeys(Arguments<T> arguments) {
        MapPlace<T> place = arguments.map("target");
        Keys<T> keys = new Keys<>(arguments, "keys");
        BitSet unwanted = new BitSet();
        return item -> {
            AttributeMap map = place.open(item);
            keys.begin(item);
            unwanted.clear();
            for (int i = 0; i < map.size(); i++) {
                if (!keys.contains(map.keyBytes(i), map.keyFrom(i), map.keyEnd(i))) {
                    unwanted.set(i);
                }
            }
            map.remove(unwanted);
            place.close(item);
        };
    }

    private static <T> Function.Edit<T> limit(Arguments<T> arguments) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        long limit = arguments.integer("limit", 0);
        List<String> first = arguments.texts("priority_keys");
        if (limit < 0) {
            throw new ArgumentException("limit", "must not be negative");
        }
        if (limit < first.size()) {
            throw new ArgumentException(
                    "limit", "is less than the " + first.size() + " priority keys, which are to stay");
        }
        byte[][] keys =
                first.stream().map(k -> k.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        BitSet unwanted = new BitSet();
        return item -> {
            AttributeMap map = place.open(item);
            if (map.size() <= limit) {
                return;
            }
            unwanted.clear();
            long others = limit;
            for (byte[] key : keys) {
                others -= map.find(key, 0, key.length) >= 0 ? 1 : 0;
            }
            for (int i = 0; i < map.size(); i++) {
                if (!Keys.isOneOf(keys, map.keyBytes(i), map.keyFrom(i), map.keyEnd(i)) && others-- <= 0) {
                    unwanted.set(i);
                }
            }
            map.remove(unwanted);
            place.close(item);
        };
    }

    private static <T> Function.Edit<T> merge(Arguments<T> arguments) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        Getter<T> getter = arguments.value("source");
        String strategy = arguments.text("strategy", "upsert");
        if (!List.of("insert", "update", "upsert").contains(strategy)) {
            throw new ArgumentException("strategy", "must be \"insert\", \"update\" or \"upsert\"");
        }
        boolean insert = !strategy.equals("update");
        boolean update = !strategy.equals("insert");
        Value source = new Value();
        Value value = new Value();
        AttributeCursor cursor = new AttributeCursor();
        EncodedMap merged = new EncodedMap();
        return item -> {
            getter.get(item, source);
            Family.of(Kind.MAP, source);
            AttributeMap map = place.open(item);
            boolean inPlace = map.size() <= FEW_ENTRIES && source.length() <= FEW_BYTES;
            AttributeMap into = inPlace ? map : copy(map, merged);
            cursor.reset(source.bytes(), source.from(), source.end(), Fields.VALUES);
            while (cursor.next()) {
                int entry = into.find(cursor.bytes(), cursor.keyFrom(), cursor.keyEnd());
                value.set(cursor.value());
                if (entry < 0 && insert) {
                    into.append(cursor.bytes(), cursor.keyFrom(), cursor.keyEnd(), value);
                } else if (entry >= 0 && update) {
                    into.set(entry, value);
                }
            }
            if (!inPlace) {
                map.replaceAll(merged);
            }
            place.close(item);
        };
    }

    private static EncodedMap copy(AttributeMap map, EncodedMap into) {
        Value value = new Value();
        into.reset();
        for (int i = 0; i < map.size(); i++) {
            map.value(i, value);
            into.append(map.keyBytes(i), map.keyFrom(i), map.keyEnd(i), value);
        }
        return into;
    }

    private static <T> Function.Edit<T> truncate(Arguments<T> arguments) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        Getter<T> getter = arguments.value("limit");
        Value known = arguments.constant("limit");
        if (known != null && (!known.is(Kind.INT) || known.integer() < 0)) {
            throw new ArgumentException("limit", "must be a whole number of bytes, 0 or more");
        }
        boolean safe = arguments.flag("utf8_safe", true);
        Value limit = new Value();
        Value value = new Value();
        return item -> {
            getter.get(item, limit);
            long most = Family.integer(limit);
            if (most < 0) {
                throw new OttlException("a limit below 0");
            }
            AttributeMap map = place.open(item);
            boolean changed = false;
            for (int i = 0; i < map.size(); i++) {
                map.value(i, value);
                if (value.is(Kind.STRING) && value.length() > most) {
                    int end = value.from() + (int) most;
                    while (safe && end > value.from() && (value.bytes()[end] & 0xc0) == 0x80) {
                        end--;
                    }
                    map.set(i, value.set(Kind.STRING, value.bytes(), value.from(), end));
                    changed = true;
                }
            }
            if (changed) {
                place.close(item);
            }
        };
    }

    private static <T> Function.Edit<T> stringify(Arguments<T> arguments) {
        MapPlace<T> place = arguments.map("target");
        Value value = new Value();
        Value text = new Value();
        Output any = new Output(64);
        return item -> {
            AttributeMap map = place.open(item);
            for (int i = 0; i < map.size(); i++) {
                map.value(i, value);
                if (!value.is(Kind.STRING)) {
                    // Not as other functions make text: bytes are Base64 here.
                    any.clear();
                    value.writeTo(any);
                    map.set(i, text.set(AnyValueText.of(any.bytes(), 0, any.size())));
                }
            }
            place.close(item);
        };
    }
}
