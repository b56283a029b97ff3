package weir.ottl.function;

import java.util.List;
import weir.ottl.Getter;

/**
 * A function that statements can call. Immutable; what its factory makes belongs to one statement.
 *
 * @param <T> the cursor of the context that it works in
 */
public sealed interface Function<T> {
    /** As it is written: editors begin with a lower case letter, converters with an upper case one. */
    String name();

    /** In the order in which positional arguments fill them; optional ones last. */
    List<Parameter> parameters();

    /** One that changes the item. */
    record Editor<T>(String name, List<Parameter> parameters, EditorFactory<T> factory) implements Function<T> {
        public Editor {
            parameters = List.copyOf(parameters);
        }
    }

    /** One that makes a value of values. */
    record Converter<T>(String name, List<Parameter> parameters, ConverterFactory<T> factory) implements Function<T> {
        public Converter {
            parameters = List.copyOf(parameters);
        }
    }

    /** Makes editors for statements. */
    @FunctionalInterface
    interface EditorFactory<T> {
        /** @throws ArgumentException when the arguments can be seen to be wrong */
        Edit<T> create(Arguments<T> arguments) throws ArgumentException;
    }

    /** Makes converters for statements. */
    @FunctionalInterface
    interface ConverterFactory<T> {
        /** @throws ArgumentException when the arguments can be seen to be wrong */
        Getter<T> create(Arguments<T> arguments) throws ArgumentException;
    }

    /** An editor with its arguments, ready to be used on item after item by one thread. */
    @FunctionalInterface
    interface Edit<T> {
        /** @throws weir.ottl.OttlException when the item cannot be edited so */
        void edit(T item);
    }
}
