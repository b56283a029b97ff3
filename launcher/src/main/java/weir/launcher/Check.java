package weir.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import weir.agent.AgentComponents;
import weir.config.Problem;
import weir.gateway.GatewayComponents;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;

/** The command that looks at a pipeline file and says all that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Say what is wrong with a pipeline file: 0 nothing, 1 errors, 2 could not look.")
final class Check implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int ERRORS = 1;
    private static final int COULD_NOT_LOOK = 2;

    private static final List<Components> SERVICES = List.of(GatewayComponents.ALL, AgentComponents.ALL);

    @Parameters(paramLabel = "FILE", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            description = "The service it is for, agent or gateway; else the one that it fits best.")
    private @Nullable String service;

    @Override
    public Integer call() {
        return check(file, service, System.out, Boolean.getBoolean("weir.terminal"));
    }

    static int check(Path file, @Nullable String service, PrintStream out, boolean colour) {
        List<Components> wanted = SERVICES.stream()
                .filter(components -> service == null || service.equals(components.service()))
                .toList();
        if (wanted.isEmpty()) {
            out.println("there is no service '" + service + "' with pipelines: agent or gateway");
            return COULD_NOT_LOOK;
        }
        Map<String, LoadResult> results = new LinkedHashMap<>();
        try {
            for (Components components : wanted) {
                results.put(components.service(), PipelineFiles.load(file, components));
            }
        } catch (NoSuchFileException e) {
            out.println("there is no file " + file);
            return COULD_NOT_LOOK;
        } catch (IOException e) {
            out.println(file + " cannot be read: " + e.getMessage());
            return COULD_NOT_LOOK;
        }
        return say(file, results, out, colour);
    }

    private static int say(Path file, Map<String, LoadResult> results, PrintStream out, boolean colour) {
        List<String> good = results.entrySet().stream()
                .filter(entry -> entry.getValue().model() != null)
                .map(Map.Entry::getKey)
                .toList();
        if (good.isEmpty()) {
            results.values().stream()
                    .min((a, b) -> Long.compare(errors(a), errors(b)))
                    .ifPresent(best -> out.print(best.render(colour)));
            return ERRORS;
        }
        LoadResult result = results.getOrDefault(good.getFirst(), new LoadResult(null, List.of()));
        out.print(result.render(colour));
        PipelineModel model = result.orThrow();
        int pipelines = model.pipelines().size();
        out.println(file + " is a good file for " + String.join(" and ", good) + ": " + pipelines
                + (pipelines == 1 ? " pipeline" : " pipelines"));
        return GOOD;
    }

    private static long errors(LoadResult result) {
        return result.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .count();
    }
}
