package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.ottl.Compare;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Lists and maps. */
final class CollectionConverters {
    private CollectionConverters() {}

    static <T> void addTo(Family<T> family) {
        family.change("Len", "target", CollectionConverters::len);
        family.change("Keys", "target", (v, into) -> parts(v, into, true));
        family.change("Values", "target", (v, into) -> parts(v, into, false));
        family.converter("Coalesce", CollectionConverters::coalesce, Parameter.of("values", Parameter.Kind.VALUES));
        family.converter("ContainsValue", CollectionConverters::contains, value("target"), value("item"));
        family.converter(
                "Sort", CollectionConverters::sort, value("target"), Parameter.optional("order", Parameter.Kind.TEXT));
        family.converter(
                "SliceToMap",
                CollectionConverters::sliceToMap,
                value("target"),
                Parameter.optional("key_path", Parameter.Kind.TEXTS),
                Parameter.optional("value_path", Parameter.Kind.TEXTS));
    }

    private static void len(Value value, Value into) {
        long n = 0;
        switch (value.kind()) {
            case STRING -> n = value.length();
            case BYTES -> n = value.length();
            case LIST, MAP -> {
                FieldCursor cursor = new FieldCursor().reset(value.bytes(), value.from(), value.end());
                while (cursor.next()) {
                    n++;
                }
            }
            default -> throw new OttlException("a " + value.kind().label() + " has no length");
        }
        into.set(n);
    }

    private static void parts(Value map, Value into, boolean keys) {
        Family.of(Kind.MAP, map);
        AttributeCursor cursor = new AttributeCursor().reset(map.bytes(), map.from(), map.end(), Fields.VALUES);
        Output out = into.begin();
        while (cursor.next()) {
            if (keys) {
                int mark = out.begin(Fields.VALUES);
                out.field(1, cursor.bytes(), cursor.keyFrom(), cursor.keyEnd());
                out.end(mark);
            } else {
                out.field(Fields.VALUES, cursor.bytes(), cursor.valueFrom(), cursor.valueEnd());
            }
        }
        into.finish(Kind.LIST);
    }

    private static <T> Getter<T> coalesce(Arguments<T> arguments) throws ArgumentException {
        @Nullable List<Getter<T>> values = arguments.values("values");
        if (values == null) {
            throw new ArgumentException("values", "must be a list in brackets");
        }
        return (item, into) -> {
            into.setNil();
            for (int i = 0; i < values.size() && into.isNil(); i++) {
                values.get(i).get(item, into);
            }
        };
    }

    private static <T> Getter<T> contains(Arguments<T> arguments) {
        Getter<T> listOf = arguments.value("target");
        Getter<T> wantedOf = arguments.value("item");
        Value list = new Value();
        Value wanted = new Value();
        return (item, into) -> {
            listOf.get(item, list);
            Family.of(Kind.LIST, list);
            wantedOf.get(item, wanted);
            into.set(Compare.contains(list, wanted));
        };
    }

    private static List<Value> elements(Value list) {
        Family.of(Kind.LIST, list);
        FieldCursor cursor = new FieldCursor().reset(list.bytes(), list.from(), list.end());
        ValueView view = new ValueView();
        List<Value> elements = new ArrayList<>();
        while (cursor.next()) {
            elements.add(new Value().set(view.reset(list.bytes(), cursor.from(), cursor.end())));
            if (elements.size() > Limits.MAX_ELEMENTS) {
                throw new OttlException("a list of more than " + Limits.MAX_ELEMENTS + " elements");
            }
        }
        return elements;
    }

    private static <T> Getter<T> sort(Arguments<T> arguments) throws ArgumentException {
        String order = arguments.text("order", "asc");
        if (!List.of("asc", "desc").contains(order)) {
            throw new ArgumentException("order", "must be \"asc\" or \"desc\"");
        }
        Getter<T> listOf = arguments.value("target");
        Value list = new Value();
        return (item, into) -> {
            listOf.get(item, list);
            List<Value> elements = elements(list);
            Comparator<Value> comparator = order(elements);
            elements.sort(order.equals("asc") ? comparator : comparator.reversed());
            Output out = into.begin();
            elements.forEach(e -> SetEditors.element(e, out));
            into.finish(Kind.LIST);
        };
    }

    /** Numbers by their size if all are numbers; else by their texts, flags among them. */
    private static Comparator<Value> order(List<Value> elements) {
        if (elements.stream().allMatch(e -> e.is(Kind.INT))) {
            return Comparator.comparingLong(Value::integer);
        }
        if (elements.stream().allMatch(e -> e.is(Kind.INT) || e.is(Kind.DOUBLE))) {
            // Not by the language's own comparison, which gives no order where NaN is among them.
            return Comparator.comparingDouble(e -> e.is(Kind.INT) ? (double) e.integer() : e.number());
        }
        return Comparator.comparing(Texts::of);
    }

    private static <T> Getter<T> sliceToMap(Arguments<T> arguments) {
        Getter<T> listOf = arguments.value("target");
        List<String> keyPath = arguments.texts("key_path");
        List<String> valuePath = arguments.texts("value_path");
        Value list = new Value();
        EncodedMap map = new EncodedMap();
        return (item, into) -> {
            listOf.get(item, list);
            map.reset();
            int n = 0;
            for (Value element : elements(list)) {
                Value key = keyPath.isEmpty()
                        ? new Value().set(Integer.toString(n))
                        : new Value().set(at(element, keyPath));
                n++;
                Family.of(Kind.STRING, key);
                map.put(key.bytes(), key.from(), key.end(), at(element, valuePath));
            }
            map.writeTo(into);
        };
    }

    private static Value at(Value element, List<String> path) {
        Value at = element;
        for (String key : path) {
            Family.of(Kind.MAP, at);
            AttributeCursor cursor = new AttributeCursor().reset(at.bytes(), at.from(), at.end(), Fields.VALUES);
            boolean found = false;
            while (!found && cursor.next()) {
                found = cursor.key().equals(key);
            }
            if (!found) {
                throw new OttlException("an element has no `" + key + "`");
            }
            at = new Value().set(cursor.value());
        }
        return at;
    }
}
