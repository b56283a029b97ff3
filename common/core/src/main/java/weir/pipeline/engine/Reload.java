package weir.pipeline.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.config.Differences;
import weir.pipeline.Components.Kind;
import weir.pipeline.Reloadable;
import weir.pipeline.engine.PipelineEngine.Running;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.pipeline.file.PipelineModel.Slot;
import weir.pipeline.file.ServiceTelemetry;

/**
 * What a changed file means to running pipelines: a plan, to be looked at before it is applied. A component takes all its
 * changes or none: if one of them is not live, it goes on as it was until the next start.
 *
 * @param live the components that take their new configuration now
 * @param restart what takes effect at the next start only, as paths in the file: {@code exporters.otlp.endpoint}
 * @param telemetry the new {@code service.telemetry}
 */
public record Reload(List<Slot> live, List<String> restart, ServiceTelemetry telemetry) {
    /** Whether the file says what runs already. */
    public boolean isEmpty() {
        return live.isEmpty() && restart.isEmpty();
    }

    static Reload plan(PipelineModel former, PipelineModel next, List<Running> running) {
        Map<Slot, Boolean> reloadable = new HashMap<>();
        running.forEach(r -> reloadable.merge(slot(r), r.component() instanceof Reloadable, Boolean::logicalAnd));
        List<Slot> live = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        if (!former.pipelines().equals(next.pipelines())) {
            restart.add("service.pipelines");
        }
        if (!former.extensions().equals(next.extensions())) {
            restart.add("service.extensions");
        }
        reloadable.forEach((slot, takesChanges) -> {
            Configured<?> old = former.components().get(slot);
            Configured<?> made = next.components().get(slot);
            if (old == null
                    || made == null
                    || !old.config().getClass().equals(made.config().getClass())) {
                return; // Its pipelines have changed as well, which says it all.
            }
            List<Differences.Change> changes = Differences.between(old.config(), made.config());
            if (takesChanges && changes.stream().allMatch(Differences.Change::live)) {
                if (!changes.isEmpty()) {
                    live.add(slot);
                }
            } else {
                changes.forEach(c -> restart.add(slot + "." + c.path()));
            }
        });
        for (Differences.Change change : Differences.between(former.telemetry(), next.telemetry())) {
            if (!change.live()) {
                restart.add("service.telemetry." + change.path());
            }
        }
        restart.sort(null);
        return new Reload(List.copyOf(live), List.copyOf(restart), next.telemetry());
    }

    /** The model of what runs after the plan was applied. */
    PipelineModel applied(PipelineModel former, PipelineModel next) {
        if (restart.isEmpty()) {
            return next;
        }
        Map<Slot, Configured<?>> components = new LinkedHashMap<>(former.components());
        live.forEach(slot -> components.computeIfPresent(slot, (s, old) -> {
            Configured<?> made = next.components().get(s);
            return made == null ? old : made;
        }));
        return new PipelineModel(
                former.name(),
                former.sha256(),
                Map.copyOf(components),
                former.extensions(),
                former.pipelines(),
                former.telemetry());
    }

    static Slot slot(Running running) {
        return new Slot(
                Kind.valueOf(running.context().kind().toUpperCase(Locale.ROOT)),
                running.context().id());
    }
}
