package weir.launcher.cases;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.config.Problem;
import weir.launcher.cases.CasesFile.Case;
import weir.launcher.cases.Judge.Failure;
import weir.pipeline.Components.Kind;
import weir.pipeline.engine.PipelineEngine;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;

/** Runs files of cases and says how each case went. Belongs to one thread. */
public final class Cases {
    private static final int PASSED = 0;
    private static final int FAILED = 1;
    private static final int COULD_NOT_LOOK = 2;

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int NANOS_PER_TENTH = 100_000_000;

    /**
     * How one case went.
     *
     * @param text what is not as expected; empty if nothing
     */
    record Result(String file, String name, String text, long nanos) {}

    private final PrintStream out;
    private final boolean colour;
    private final InstantSource clock;
    private final List<Result> results = new ArrayList<>();

    private Cases(PrintStream out, boolean colour, InstantSource clock) {
        this.out = out;
        this.colour = colour;
        this.clock = clock;
    }

    /**
     * Runs the cases of files.
     *
     * @param report where to write the results as JUnit's XML; null: nowhere
     * @return the exit status: 0 all passed, 1 some failed, 2 some could not be run
     */
    public static int run(List<Path> files, @Nullable Path report, PrintStream out, boolean colour, InstantSource clock)
            throws InterruptedException {
        long begin = System.nanoTime();
        Cases cases = new Cases(out, colour, clock);
        boolean all = true;
        for (Path file : files) {
            all &= cases.run(file);
        }
        long failed = cases.results.stream().filter(r -> !r.text.isEmpty()).count();
        int run = cases.results.size();
        if (run > 0) {
            long tenths = (System.nanoTime() - begin) / NANOS_PER_TENTH;
            out.printf(
                    Locale.ROOT,
                    "%d %s, %s (%d.%d s)%n",
                    run,
                    run == 1 ? "case" : "cases",
                    failed == 0 ? "all passed" : failed + " failed",
                    tenths / 10,
                    tenths % 10);
        }
        if (report != null) {
            try {
                JUnitReport.write(report, cases.results);
            } catch (IOException e) {
                out.println(report + " cannot be written: " + e.getMessage());
                return COULD_NOT_LOOK;
            }
        }
        return !all ? COULD_NOT_LOOK : failed > 0 ? FAILED : PASSED;
    }

    /** Whether the cases of a file could be run. */
    private boolean run(Path path) throws InterruptedException {
        LoadedCases loaded;
        try {
            loaded = LoadedCases.load(path);
        } catch (NoSuchFileException e) {
            out.println("there is no file " + path);
            return false;
        } catch (IOException e) {
            out.println(path + " cannot be read: " + e.getMessage());
            return false;
        }
        loaded.problems().forEach(problem -> out.print(problem.render(colour)));
        CasesFile file = loaded.file();
        PipelineModel model = loaded.model();
        if (file == null || model == null) {
            long errors = loaded.problems().stream()
                    .filter(p -> p.severity() == Problem.Severity.ERROR)
                    .count();
            out.println(path + ": " + errors + (errors == 1 ? " error" : " errors") + ", no case was run");
            return false;
        }
        leftOut(model);
        try (Trial trial = new Trial(model, clock)) {
            for (int i = 0; i < file.cases().size(); i++) {
                run(trial, loaded.source(), i, file.cases().get(i));
            }
            return true;
        } catch (IOException e) {
            out.println("no directory for temporary files: " + e.getMessage());
            return false;
        } catch (PipelineEngine.StartException e) {
            out.println(path + ": " + e.getMessage());
            return false;
        }
    }

    private void run(Trial trial, Source source, int number, Case given)
            throws PipelineEngine.StartException, InterruptedException {
        long begin = System.nanoTime();
        List<Failure> failures = Judge.failures(source, number, given, trial.run(given));
        long nanos = System.nanoTime() - begin;
        String word = failures.isEmpty() ? "ok    " : "FAILED";
        out.println((colour ? (failures.isEmpty() ? GREEN : RED) + word + PLAIN : word) + "  " + given.name());
        failures.forEach(failure -> out.print(text(failure, colour)));
        StringBuilder plain = new StringBuilder();
        failures.forEach(failure -> plain.append(text(failure, false)));
        results.add(new Result(source.name(), given.name(), plain.toString(), nanos));
    }

    private static String text(Failure failure, boolean colour) {
        StringBuilder text = new StringBuilder(failure.problem().render(colour));
        failure.notes().forEach(note -> text.append("        ").append(note).append('\n'));
        return text.toString();
    }

    private void leftOut(PipelineModel model) {
        Set<String> names = new TreeSet<>();
        model.pipelines()
                .forEach(pipeline -> pipeline.processors().forEach(id -> {
                    Configured<?> processor = model.find(Kind.PROCESSOR, id);
                    if (processor != null && Bench.isLeftOut(processor)) {
                        names.add(id.toString());
                    }
                }));
        if (!names.isEmpty()) {
            out.println("left out, for want of a network: " + String.join(", ", names));
        }
    }
}
