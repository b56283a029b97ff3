package weir.ottl;

import java.util.ArrayList;
import java.util.List;
import weir.ottl.function.Function;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.Statement;
import weir.ottl.syntax.SyntaxException;

/** Statements that edit items, compiled. Belongs to one thread at a time; {@link #copy} gives one for another. */
public final class Statements<T> {
    /** One statement. */
    private record Step<T>(Test<T> where, Function.Edit<T> edit) {
        boolean execute(T item) {
            boolean meets = where.test(item);
            if (meets) {
                edit.edit(item);
            }
            return meets;
        }
    }

    private final List<String> texts;
    private final Context<T> context;
    private final Environment environment;
    private final Failures failures;
    private final List<Step<T>> steps;

    private Statements(
            List<String> texts, Context<T> context, Environment environment, Failures failures, List<Step<T>> steps) {
        this.texts = texts;
        this.context = context;
        this.environment = environment;
        this.failures = failures;
        this.steps = steps;
    }

    /**
     * Compiles statements for items of a context.
     *
     * @param texts in their order
     * @throws StatementException with all that is wrong in them
     */
    public static <T> Statements<T> compile(
            List<String> texts, Context<T> context, ErrorMode mode, Environment environment) throws StatementException {
        return compile(List.copyOf(texts), context, environment, new Failures(mode, environment.nanoTime()));
    }

    private static <T> Statements<T> compile(
            List<String> texts, Context<T> context, Environment environment, Failures failures)
            throws StatementException {
        List<Step<T>> steps = new ArrayList<>();
        List<StatementError> errors = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                Statement read = Parser.statement(texts.get(i));
                Compiler<T> compiler = new Compiler<>(context, environment);
                Function.Edit<T> edit = compiler.editor(read.editor());
                steps.add(new Step<>(read.where() == null ? _ -> true : compiler.condition(read.where()), edit));
            } catch (SyntaxException e) {
                errors.add(StatementError.of(i, texts.get(i), e));
            }
        }
        if (!errors.isEmpty()) {
            throw new StatementException(errors);
        }
        return new Statements<>(texts, context, environment, failures, List.copyOf(steps));
    }

    /**
     * Does all statements to an item, in their order. One that cannot be done leaves the item as the one before left it, or
     * partly edited where it edits several places.
     *
     * @return whether at least one was: the item met its condition, and it could be done
     * @throws OttlException if one cannot be done and the mode is {@link ErrorMode#PROPAGATE}; those before it were
     */
    public boolean execute(T item) {
        boolean done = false;
        for (int i = 0; i < steps.size(); i++) {
            try {
                done |= steps.get(i).execute(item);
            } catch (OttlException e) {
                failures.failed(texts.get(i), e);
            }
        }
        return done;
    }

    /** How many statements there are. */
    public int size() {
        return steps.size();
    }

    /** Equal statements with registers of their own, for another thread. */
    public Statements<T> copy() {
        try {
            return compile(texts, context, environment, failures);
        } catch (StatementException e) {
            throw new IllegalStateException("these statements were compiled before", e);
        }
    }

    /** How many statements could not be done by now, of items and statements, by all copies. For any thread. */
    public long errors() {
        return failures.count();
    }
}
