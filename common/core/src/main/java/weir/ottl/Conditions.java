package weir.ottl;

import java.util.List;

/** Conditions of which one must be true, compiled. Belongs to one thread at a time; {@link #copy} gives one for another. */
@SuppressWarnings("DoNotCallSuggester") // Filled in by the evaluator.
public final class Conditions<T> {
    private Conditions() {}

    /**
     * Compiles conditions for items of a context.
     *
     * @param texts in their order; none: no item meets them
     * @throws StatementException with all that is wrong in them
     */
    public static <T> Conditions<T> compile(
            List<String> texts, Context<T> context, ErrorMode mode, Environment environment) throws StatementException {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /**
     * Whether an item meets one of the conditions. Those that cannot be evaluated count as not met.
     *
     * @throws OttlException if one cannot be evaluated and the mode is {@link ErrorMode#PROPAGATE}
     */
    public boolean test(T item) {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /** Equal conditions with registers of their own, for another thread. */
    public Conditions<T> copy() {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /** How many conditions could not be evaluated by now, of items and conditions. For any thread. */
    public long errors() {
        throw new UnsupportedOperationException("to come with the evaluator");
    }
}
