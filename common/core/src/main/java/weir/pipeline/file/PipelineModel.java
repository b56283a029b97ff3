package weir.pipeline.file;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.Signal;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;

/**
 * A pipeline file without mistakes: what is to run.
 *
 * @param name of the file, for people
 * @param sha256 of its text, in hex, by which one can prove what is live
 * @param components what the file configures, used or not, by kind and id
 * @param extensions to start, in the file's order
 * @param pipelines in the file's order
 */
public record PipelineModel(
        String name,
        String sha256,
        Map<Slot, Configured<?>> components,
        List<ComponentId> extensions,
        List<Pipeline> pipelines,
        ServiceTelemetry telemetry) {

    /** A component's place in the file. */
    public record Slot(Kind kind, ComponentId id) {
        @Override
        public String toString() {
            return kind.section() + "." + id;
        }
    }

    /** A component's configuration, bound. */
    public record Configured<C extends Record>(ComponentId id, ComponentFactory<C> factory, C config) {}

    /**
     * One entry of {@code service.pipelines}.
     *
     * @param name such as traces or traces/slow
     * @param receivers receivers and connectors
     * @param exporters exporters and connectors
     */
    public record Pipeline(
            String name,
            Signal signal,
            List<ComponentId> receivers,
            List<ComponentId> processors,
            List<ComponentId> exporters) {}

    public @Nullable Configured<?> find(Kind kind, ComponentId id) {
        return components.get(new Slot(kind, id));
    }

    public boolean isConnector(ComponentId id) {
        return components.containsKey(new Slot(Kind.CONNECTOR, id));
    }
}
