package weir.ottl;

import java.util.List;

/** Finds the context that statements without one mean, by their paths: the lowest that they name, if it has all they use. */
@SuppressWarnings("DoNotCallSuggester") // Filled in by the evaluator.
public final class ContextInference {
    private ContextInference() {}

    /**
     * The context that all these statements and conditions can be compiled in.
     *
     * @param statements may be empty
     * @param conditions may be empty
     * @param candidates contexts of the signal, any order
     * @throws StatementException if they cannot be read, or no candidate has all that they use
     */
    public static <C extends Context<?>> C infer(List<String> statements, List<String> conditions, List<C> candidates)
            throws StatementException {
        throw new UnsupportedOperationException("to come with the parser");
    }
}
