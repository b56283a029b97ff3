package weir.ottl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.ottl.function.Function;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.Statement;
import weir.ottl.syntax.SyntaxException;

/** Finds the context that statements without one mean, by their paths: the lowest that they name, if it has all they use. */
public final class ContextInference {
    /** What lies within comes before what it lies in. */
    private static final List<String> LOWEST_FIRST = List.of(
            "log",
            "exemplar",
            "datapoint",
            "metric",
            "spanevent",
            "span",
            "profile",
            "scope",
            "instrumentation_scope",
            "resource");

    private final Set<String> known = new HashSet<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> functions = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private ContextInference() {}

    /**
     * The context that all these statements and conditions can be compiled in.
     *
     * @param statements may be empty
     * @param conditions may be empty
     * @param candidates contexts of the signal, any order
     * @throws StatementException if they cannot be read, or no candidate has all that they use; numbers of conditions follow
     *     those of statements
     */
    public static <C extends Context<?>> C infer(List<String> statements, List<String> conditions, List<C> candidates)
            throws StatementException {
        ContextInference inference = new ContextInference();
        candidates.forEach(c -> inference.known.addAll(c.pathContexts()));
        List<StatementError> errors = new ArrayList<>();
        List<String> texts = new ArrayList<>(statements);
        texts.addAll(conditions);
        for (int i = 0; i < texts.size(); i++) {
            try {
                if (i < statements.size()) {
                    Statement statement = Parser.statement(texts.get(i));
                    inference.look(statement.editor());
                    inference.look(statement.where());
                } else {
                    inference.look(Parser.condition(texts.get(i)));
                }
            } catch (SyntaxException e) {
                errors.add(StatementError.of(i, texts.get(i), e));
            }
        }
        if (errors.isEmpty()) {
            C found = inference.choose(candidates);
            if (found != null) {
                return found;
            }
            errors.add(inference.nothing(texts.isEmpty() ? "" : texts.getFirst(), candidates));
        }
        throw new StatementException(errors);
    }

    private StatementError nothing(String text, List<? extends Context<?>> candidates) {
        String all = candidates.stream().map(Context::name).sorted().collect(Collectors.joining(", "));
        return used.isEmpty()
                ? new StatementError(
                        0,
                        text,
                        0,
                        1,
                        "no path says which context is meant",
                        "begin paths with one of " + all + ", or name the context")
                : new StatementError(
                        0,
                        text,
                        0,
                        1,
                        "no context has all of " + String.join(", ", used)
                                + " and the functions and enums that are used",
                        "there are " + all + "; statements that need different ones belong into different groups");
    }

    private <C extends Context<?>> @Nullable C choose(List<C> candidates) {
        List<C> sorted = candidates.stream()
                .sorted(Comparator.comparingInt(c -> LOWEST_FIRST.indexOf(c.name())))
                .toList();
        int lowest = 0;
        while (lowest < sorted.size() && !names(sorted.get(lowest))) {
            lowest++;
        }
        // Where the lowest that is named lacks something, what lies within it may have it.
        for (int i = Math.min(lowest, sorted.size() - 1); i >= 0 && lowest < sorted.size(); i--) {
            if (fits(sorted.get(i))) {
                return sorted.get(i);
            }
        }
        return null;
    }

    /** Whether some path names a context by one of its names. */
    private boolean names(Context<?> context) {
        return used.contains(context.name())
                || (context.name().equals("scope") && used.contains("instrumentation_scope"));
    }

    private boolean fits(Context<?> context) {
        return context.pathContexts().containsAll(used)
                && context.enums().keySet().containsAll(names)
                && functions.stream().allMatch(f -> isFunction(f, context));
    }

    /** What no context has is left to the compiler, whose error is better. */
    private static boolean isFunction(String name, Context<?> context) {
        return !weir.ottl.function.Functions.OF_SOME_CONTEXTS.containsKey(name)
                || context.functions().stream().map(Function::name).anyMatch(name::equals);
    }

    private void look(Collection<Expression> expressions) throws SyntaxException {
        for (Expression e : expressions) {
            look(e);
        }
    }

    private void look(@Nullable Expression expression) throws SyntaxException {
        switch (expression) {
            case null -> {}
            case Expression.Path path -> path(path);
            case Expression.Call call -> {
                functions.add(call.name());
                for (Expression.Argument argument : call.arguments()) {
                    look(argument.value());
                }
                look(call.keys());
            }
            case Expression.Name name -> {
                if (name.name().matches("[A-Z0-9]+_[A-Z0-9_]+")) {
                    names.add(name.name());
                }
            }
            case Expression.Items list -> look(list.items());
            case Expression.Entries map ->
                look(map.entries().stream().map(Expression.Entry::value).toList());
            case Expression.Computation math -> look(List.of(math.left(), math.right()));
            case Expression.Negative negative -> look(negative.of());
            case Expression.Comparison c -> look(List.of(c.left(), c.right()));
            case Expression.Not not -> look(not.of());
            case Expression.And and -> look(and.parts());
            case Expression.Or or -> look(or.parts());
            case Expression.Nil _,
                    Expression.Bool _,
                    Expression.Int _,
                    Expression.Real _,
                    Expression.Text _,
                    Expression.Bytes _ -> {}
        }
    }

    private void path(Expression.Path path) throws SyntaxException {
        String first = path.fields().getFirst().name();
        if (path.fields().size() > 1 && known.contains(first)) {
            used.add(first);
        } else {
            String nearest = path.fields().size() > 1 ? Names.nearest(first, known) : "";
            throw new SyntaxException(
                    path.fields().getFirst().at(),
                    "where no context is given, a path begins with one: `" + first + "` is none",
                    nearest.isEmpty()
                            ? "there are " + String.join(", ", new TreeSet<>(known))
                            : "did you mean '" + nearest + "'?");
        }
        for (Expression.Field field : path.fields()) {
            look(field.keys());
        }
    }
}
