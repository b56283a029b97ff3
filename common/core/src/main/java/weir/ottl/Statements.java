package weir.ottl;

import java.util.List;

/** Statements that edit items, compiled. Belongs to one thread at a time; {@link #copy} gives one for another. */
@SuppressWarnings("DoNotCallSuggester") // Filled in by the evaluator.
public final class Statements<T> {
    private Statements() {}

    /**
     * Compiles statements for items of a context.
     *
     * @param texts in their order
     * @throws StatementException with all that is wrong in them
     */
    public static <T> Statements<T> compile(
            List<String> texts, Context<T> context, ErrorMode mode, Environment environment) throws StatementException {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /**
     * Does all statements to an item, in their order. One that cannot be done leaves the item as the one before left it, or
     * partly edited where it edits several places.
     *
     * @throws OttlException if one cannot be done and the mode is {@link ErrorMode#PROPAGATE}; those before it were
     */
    public void execute(T item) {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /** Equal statements with registers of their own, for another thread. */
    public Statements<T> copy() {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /** How many statements could not be done by now, of items and statements. For any thread. */
    public long errors() {
        throw new UnsupportedOperationException("to come with the evaluator");
    }
}
