package weir.pipeline.file;

import java.util.List;
import weir.config.Names;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;
import weir.pipeline.ComponentId;

/** Finds queues whose {@code storage} names an extension that the service does not start. */
final class StorageReferences {
    private static final String QUEUE = "sending_queue";
    private static final String STORAGE = "storage";

    private final Problems problems;
    private final List<ComponentId> started;

    /** @param started what {@code service.extensions} names */
    StorageReferences(Problems problems, List<ComponentId> started) {
        this.problems = problems;
        this.started = started;
    }

    /** @param where the section stands, such as exporters.otlp */
    void check(String where, Yaml section) {
        Entry queue = section instanceof Mapping mapping ? mapping.find(QUEUE) : null;
        Entry storage = queue != null && queue.value() instanceof Mapping mapping ? mapping.find(STORAGE) : null;
        if (storage == null || !(storage.value() instanceof Scalar scalar) || scalar.isNull()) {
            return;
        }
        String id = scalar.text().strip();
        if (!id.isEmpty() && !started.contains(ComponentId.parse(id))) {
            List<String> there = started.stream().map(ComponentId::toString).toList();
            problems.error(
                    storage.blame(),
                    "'" + id + "' is named in " + where + "." + QUEUE + "." + STORAGE
                            + " but not started by service.extensions",
                    there.isEmpty()
                            ? "configure it in extensions and name it in service.extensions"
                            : Names.hint(id, there));
        }
    }
}
