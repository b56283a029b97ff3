package weir.pipeline.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import weir.config.Binder;
import weir.config.Expansion;
import weir.config.Names;
import weir.config.Position;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.YamlReader;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.PipelineModel.Configured;
import weir.pipeline.file.PipelineModel.Slot;

/** Loads pipeline files. */
public final class PipelineFiles {
    /** Longer ones are not read at all. */
    private static final long MAX_FILE_BYTES = 8L << 20;

    private static final List<String> OPTIONS_OF_SERVICE = List.of("extensions", "pipelines", "telemetry");

    private final Components known;
    private final Problems problems;
    private final CollectorFacts facts = CollectorFacts.load();
    private final Map<Slot, Declared> declared = new LinkedHashMap<>();
    private final Set<Slot> unknown = new HashSet<>();

    /** A component as the file has it; its configuration is null if that is wrong. */
    record Declared(
            ComponentId id,
            ComponentFactory<?> factory,
            @Nullable Record config,
            Yaml section,
            Position at) {}

    private PipelineFiles(Components known, Problems problems) {
        this.known = known;
        this.problems = problems;
    }

    /**
     * Loads a pipeline file: everything that is wrong with it is found at once.
     *
     * @param name of the file, for people
     * @param environment the value of an environment variable, null if it is not set
     */
    public static LoadResult load(
            String name, String text, Components components, UnaryOperator<@Nullable String> environment) {
        Problems problems = new Problems(name, text);
        Yaml read = YamlReader.read(problems, text);
        PipelineModel model = null;
        if (read != null) {
            Yaml root = Expansion.expand(problems, read, environment);
            model = new PipelineFiles(components, problems).model(name, text, root);
        }
        return new LoadResult(problems.failed() ? null : model, problems.sorted());
    }

    /**
     * Loads a pipeline file from disk, with the process's environment.
     *
     * @throws IOException if it cannot be read, with a message for people
     */
    public static LoadResult load(Path file, Components components) throws IOException {
        return load(name(file), read(file), components, System::getenv);
    }

    /** The name of a file for people: without its directories. */
    public static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    /** @throws IOException if a file cannot be read as text of a bearable size, with a message for people */
    public static String read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("it is longer than " + (MAX_FILE_BYTES >> 20) + " MiB");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not text in UTF-8", e);
        }
    }

    private @Nullable PipelineModel model(String name, String text, Yaml root) {
        if (!(root instanceof Mapping file)) {
            problems.error(
                    root.at(),
                    Yaml.isNull(root) ? "the file is empty" : "the file is not a mapping",
                    "it has receivers, processors, exporters and service");
            return null;
        }
        for (Entry entry : file.entries()) {
            Kind kind = kindOf(entry.name());
            if (kind != null) {
                section(kind, entry);
            } else if (!entry.name().equals("service")) {
                List<String> sections = new ArrayList<>(
                        List.of(Kind.values()).stream().map(Kind::section).toList());
                sections.add("service");
                problems.error(
                        entry.key().at(), "unknown section '" + entry.name() + "'", Names.hint(entry.name(), sections));
            }
        }
        Entry service = file.find("service");
        if (service == null) {
            problems.error(Position.FILE, "'service' is missing", "service.pipelines says what runs");
            return null;
        }
        return service(name, text, service);
    }

    private @Nullable PipelineModel service(String name, String text, Entry entry) {
        Map<String, Entry> options = mapping(entry, "service");
        options.values().stream()
                .filter(o -> !OPTIONS_OF_SERVICE.contains(o.name()))
                .forEach(o -> problems.error(
                        o.key().at(),
                        "unknown option '" + o.name() + "' in service",
                        Names.hint(o.name(), OPTIONS_OF_SERVICE)));
        Entry telemetry = options.get("telemetry");
        ServiceTelemetry bound = new Binder(problems, path -> facts.option("service", "telemetry", path))
                .bind(
                        ServiceTelemetry.class,
                        telemetry == null ? null : telemetry.value(),
                        telemetry == null ? entry.key().at() : telemetry.key().at(),
                        "service.telemetry");
        Graph graph = new Graph(problems, declared, unknown);
        List<ComponentId> extensions = graph.extensions(options.get("extensions"));
        List<PipelineModel.Pipeline> pipelines =
                graph.pipelines(options.get("pipelines"), entry.key().at());
        StorageReferences storages = new StorageReferences(problems, extensions);
        PipelineReferences named = new PipelineReferences(problems, pipelines);
        SamplerReferences samplers = new SamplerReferences(problems, pipelines, declared);
        declared.forEach((key, d) -> {
            storages.check(key.kind().section() + "." + d.id, d.section);
            named.check(key.kind().section() + "." + d.id, d);
            samplers.check(key.kind().section() + "." + d.id, d);
        });
        if (bound == null || problems.failed()) {
            return null;
        }
        Map<Slot, Configured<?>> components = new LinkedHashMap<>();
        declared.forEach((key, d) -> components.put(key, configured(d.id, d.factory, d.config)));
        return new PipelineModel(
                name, sha256(text), Collections.unmodifiableMap(components), extensions, pipelines, bound);
    }

    private static <C extends Record> Configured<C> configured(
            ComponentId id, ComponentFactory<C> factory, @Nullable Record config) {
        if (config == null) {
            throw new IllegalStateException("the configuration of " + id + " is missing, and nobody said why");
        }
        return new Configured<>(id, factory, factory.configType().cast(config));
    }

    private void section(Kind kind, Entry section) {
        for (Entry entry : mapping(section, section.name()).values()) {
            ComponentId id = ComponentId.parse(entry.name().strip());
            if (id.type().isBlank() || entry.name().strip().endsWith("/")) {
                problems.error(
                        entry.key().at(), "'" + entry.name() + "' is no component id", "write type or type/name");
                continue;
            }
            ComponentFactory<?> factory = known.find(kind, id.type());
            if (factory == null) {
                unknownType(kind, id, entry.key().at());
            } else {
                declare(kind, id, factory, entry);
            }
        }
    }

    private <C extends Record> void declare(Kind kind, ComponentId id, ComponentFactory<C> factory, Entry entry) {
        String where = kind.section() + "." + id;
        C config = new Binder(problems, path -> facts.option(kind.label(), factory.type(), path))
                .bind(factory.configType(), entry.value(), entry.key().at(), where);
        declared.put(
                new Slot(kind, id),
                new Declared(id, factory, config, entry.value(), entry.key().at()));
        for (Kind other : Set.of(Kind.RECEIVER, Kind.EXPORTER)) {
            Declared same = declared.get(new Slot(kind == Kind.CONNECTOR ? other : Kind.CONNECTOR, id));
            if (same != null && (kind == Kind.CONNECTOR || kind == other)) {
                problems.error(
                        entry.key().at(),
                        "'" + id + "' is a connector and also " + (kind == Kind.CONNECTOR ? other : kind).label()
                                + ": a pipeline could mean either",
                        "give one of them another name; the other is on line " + same.at.line());
            }
        }
    }

    private void unknownType(Kind kind, ComponentId id, Position at) {
        String type = id.type();
        String services = facts.services(kind, type);
        String sentence = facts.component(kind, type);
        String otherKind = List.of(Kind.values()).stream()
                .filter(k -> known.find(k, type) != null)
                .map(Kind::label)
                .findFirst()
                .orElse("");
        if (services != null) {
            problems.error(
                    at,
                    "the " + kind.label() + " '" + type + "' is a component of the " + services + ", this is the "
                            + known.service(),
                    "run ./weir " + services.split(" ")[0]);
        } else if (sentence != null) {
            problems.error(
                    at,
                    "the collector has the " + kind.label() + " '" + type + "', Weir does not",
                    sentence.isEmpty() ? Names.hint(type, known.types(kind)) : sentence);
        } else if (!otherKind.isEmpty()) {
            problems.error(at, "'" + type + "' is no " + kind.label(), "it is a " + otherKind);
        } else {
            problems.error(at, "unknown " + kind.label() + " '" + type + "'", Names.hint(type, known.types(kind)));
        }
        unknown.add(new Slot(kind, id));
    }

    /** The entries of a mapping by name; nothing counts as an empty one. */
    private Map<String, Entry> mapping(Entry entry, String where) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (entry.value() instanceof Mapping mapping) {
            mapping.entries().forEach(e -> entries.put(e.name(), e));
        } else if (!Yaml.isNull(entry.value())) {
            problems.error(
                    entry.blame(), "expected a mapping in " + where + ", found " + Yaml.describe(entry.value()), "");
        }
        return entries;
    }

    private static @Nullable Kind kindOf(String section) {
        for (Kind kind : Kind.values()) {
            if (kind.section().equals(section)) {
                return kind;
            }
        }
        return null;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
