package weir.ottl;

import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ottl.function.Function;
import weir.ottl.function.Parameter;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.Printer;
import weir.ottl.syntax.Statement;
import weir.ottl.syntax.SyntaxException;

/** Statements and conditions as trees that people can read: what is called, which places they mean, and how it is done fast. */
public final class Explanation {
    private final Context<?> context;
    private final IdentityHashMap<Expression, String> notes;
    private final StringBuilder out = new StringBuilder();

    private Explanation(Context<?> context, IdentityHashMap<Expression, String> notes) {
        this.context = context;
        this.notes = notes;
    }

    /**
     * Explains a statement, or a condition if it is none: what begins with an editor's call is a statement.
     *
     * @throws StatementException if it cannot be compiled in this context
     */
    public static <T> String explain(String text, Context<T> context, Environment environment)
            throws StatementException {
        Compiler<T> compiler = new Compiler<>(context, environment);
        Explanation explanation = new Explanation(context, compiler.notes());
        try {
            if (isStatement(text)) {
                Statement read = Parser.statement(text);
                compiler.editor(read.editor());
                Expression where = read.where();
                if (where != null) {
                    compiler.condition(where);
                }
                explanation.line(0, "statement of the context " + context.name());
                explanation.call(1, "editor ", read.editor(), compiler);
                if (where == null) {
                    explanation.line(1, "always");
                } else {
                    explanation.line(1, "where");
                    explanation.tree(2, "", where, compiler);
                }
            } else {
                Expression read = Parser.condition(text);
                compiler.condition(read);
                explanation.line(0, "condition of the context " + context.name());
                explanation.tree(1, "", read, compiler);
            }
        } catch (SyntaxException e) {
            throw new StatementException(List.of(StatementError.of(0, text, e)));
        }
        return explanation.out.toString();
    }

    /** Whether a text is meant to be a statement: it begins with a word in lower case that is called. */
    public static boolean isStatement(String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String word = text.substring(from, at);
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return !word.isEmpty()
                && Character.isLowerCase(word.charAt(0))
                && !word.equals("not")
                && text.startsWith("(", at);
    }

    private void line(int depth, String text) {
        out.repeat("  ", depth).append(text).append('\n');
    }

    private void tree(int depth, String role, Expression e, Compiler<?> compiler) {
        switch (e) {
            case Expression.Or or -> all(depth, role + "any of", or.parts(), compiler);
            case Expression.And and -> all(depth, role + "all of", and.parts(), compiler);
            case Expression.Not not -> {
                line(depth, role + "not");
                tree(depth + 1, "", not.of(), compiler);
            }
            case Expression.Comparison c -> {
                line(depth, role + "compare " + c.relation().sign() + noted(c));
                tree(depth + 1, "", c.left(), compiler);
                tree(depth + 1, "", c.right(), compiler);
            }
            case Expression.Computation c -> {
                line(depth, role + "compute " + c.operator().sign());
                tree(depth + 1, "", c.left(), compiler);
                tree(depth + 1, "", c.right(), compiler);
            }
            case Expression.Negative n -> {
                line(depth, role + "negative of");
                tree(depth + 1, "", n.of(), compiler);
            }
            case Expression.Call call -> call(depth, role + "converter ", call, compiler);
            case Expression.Path path -> line(depth, role + "path " + Printer.print(path) + where(path));
            case Expression.Name name -> {
                Long value = context.enums().get(name.name());
                line(depth, role + (value == null ? "function " + name.name() : "enum " + name.name() + " = " + value));
            }
            case Expression.Items list -> all(depth, role + "list of", list.items(), compiler);
            case Expression.Entries map -> {
                line(depth, role + "map of");
                map.entries().forEach(entry -> tree(depth + 1, entry.key() + ": ", entry.value(), compiler));
            }
            case Expression.Nil _,
                    Expression.Bool _,
                    Expression.Int _,
                    Expression.Real _,
                    Expression.Text _,
                    Expression.Bytes _ -> line(depth, role + "literal " + Printer.print(e));
        }
    }

    private void all(int depth, String text, Iterable<Expression> parts, Compiler<?> compiler) {
        line(depth, text);
        parts.forEach(part -> tree(depth + 1, "", part, compiler));
    }

    private void call(int depth, String role, Expression.Call call, Compiler<?> compiler) {
        line(depth, role + call.name() + noted(call));
        @Nullable Function<?> function = compiler.known(call.name());
        int place = 0;
        for (Expression.Argument argument : call.arguments()) {
            String name = argument.name();
            Parameter parameter = function == null || name != null
                    ? null
                    : function.parameters().get(place);
            place++;
            tree(
                    depth + 1,
                    (parameter == null ? String.valueOf(name) : parameter.name()) + ": ",
                    argument.value(),
                    compiler);
        }
        call.keys().forEach(key -> tree(depth + 1, "index: ", key, compiler));
    }

    /** Whose path it is, where it does not say so itself. */
    private String where(Expression.Path path) {
        boolean said = path.fields().size() > 1
                && context.pathContexts().contains(path.fields().getFirst().name());
        return said ? "" : ", of the context " + context.name();
    }

    private String noted(Expression e) {
        String note = notes.get(e);
        return note == null ? "" : "  (" + note + ")";
    }
}
