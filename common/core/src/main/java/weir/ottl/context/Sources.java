package weir.ottl.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import weir.config.Checked;
import weir.ottl.ContextInference;
import weir.ottl.StatementError;
import weir.ottl.StatementException;

/** Conditions and statements as a pipeline file has them, and what is wrong with them told where they stand. */
public final class Sources {
    private Sources() {}

    /**
     * The context that a file names, or that its texts mean.
     *
     * @param named empty: none is
     * @param candidates those of a signal
     * @throws StatementException if none can be found
     * @throws IllegalArgumentException if what is named is none of the candidates; the message is for people
     */
    public static ItemContext context(
            String named, List<String> statements, List<String> conditions, List<ItemContext> candidates)
            throws StatementException {
        if (named.isEmpty()) {
            return ContextInference.infer(statements, conditions, candidates);
        }
        return candidates.stream()
                .filter(c -> c.name().equals(named.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no context '" + named + "' here; there are "
                        + candidates.stream().map(ItemContext::name).collect(Collectors.joining(", "))));
    }

    /**
     * Reports what is wrong with texts of a configuration.
     *
     * @param options where each text stands, as a path below the record
     */
    public static void report(StatementException e, List<String> options, Checked.Complaints complaints) {
        for (StatementError error : e.errors()) {
            String option = error.statement() < options.size() ? options.get(error.statement()) : options.getFirst();
            complaints.errorWithin(option, error.offset(), error.length(), error.message(), error.hint());
        }
    }

    /** Paths of a list's elements: {@code statements[0]} and so on. */
    public static List<String> elements(String option, int size) {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            paths.add(option + "[" + i + "]");
        }
        return paths;
    }
}
