package weir.pipeline.file;

import java.util.List;
import java.util.Map;
import weir.config.Names;
import weir.config.Paths;
import weir.config.Position;
import weir.config.Problems;
import weir.config.Yaml.Mapping;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;
import weir.pipeline.NamesSampler;
import weir.pipeline.file.PipelineFiles.Declared;
import weir.pipeline.file.PipelineModel.Pipeline;
import weir.pipeline.file.PipelineModel.Slot;

/** Finds components that name a sampler which does not run. */
final class SamplerReferences {
    private final Problems problems;
    private final List<Pipeline> pipelines;
    private final Map<Slot, Declared> declared;

    SamplerReferences(Problems problems, List<Pipeline> pipelines, Map<Slot, Declared> declared) {
        this.problems = problems;
        this.pipelines = pipelines;
        this.declared = declared;
    }

    /** @param where the section stands, such as connectors.span_metrics */
    void check(String where, Declared component) {
        if (!(component.config() instanceof NamesSampler config)
                || config.namedSampler().isEmpty()) {
            return;
        }
        String id = config.namedSampler();
        List<String> running = pipelines.stream()
                .flatMap(p -> p.processors().stream())
                .filter(this::samples)
                .map(ComponentId::toString)
                .distinct()
                .toList();
        if (!running.contains(ComponentId.parse(id).toString())) {
            Position at = component.section() instanceof Mapping section
                    ? Paths.find(section, component.at(), config.samplerOption())
                    : component.at();
            problems.error(
                    at,
                    "'" + id + "' is named in " + where + "." + config.samplerOption()
                            + " but is no processor of a pipeline that samples traces",
                    running.isEmpty() ? "name a tail_sampling processor" : Names.hint(id, running));
        }
    }

    private boolean samples(ComponentId id) {
        Declared processor = declared.get(new Slot(Kind.PROCESSOR, id));
        return processor != null
                && processor.factory() instanceof ComponentFactory.OfProcessor<?> factory
                && factory.samplesTraces();
    }
}
