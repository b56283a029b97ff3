package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/**
 * {@code ParseSeverity}: the level that a text or number stands for, by a map from levels to what means them. The map stands in
 * the statement; the first level in it that fits is taken.
 */
final class SeverityConverter {
    private static final Map<String, Range> NAMED = Map.of(
            "2xx", new Range(200, 299),
            "3xx", new Range(300, 399),
            "4xx", new Range(400, 499),
            "5xx", new Range(500, 599));

    private record Range(long min, long max) {}

    /** What means a level. */
    private record Level(String name, Set<String> texts, List<Range> ranges) {
        boolean fits(Value value) {
            return value.is(Kind.STRING)
                    ? texts.contains(value.text())
                    : ranges.stream().anyMatch(r -> r.min <= value.integer() && value.integer() <= r.max);
        }
    }

    private SeverityConverter() {}

    static <T> void addTo(Family<T> family) {
        family.converter("ParseSeverity", SeverityConverter::create, value("target"), value("mapping"));
    }

    private static <T> Getter<T> create(Arguments<T> arguments) throws ArgumentException {
        Value mapping = arguments.constant("mapping");
        if (mapping == null || !mapping.is(Kind.MAP)) {
            throw new ArgumentException("mapping", "must be a map that stands in the statement");
        }
        List<Level> levels = levels(mapping);
        Getter<T> getter = arguments.value("target");
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            if (!value.is(Kind.STRING) && !value.is(Kind.INT)) {
                throw new OttlException("a " + value.kind().label() + " is no level; a string or an int is");
            }
            for (Level level : levels) {
                if (level.fits(value)) {
                    into.set(level.name);
                    return;
                }
            }
            throw new OttlException("no level of the mapping fits the value");
        };
    }

    private static List<Level> levels(Value mapping) throws ArgumentException {
        List<Level> levels = new ArrayList<>();
        AttributeCursor entries = entries(mapping);
        while (entries.next()) {
            String name = entries.key();
            List<String> texts = new ArrayList<>();
            List<Range> ranges = new ArrayList<>();
            for (Value criterion : elements(new Value().set(entries.value()), "`" + name + "`")) {
                if (!criterion.is(Kind.MAP)) {
                    throw wrong("each of `" + name + "` must be a map with equals or range");
                }
                Value equals = entry(criterion, "equals");
                for (Value text : equals == null ? List.<Value>of() : elements(equals, "equals")) {
                    if (!text.is(Kind.STRING)) {
                        throw wrong("equals must be a list of texts");
                    }
                    texts.add(text.text());
                }
                Value range = entry(criterion, "range");
                if (range != null) {
                    ranges.add(range(range));
                }
            }
            levels.add(new Level(name, Set.copyOf(texts), List.copyOf(ranges)));
        }
        return levels;
    }

    private static Range range(Value range) throws ArgumentException {
        Range named = range.is(Kind.STRING) ? NAMED.get(range.text()) : null;
        Value min = range.is(Kind.MAP) ? entry(range, "min") : null;
        Value max = range.is(Kind.MAP) ? entry(range, "max") : null;
        if (named != null) {
            return named;
        }
        if (min == null || max == null || !min.is(Kind.INT) || !max.is(Kind.INT)) {
            throw wrong("range must be \"2xx\", \"3xx\", \"4xx\", \"5xx\" or a map with whole numbers min and max");
        }
        return new Range(min.integer(), max.integer());
    }

    private static AttributeCursor entries(Value map) {
        return new AttributeCursor().reset(map.bytes(), map.from(), map.end(), Fields.VALUES);
    }

    private static @Nullable Value entry(Value map, String key) {
        AttributeCursor entries = entries(map);
        while (entries.next()) {
            if (entries.key().equals(key)) {
                return new Value().set(entries.value());
            }
        }
        return null;
    }

    private static List<Value> elements(Value list, String what) throws ArgumentException {
        if (!list.is(Kind.LIST)) {
            throw wrong(what + " must be a list");
        }
        List<Value> elements = new ArrayList<>();
        FieldCursor cursor = new FieldCursor().reset(list.bytes(), list.from(), list.end());
        while (cursor.next()) {
            if (cursor.isBytes(Fields.VALUES)) {
                elements.add(new Value().set(new ValueView().reset(list.bytes(), cursor.from(), cursor.end())));
            }
        }
        return elements;
    }

    private static ArgumentException wrong(String message) {
        return new ArgumentException("mapping", message);
    }
}
