package weir.launcher;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import weir.config.Names;
import weir.otlp.Signal;
import weir.ottl.ContextInference;
import weir.ottl.Environment;
import weir.ottl.Explanation;
import weir.ottl.StatementError;
import weir.ottl.StatementException;
import weir.ottl.context.ContextFunctions;
import weir.ottl.context.Contexts;
import weir.ottl.context.ItemContext;

/** The command that says how a statement or condition is understood, or where it is wrong. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Say how a statement or condition in OTTL is understood: 0 it can be used, 1 it cannot, 2 could not look.")
final class Explain implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int ERRORS = 1;
    private static final int COULD_NOT_LOOK = 2;

    @Parameters(paramLabel = "STATEMENT", description = "As it would stand in the file, with $ where that has $$.")
    private String statement = "";

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description =
                    "What it is about: resource, scope, span, spanevent, metric, datapoint or log; else found by its paths,"
                            + " which then say it: span.name.")
    private @Nullable String context;

    @Override
    public Integer call() {
        return explain(statement, context, System.out);
    }

    static int explain(String statement, @Nullable String context, PrintStream out) {
        SecureRandom random = new SecureRandom();
        Environment environment = new Environment(InstantSource.system(), System::nanoTime, random::nextLong);
        try {
            if (context == null) {
                out.print(Explanation.explain(statement, inferred(statement), environment));
                return GOOD;
            }
            List<ItemContext> named =
                    all().filter(c -> c.name().equals(context)).toList();
            if (named.isEmpty()) {
                out.println("there is no context '" + context + "'; "
                        + Names.hint(
                                context, all().map(ItemContext::name).distinct().toList()));
                return COULD_NOT_LOOK;
            }
            out.print(Explanation.explain(statement, named.getFirst(), environment));
            return GOOD;
        } catch (StatementException e) {
            out.println(e.errors().stream().map(StatementError::render).collect(Collectors.joining("\n")));
            return ERRORS;
        }
    }

    private static Stream<ItemContext> all() {
        return Stream.of(Signal.values()).flatMap(signal -> of(signal).stream());
    }

    /** With what statements of transform, and conditions of filter, can call besides. */
    private static List<ItemContext> of(Signal signal) {
        return Contexts.of(signal, ContextFunctions.all());
    }

    /** The context of the first signal in which one fits; what is wrong for all of them is told of the first. */
    private static ItemContext inferred(String statement) throws StatementException {
        boolean edits = Explanation.isStatement(statement);
        List<StatementException> refused = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            try {
                return ContextInference.infer(
                        edits ? List.of(statement) : List.of(), edits ? List.of() : List.of(statement), of(signal));
            } catch (StatementException e) {
                refused.add(e);
            }
        }
        throw refused.getFirst();
    }
}
