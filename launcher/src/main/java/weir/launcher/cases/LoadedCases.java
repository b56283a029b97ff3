package weir.launcher.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.agent.AgentComponents;
import weir.config.Binder;
import weir.config.Position;
import weir.config.Problem;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.YamlReader;
import weir.gateway.GatewayComponents;
import weir.launcher.cases.CasesFile.Service;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;

/**
 * A file of cases that was read, with the pipeline file that it is about.
 *
 * @param file null if there is a mistake in either file
 * @param model null if there is a mistake in either file
 * @param problems of the file of cases, or of the pipeline file
 */
record LoadedCases(
        Source source, @Nullable CasesFile file, @Nullable PipelineModel model, List<Problem> problems) {

    /** @throws IOException if the file cannot be read, with a message for people */
    static LoadedCases load(Path path) throws IOException {
        String name = PipelineFiles.name(path);
        String text = PipelineFiles.read(path);
        Problems problems = new Problems(name, text);
        Yaml root = YamlReader.read(problems, text);
        if (root == null) {
            return broken(new Source(name, text, new Yaml.Scalar(Position.FILE, "", Yaml.Style.PLAIN)), problems);
        }
        Source source = new Source(name, text, root);
        CasesFile file = new Binder(problems, option -> null).bind(CasesFile.class, root, Position.FILE, name);
        if (file == null || problems.failed()) {
            return broken(source, problems);
        }
        LoadResult pipelines = pipelines(path, file, source, problems);
        PipelineModel model = pipelines.model();
        if (model == null) {
            return problems.failed()
                    ? broken(source, problems)
                    : new LoadedCases(source, null, null, pipelines.problems());
        }
        NameChecks.check(problems, source, file.cases(), model);
        return problems.failed() ? broken(source, problems) : new LoadedCases(source, file, model, problems.sorted());
    }

    private static LoadedCases broken(Source source, Problems problems) {
        return new LoadedCases(source, null, null, problems.sorted());
    }

    private static LoadResult pipelines(Path cases, CasesFile file, Source source, Problems problems)
            throws IOException {
        String pipelines = file.pipelines();
        Map<String, String> given = file.environment();
        UnaryOperator<@Nullable String> environment =
                name -> name != null && given.containsKey(name) ? given.get(name) : System.getenv(name);
        Service service = file.service();
        if (pipelines == null) {
            Components components = of(service == null ? Service.GATEWAY : service);
            return PipelineFiles.load(
                    components.service() + ".yaml", builtIn(components.service()), components, environment);
        }
        String text;
        try {
            text = PipelineFiles.read(cases.resolveSibling(pipelines));
        } catch (NoSuchFileException e) {
            problems.error(source.at("pipelines"), "there is no file '" + pipelines + "'", "relative to this file");
            return new LoadResult(null, List.of());
        } catch (IOException e) {
            problems.error(source.at("pipelines"), "it cannot be read: " + e.getMessage(), "");
            return new LoadResult(null, List.of());
        }
        return Stream.of(Service.values())
                .filter(each -> service == null || service == each)
                .map(each -> PipelineFiles.load(PipelineFiles.name(Path.of(pipelines)), text, of(each), environment))
                .min(Comparator.comparingLong(result -> result.problems().stream()
                        .filter(p -> p.severity() == Problem.Severity.ERROR)
                        .count()))
                .orElseThrow();
    }

    private static Components of(Service service) {
        return switch (service) {
            case GATEWAY -> GatewayComponents.ALL;
            case AGENT -> AgentComponents.ALL;
        };
    }

    private static String builtIn(String service) throws IOException {
        String resource = "/weir/" + service + ".yaml";
        try (InputStream in = LoadedCases.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
