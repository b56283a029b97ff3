package weir.ottl.function;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Question;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Functions that belong together, while they are gathered. */
final class Family<T> {
    /** Makes a value of another one. */
    @FunctionalInterface
    interface Change {
        /** @param into another register than the one it reads */
        void of(Value value, Value into);
    }

    private final List<Function<T>> all = new ArrayList<>();

    List<Function<T>> all() {
        return all;
    }

    void editor(String name, Function.EditorFactory<T> factory, Parameter... parameters) {
        all.add(new Function.Editor<>(name, List.of(parameters), factory));
    }

    void converter(String name, Function.ConverterFactory<T> factory, Parameter... parameters) {
        all.add(new Function.Converter<>(name, List.of(parameters), factory));
    }

    /** A converter of one value. */
    void change(String name, String parameter, Change change) {
        converter(
                name,
                arguments -> {
                    Getter<T> getter = arguments.value(parameter);
                    Value value = new Value();
                    return (item, into) -> {
                        getter.get(item, value);
                        change.of(value, into);
                    };
                },
                value(parameter));
    }

    /** A converter that says true or false of one value. */
    void question(String name, String parameter, Predicate<Value> answer) {
        converter(
                name,
                arguments -> {
                    Getter<T> getter = arguments.value(parameter);
                    Value value = new Value();
                    return new Question<>(item -> {
                        getter.get(item, value);
                        return answer.test(value);
                    });
                },
                value(parameter));
    }

    static Parameter value(String name) {
        return Parameter.of(name, Parameter.Kind.VALUE);
    }

    static Parameter optional(String name) {
        return Parameter.optional(name, Parameter.Kind.VALUE);
    }

    /** Requires a kind. */
    static Value of(Kind kind, Value value) {
        if (!value.is(kind)) {
            throw new OttlException(
                    "expected " + kind.label() + " but got " + value.kind().label());
        }
        return value;
    }

    /** A new String of a STRING. */
    static String text(Value value) {
        return of(Kind.STRING, value).text();
    }

    /** The number of an INT. */
    static long integer(Value value) {
        return of(Kind.INT, value).integer();
    }
}
