package weir.ottl.function;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ottl.Access;
import weir.ottl.Environment;
import weir.ottl.Getter;
import weir.ottl.Value;

/** The arguments of one call, asked for by the names of the function's parameters while it is compiled. */
public interface Arguments<T> {
    /** Whether an optional one was given. */
    boolean has(String parameter);

    /** Of a VALUE; of an optional one that was not given, NIL. */
    Getter<T> value(String parameter);

    /** The value of a VALUE that is the same for all items; null if it is not known yet. */
    @Nullable
    Value constant(String parameter);

    /** Of a PLACE. */
    Access<T> place(String parameter);

    /** Of a MAP. */
    MapPlace<T> map(String parameter);

    /** Of a TEXT. */
    String text(String parameter, String otherwise);

    /** Of an INTEGER. */
    long integer(String parameter, long otherwise);

    /** Of a FLAG. */
    boolean flag(String parameter, boolean otherwise);

    /** Of VALUES in brackets; null if it is another value, which is then to be had by {@link #value}. */
    @Nullable
    List<Getter<T>> values(String parameter);

    /** Of TEXTS; empty if it was not given. */
    List<String> texts(String parameter);

    /**
     * Of a FUNCTION: that converter applied to a value.
     *
     * @throws ArgumentException if it cannot be called with one value
     */
    Getter<T> apply(String parameter, Getter<T> to) throws ArgumentException;

    /** Clock and randomness. */
    Environment environment();
}
