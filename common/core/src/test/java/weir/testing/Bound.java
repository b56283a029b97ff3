package weir.testing;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.config.Binder;
import weir.config.Position;
import weir.config.Problem;
import weir.config.Problems;
import weir.config.YamlReader;

/** A component's section of a pipeline file, bound to its record. */
public final class Bound {
    private Bound() {}

    /** The record; fails the test if anything is wrong with the text. */
    public static <C extends Record> C of(Class<C> type, String yaml) {
        Problems problems = new Problems("f.yaml", yaml);
        C bound = bind(type, yaml, problems);
        if (problems.failed() || bound == null) {
            throw new AssertionError(Problem.render(problems.sorted(), false));
        }
        return bound;
    }

    /** What is wrong with the text. */
    public static List<Problem> problems(Class<? extends Record> type, String yaml) {
        Problems problems = new Problems("f.yaml", yaml);
        bind(type, yaml, problems);
        return problems.sorted();
    }

    private static <C extends Record> @Nullable C bind(Class<C> type, String yaml, Problems problems) {
        return new Binder(problems, _ -> null)
                .bind(type, Objects.requireNonNull(YamlReader.read(problems, yaml)), Position.FILE, "processors.it");
    }
}
