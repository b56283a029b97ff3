package weir.ottl;

import java.util.ArrayList;
import java.util.List;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.SyntaxException;

/** Conditions of which one must be true, compiled. Belongs to one thread at a time; {@link #copy} gives one for another. */
public final class Conditions<T> {
    private final List<String> texts;
    private final Context<T> context;
    private final Environment environment;
    private final Failures failures;
    private final List<Test<T>> tests;

    private Conditions(
            List<String> texts, Context<T> context, Environment environment, Failures failures, List<Test<T>> tests) {
        this.texts = texts;
        this.context = context;
        this.environment = environment;
        this.failures = failures;
        this.tests = tests;
    }

    /**
     * Compiles conditions for items of a context.
     *
     * @param texts in their order; none: no item meets them
     * @throws StatementException with all that is wrong in them
     */
    public static <T> Conditions<T> compile(
            List<String> texts, Context<T> context, ErrorMode mode, Environment environment) throws StatementException {
        return compile(List.copyOf(texts), context, environment, new Failures(mode, environment.nanoTime()));
    }

    private static <T> Conditions<T> compile(
            List<String> texts, Context<T> context, Environment environment, Failures failures)
            throws StatementException {
        List<Test<T>> tests = new ArrayList<>();
        List<StatementError> errors = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                Expression read = Parser.condition(texts.get(i));
                tests.add(new Compiler<>(context, environment).condition(read));
            } catch (SyntaxException e) {
                errors.add(StatementError.of(i, texts.get(i), e));
            }
        }
        if (!errors.isEmpty()) {
            throw new StatementException(errors);
        }
        return new Conditions<>(texts, context, environment, failures, List.copyOf(tests));
    }

    /**
     * Whether an item meets one of the conditions. Those that cannot be evaluated count as not met.
     *
     * @throws OttlException if one cannot be evaluated and the mode is {@link ErrorMode#PROPAGATE}
     */
    public boolean test(T item) {
        for (int i = 0; i < tests.size(); i++) {
            try {
                if (tests.get(i).test(item)) {
                    return true;
                }
            } catch (OttlException e) {
                failures.failed(texts.get(i), e);
            }
        }
        return false;
    }

    /** How many conditions there are. */
    public int size() {
        return tests.size();
    }

    /** Equal conditions with registers of their own, for another thread. */
    public Conditions<T> copy() {
        try {
            return compile(texts, context, environment, failures);
        } catch (StatementException e) {
            throw new IllegalStateException("these conditions were compiled before", e);
        }
    }

    /** How many conditions could not be evaluated by now, of items and conditions, by all copies. For any thread. */
    public long errors() {
        return failures.count();
    }
}
