package weir.pipeline.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.config.Position;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;
import weir.config.Yaml.Sequence;
import weir.otlp.Signal;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.PipelineFiles.Declared;
import weir.pipeline.file.PipelineModel.Pipeline;
import weir.pipeline.file.PipelineModel.Slot;

/** Reads {@code service.pipelines} and finds what cannot run: dangling references, cycles, signals that do not fit. */
final class Graph {
    private static final List<String> OPTIONS = List.of("receivers", "processors", "exporters");

    private final Problems problems;
    private final Map<Slot, Declared> declared;
    /** Configured, but of no type that is known, which was reported. */
    private final Set<Slot> unknown;

    private final Set<Slot> used = new HashSet<>();
    /** Where each connector is named as an exporter or a receiver, by pipeline. */
    private final Map<ComponentId, List<Reference>> connectorsAsExporters = new LinkedHashMap<>();

    private final Map<ComponentId, List<Reference>> connectorsAsReceivers = new LinkedHashMap<>();

    /** @param fits whether the connector takes or gives this signal at all; if not, that was reported */
    private record Reference(String pipeline, Signal signal, Position at, boolean fits) {}

    Graph(Problems problems, Map<Slot, Declared> declared, Set<Slot> unknown) {
        this.unknown = unknown;
        this.problems = problems;
        this.declared = declared;
    }

    List<ComponentId> extensions(@Nullable Entry entry) {
        return entry == null ? List.of() : references(entry, "service.extensions", null, List.of(Kind.EXTENSION));
    }

    List<Pipeline> pipelines(@Nullable Entry section, Position service) {
        List<Pipeline> pipelines = new ArrayList<>();
        if (section == null
                || !(section.value() instanceof Mapping mapping)
                || mapping.entries().isEmpty()) {
            problems.error(
                    section == null ? service : section.blame(),
                    "service.pipelines has no pipeline",
                    "name one such as traces, with receivers and exporters");
            return pipelines;
        }
        for (Entry entry : mapping.entries()) {
            Signal signal = signal(entry);
            if (signal != null) {
                pipelines.add(pipeline(entry, signal));
            }
        }
        checkConnectors();
        checkCycles(pipelines);
        reportUnused();
        return pipelines;
    }

    private @Nullable Signal signal(Entry entry) {
        String type = ComponentId.parse(entry.name()).type();
        List<String> signals = Arrays.stream(Signal.values()).map(Signal::label).toList();
        if (signals.contains(type) && !entry.name().endsWith("/")) {
            return Signal.values()[signals.indexOf(type)];
        }
        if (type.equals("profiles")) {
            problems.error(entry.key().at(), "the collector has pipelines of profiles, Weir does not", "remove it");
        } else {
            problems.error(
                    entry.key().at(),
                    "'" + entry.name() + "' is no pipeline: its name begins with its signal",
                    Names.hint(type, signals));
        }
        return null;
    }

    private Pipeline pipeline(Entry entry, Signal signal) {
        String where = "service.pipelines." + entry.name();
        Map<String, Entry> lists = new HashMap<>();
        if (entry.value() instanceof Mapping mapping) {
            for (Entry list : mapping.entries()) {
                lists.put(list.name(), list);
                if (!OPTIONS.contains(list.name())) {
                    problems.error(
                            list.key().at(),
                            "unknown option '" + list.name() + "' in " + where,
                            Names.hint(list.name(), OPTIONS));
                }
            }
        } else if (!Yaml.isNull(entry.value())) {
            problems.error(entry.blame(), "expected a mapping, found " + Yaml.describe(entry.value()), "");
        }
        for (String needed : List.of("receivers", "exporters")) {
            Entry list = lists.get(needed);
            if (list == null || isEmpty(list.value())) {
                problems.error(
                        list == null ? entry.key().at() : list.key().at(),
                        "the pipeline '" + entry.name() + "' has no " + needed,
                        "name at least one");
            }
        }
        return new Pipeline(
                entry.name(),
                signal,
                references(lists.get("receivers"), entry.name(), signal, List.of(Kind.RECEIVER, Kind.CONNECTOR)),
                references(lists.get("processors"), entry.name(), signal, List.of(Kind.PROCESSOR)),
                references(lists.get("exporters"), entry.name(), signal, List.of(Kind.EXPORTER, Kind.CONNECTOR)));
    }

    private static boolean isEmpty(Yaml list) {
        return Yaml.isNull(list)
                || (list instanceof Sequence sequence && sequence.items().isEmpty());
    }

    private List<ComponentId> references(
            @Nullable Entry entry, String where, @Nullable Signal signal, List<Kind> kinds) {
        Set<ComponentId> ids = new LinkedHashSet<>();
        if (entry == null || Yaml.isNull(entry.value())) {
            return List.of();
        }
        if (!(entry.value() instanceof Sequence sequence)) {
            problems.error(
                    entry.blame(), "expected a list, found " + Yaml.describe(entry.value()), "write it as [a, b]");
            return List.of();
        }
        for (Yaml item : sequence.items()) {
            if (!(item instanceof Scalar scalar) || scalar.isNull()) {
                problems.error(item.at(), "expected a component id, found " + Yaml.describe(item), "");
                continue;
            }
            ComponentId id = ComponentId.parse(scalar.text().strip());
            if (!ids.add(id)) {
                problems.error(
                        item.at(), "'" + id + "' stands twice in the " + entry.name() + " of " + where, "remove one");
            } else {
                reference(id, item.at(), where, entry.name(), signal, kinds);
            }
        }
        return List.copyOf(ids);
    }

    private void reference(
            ComponentId id, Position at, String where, String list, @Nullable Signal signal, List<Kind> kinds) {
        for (Kind kind : kinds) {
            Declared found = declared.get(new Slot(kind, id));
            if (found != null) {
                used.add(new Slot(kind, id));
                if (signal != null) {
                    checkSignal(kind, id, found.factory(), at, where, list, signal);
                }
                return;
            }
        }
        if (kinds.stream().anyMatch(k -> unknown.contains(new Slot(k, id)))) {
            return;
        }
        List<String> there = declared.keySet().stream()
                .filter(k -> kinds.contains(k.kind()))
                .map(k -> k.id().toString())
                .toList();
        String sections = kinds.stream().map(Kind::section).collect(Collectors.joining(" or "));
        problems.error(
                at,
                "'" + id + "' is named in " + where + " but not configured in " + sections,
                there.isEmpty() ? "add it there" : Names.hint(id.toString(), there));
    }

    private void checkSignal(
            Kind kind,
            ComponentId id,
            ComponentFactory<?> factory,
            Position at,
            String pipeline,
            String list,
            Signal signal) {
        Set<Signal> fits = factory.signals();
        if (factory instanceof ComponentFactory.OfConnector<?> connector) {
            boolean enters = list.equals("exporters");
            fits = enters ? connector.entering() : connector.leaving();
            (enters ? connectorsAsExporters : connectorsAsReceivers)
                    .computeIfAbsent(id, i -> new ArrayList<>())
                    .add(new Reference(pipeline, signal, at, fits.contains(signal)));
        }
        if (!fits.contains(signal)) {
            problems.error(
                    at,
                    "the " + kind.label() + " '" + id + "' cannot stand in the " + list + " of a pipeline of "
                            + signal.label(),
                    "it handles " + fits.stream().sorted().map(Signal::label).collect(Collectors.joining(", ")));
        }
    }

    /** Each use of a connector needs one on its other side, of a signal that it makes of this one. */
    private void checkConnectors() {
        connectorsAsExporters.forEach((id, uses) -> {
            List<Reference> others = connectorsAsReceivers.getOrDefault(id, List.of());
            for (Reference use : uses) {
                if (use.fits
                        && others.stream()
                                .noneMatch(
                                        o -> !o.fits || leaving(id, use.signal).contains(o.signal))) {
                    problems.error(
                            use.at,
                            "the connector '" + id + "' leads nowhere: no pipeline"
                                    + of(others, leaving(id, use.signal)) + " has it as a receiver",
                            "name it in the receivers of another pipeline");
                }
            }
        });
        connectorsAsReceivers.forEach((id, uses) -> {
            List<Reference> others = connectorsAsExporters.getOrDefault(id, List.of());
            for (Reference use : uses) {
                if (use.fits
                        && others.stream()
                                .noneMatch(o -> !o.fits || leaving(id, o.signal).contains(use.signal))) {
                    Set<Signal> wanted = EnumSet.allOf(Signal.class);
                    wanted.removeIf(s -> !leaving(id, s).contains(use.signal));
                    problems.error(
                            use.at,
                            "nothing enters the connector '" + id + "': no pipeline" + of(others, wanted)
                                    + " has it as an exporter",
                            "name it in the exporters of another pipeline");
                }
            }
        });
    }

    /** " of traces", where it stands in pipelines of other signals. */
    private static String of(List<Reference> others, Set<Signal> wanted) {
        return others.isEmpty()
                ? ""
                : " of " + wanted.stream().sorted().map(Signal::label).collect(Collectors.joining(" or "));
    }

    private Set<Signal> leaving(ComponentId connector, Signal entering) {
        Declared found = declared.get(new Slot(Kind.CONNECTOR, connector));
        return found != null
                        && found.factory() instanceof ComponentFactory.OfConnector<?> factory
                        && factory.entering().contains(entering)
                ? factory.leaving(entering)
                : Set.of();
    }

    private void checkCycles(List<Pipeline> pipelines) {
        Set<String> done = new HashSet<>();
        for (Pipeline pipeline : pipelines) {
            if (cycle(pipeline, pipelines, new ArrayList<>(), done)) {
                return;
            }
        }
    }

    private boolean cycle(Pipeline pipeline, List<Pipeline> all, List<String> path, Set<String> done) {
        int begin = path.indexOf(pipeline.name());
        if (begin >= 0) {
            List<String> round = new ArrayList<>(path.subList(begin, path.size()));
            round.add(pipeline.name());
            ComponentId connector = ComponentId.parse(round.get(1));
            Reference blamed = connectorsAsExporters.getOrDefault(connector, List.of()).stream()
                    .filter(r -> r.pipeline.equals(pipeline.name()))
                    .findFirst()
                    .orElseThrow();
            problems.error(
                    blamed.at, "pipelines lead back to themselves: " + String.join(" -> ", round), "break the circle");
            return true;
        }
        if (!done.add(pipeline.name())) {
            return false;
        }
        path.add(pipeline.name());
        for (ComponentId exporter : pipeline.exporters()) {
            if (connectorsAsExporters.containsKey(exporter)) {
                path.add(exporter.toString());
                for (Pipeline next : all) {
                    if (next.receivers().contains(exporter)
                            && leaving(exporter, pipeline.signal()).contains(next.signal())
                            && cycle(next, all, path, done)) {
                        return true;
                    }
                }
                path.removeLast();
            }
        }
        path.removeLast();
        return false;
    }

    private void reportUnused() {
        declared.forEach((key, component) -> {
            if (!used.contains(key)) {
                problems.warning(
                        component.at(),
                        "the " + key.kind().label() + " '" + key.id() + "' is configured but not used",
                        key.kind() == Kind.EXTENSION ? "name it in service.extensions" : "name it in a pipeline");
            }
        });
    }
}
