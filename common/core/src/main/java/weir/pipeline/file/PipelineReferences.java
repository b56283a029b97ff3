package weir.pipeline.file;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import weir.config.Names;
import weir.config.Paths;
import weir.config.Position;
import weir.config.Problems;
import weir.config.Yaml.Mapping;
import weir.otlp.Signal;
import weir.pipeline.ComponentId;
import weir.pipeline.NamesPipelines;
import weir.pipeline.file.PipelineFiles.Declared;
import weir.pipeline.file.PipelineModel.Pipeline;

/** Finds connectors that name pipelines which they do not lead to, and pipelines of theirs that they do not name. */
final class PipelineReferences {
    private final Problems problems;
    private final List<Pipeline> pipelines;

    PipelineReferences(Problems problems, List<Pipeline> pipelines) {
        this.problems = problems;
        this.pipelines = pipelines;
    }

    /** @param where the section stands, such as connectors.routing */
    void check(String where, Declared connector) {
        if (!(connector.config() instanceof NamesPipelines config) || !isUsed(connector.id())) {
            return;
        }
        List<Pipeline> fed = pipelines.stream()
                .filter(p -> p.receivers().contains(connector.id()))
                .toList();
        Map<String, String> named = config.namedPipelines();
        named.forEach((option, name) -> {
            if (fed.stream().noneMatch(p -> p.name().equals(name))) {
                report(where + "." + option, name, at(connector, option), connector.id(), fed);
            }
        });
        Set<String> names = new HashSet<>(named.values());
        Set<Signal> signals = fed.stream()
                .filter(p -> names.contains(p.name()))
                .map(Pipeline::signal)
                .collect(Collectors.toSet());
        for (Pipeline pipeline : fed) {
            if (names.contains(pipeline.name())) {
                continue;
            }
            String what = "the pipeline '" + pipeline.name() + "' has '" + connector.id()
                    + "' as a receiver, which never leads there";
            String hint = "name it in " + where + " or remove the receiver";
            if (signals.isEmpty() || signals.contains(pipeline.signal())) {
                problems.warning(connector.at(), what, hint);
            } else {
                problems.error(connector.at(), what, hint);
            }
        }
    }

    /** One that is in no pipeline was reported, and does nothing. */
    private boolean isUsed(ComponentId id) {
        return pipelines.stream()
                .anyMatch(p -> p.receivers().contains(id) || p.exporters().contains(id));
    }

    private static Position at(Declared connector, String option) {
        return connector.section() instanceof Mapping section
                ? Paths.find(section, connector.at(), option)
                : connector.at();
    }

    private void report(String where, String name, Position at, ComponentId connector, List<Pipeline> fed) {
        if (pipelines.stream().anyMatch(p -> p.name().equals(name))) {
            problems.error(
                    at,
                    "the pipeline '" + name + "' is named in " + where + " but '" + connector
                            + "' is not among its receivers",
                    "name it there");
        } else {
            problems.error(
                    at,
                    "'" + name + "' is named in " + where + " but is no pipeline of service.pipelines",
                    fed.isEmpty()
                            ? "add it there"
                            : Names.hint(name, fed.stream().map(Pipeline::name).toList()));
        }
    }
}
