package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Access;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Editors that write one place: set, append, delete_index. */
final class SetEditors {
    private SetEditors() {}

    static <T> void addTo(Family<T> family) {
        Parameter target = Parameter.of("target", Parameter.Kind.PLACE);
        family.editor("set", SetEditors::set, target, value("value"));
        family.editor(
                "append",
                SetEditors::append,
                target,
                optional("value"),
                Parameter.optional("values", Parameter.Kind.VALUES));
        family.editor("delete_index", SetEditors::deleteIndex, target, value("start_index"), optional("end_index"));
    }

    private static <T> Function.Edit<T> set(Arguments<T> arguments) {
        Access<T> target = arguments.place("target");
        Getter<T> getter = arguments.value("value");
        Value value = new Value();
        return item -> {
            getter.get(item, value);
            if (!value.isNil()) {
                target.set(item, value);
            }
        };
    }

    private static <T> Function.Edit<T> append(Arguments<T> arguments) throws ArgumentException {
        if (!arguments.has("value") && !arguments.has("values")) {
            throw new ArgumentException("", "append needs `value` or `values`");
        }
        Access<T> target = arguments.place("target");
        Getter<T> one = arguments.value("value");
        Getter<T> whole = arguments.value("values");
        @Nullable List<Getter<T>> several = arguments.values("values");
        Value old = new Value();
        Value value = new Value();
        Value result = new Value();
        return item -> {
            target.get(item, old);
            Output out = result.begin();
            switch (old.kind()) {
                case NIL -> {}
                case LIST -> out.put(old.bytes(), old.from(), old.end());
                default -> element(old, out);
            }
            one.get(item, value);
            if (!value.isNil()) {
                element(value, out);
            }
            if (several == null) {
                whole.get(item, value);
                if (value.is(Kind.LIST)) {
                    out.put(value.bytes(), value.from(), value.end());
                } else if (!value.isNil()) {
                    throw new OttlException(
                            "expected list but got " + value.kind().label());
                }
            } else {
                for (Getter<T> getter : several) {
                    getter.get(item, value);
                    element(value, out);
                }
            }
            target.set(item, result.finish(Kind.LIST));
        };
    }

    static void element(Value value, Output out) {
        int mark = out.begin(Fields.VALUES);
        value.writeTo(out);
        out.end(mark);
    }

    private static <T> Function.Edit<T> deleteIndex(Arguments<T> arguments) {
        Access<T> target = arguments.place("target");
        Getter<T> start = arguments.value("start_index");
        Getter<T> limit = arguments.value("end_index");
        boolean ranged = arguments.has("end_index");
        Value list = new Value();
        Value value = new Value();
        Value result = new Value();
        FieldCursor cursor = new FieldCursor();
        return item -> {
            Family.of(Kind.LIST, read(target, item, list));
            long from = Family.integer(read(start, item, value));
            long end = ranged ? Family.integer(read(limit, item, value)) : from + 1;
            Output out = result.begin();
            long n = 0;
            for (cursor.reset(list.bytes(), list.from(), list.end()); cursor.next(); n++) {
                if (n < from || n >= end) {
                    out.field(Fields.VALUES, list.bytes(), cursor.from(), cursor.end());
                }
            }
            if (from < 0 || from >= n || end <= from || end > n) {
                throw new OttlException("indexes " + from + " to " + end + " of a list of " + n + " elements");
            }
            target.set(item, result.finish(Kind.LIST));
        };
    }

    private static <T> Value read(Getter<T> getter, T item, Value into) {
        getter.get(item, into);
        return into;
    }
}
