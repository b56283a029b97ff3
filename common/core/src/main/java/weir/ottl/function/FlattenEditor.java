package weir.ottl.function;

import static weir.ottl.function.Family.optional;

import java.nio.charset.StandardCharsets;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;
import weir.ottl.AttributeMap;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** {@code flatten}: entries of maps and elements of lists within a map become entries of it, their keys joined by dots. */
final class FlattenEditor {
    private FlattenEditor() {}

    static <T> void addTo(Family<T> family) {
        family.editor(
                "flatten",
                FlattenEditor::flatten,
                Parameter.of("target", Parameter.Kind.MAP),
                optional("prefix"),
                optional("depth"),
                Parameter.optional("resolve_conflicts", Parameter.Kind.FLAG));
    }

    private static <T> Function.Edit<T> flatten(Arguments<T> arguments) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        Getter<T> prefixOf = arguments.value("prefix");
        Getter<T> depthOf = arguments.value("depth");
        boolean numbered = arguments.flag("resolve_conflicts", false);
        Value known = arguments.has("depth") ? arguments.constant("depth") : null;
        if (known != null && known.is(Kind.INT) && known.integer() <= 0) {
            throw new ArgumentException("depth", "must be above 0");
        }
        Value prefix = new Value();
        Value depth = new Value();
        Value value = new Value();
        EncodedMap flat = new EncodedMap();
        return item -> {
            prefixOf.get(item, prefix);
            depthOf.get(item, depth);
            String before = prefix.isNil() ? "" : Family.text(prefix) + ".";
            long levels = depth.isNil() ? Limits.MAX_DEPTH_LEVELS : Family.integer(depth);
            if (levels <= 0) {
                throw new OttlException("a depth of 0 or less");
            }
            AttributeMap map = place.open(item);
            flat.reset();
            for (int i = 0; i < map.size(); i++) {
                map.value(i, value);
                String key = new String(
                        map.keyBytes(i), map.keyFrom(i), map.keyEnd(i) - map.keyFrom(i), StandardCharsets.UTF_8);
                put(before + key, value, Math.min(levels, Limits.MAX_DEPTH_LEVELS), numbered, flat);
            }
            map.replaceAll(flat);
            place.close(item);
        };
    }

    private static void put(String key, Value value, long levels, boolean numbered, EncodedMap flat) {
        if (value.is(Kind.MAP) && levels > 0) {
            AttributeCursor entries = new AttributeCursor();
            entries.reset(value.bytes(), value.from(), value.end(), Fields.VALUES);
            while (entries.next()) {
                put(key + "." + entries.key(), new Value().set(entries.value()), levels - 1, numbered, flat);
            }
        } else if (value.is(Kind.LIST) && levels > 0) {
            FieldCursor elements = new FieldCursor().reset(value.bytes(), value.from(), value.end());
            ValueView view = new ValueView();
            for (int i = 0; elements.next(); i++) {
                Value element = new Value().set(view.reset(value.bytes(), elements.from(), elements.end()));
                put(key + "." + i, element, levels - 1, numbered, flat);
            }
        } else {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; numbered && flat.find(name, 0, name.length) >= 0; i++) {
                name = (key + "." + i).getBytes(StandardCharsets.UTF_8);
            }
            flat.put(name, 0, name.length, value);
        }
    }
}
