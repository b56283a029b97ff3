package weir.pipeline.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.pipeline.Components.Kind;

/**
 * What the OpenTelemetry Collector and its contrib distribution have and Weir, or this one of its services, does not; so
 * that a file which was written for them is explained rather than called wrong. Immutable.
 */
final class CollectorFacts {
    private record OptionFact(String kind, String type, String path, String sentence) {
        boolean matches(String otherKind, String otherType, String otherPath) {
            return (kind.equals("*") || kind.equals(otherKind))
                    && (type.equals("*") || Arrays.asList(type.split(",")).contains(otherType))
                    && (path.startsWith("*.")
                            ? otherPath.equals(path.substring(2)) || otherPath.endsWith(path.substring(1))
                            : otherPath.equals(path));
        }
    }

    private static final CollectorFacts FACTS = new CollectorFacts();

    private final List<OptionFact> options = new ArrayList<>();
    private final Map<String, String> components = new LinkedHashMap<>();
    private final Map<String, String> services = new LinkedHashMap<>();

    private CollectorFacts() {
        for (String[] line : lines("collector-options.txt")) {
            String[] words = line[0].split("\\s+");
            options.add(new OptionFact(words[0], words[1], words[2], line[1]));
        }
        for (String[] line : lines("collector-components.txt")) {
            String[] words = line[0].split("\\s+");
            for (int i = 1; i < words.length; i++) {
                components.put(words[0] + " " + words[i], line[1]);
            }
        }
        for (String[] line : lines("weir-components.txt")) {
            String[] words = line[0].split("\\s+");
            for (int i = 1; i < words.length; i++) {
                services.merge(words[0] + " " + words[i], line[1], (a, b) -> a + " and the " + b);
            }
        }
    }

    static CollectorFacts load() {
        return FACTS;
    }

    /**
     * Why an option of the collector is not there, and what to do; null if the collector does not have it either.
     *
     * @param section receiver, processor, ... or service
     */
    @Nullable
    String option(String section, String type, String path) {
        return options.stream()
                .filter(o -> o.matches(section, type, path))
                .map(OptionFact::sentence)
                .findFirst()
                .orElse(null);
    }

    /** What to say to a component type that the collector has; null if it does not. May be empty. */
    @Nullable
    String component(Kind kind, String type) {
        return components.get(kind.label() + " " + type);
    }

    /** The services of Weir that have a component, such as "gateway" or "agent and the gateway"; null if none has. */
    @Nullable
    String services(Kind kind, String type) {
        return services.get(kind.label() + " " + type);
    }

    /** Lines of the form {@code words | sentence}; # begins a comment. */
    private static List<String[]> lines(String resource) {
        try (InputStream in = CollectorFacts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing among the resources");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                    .map(l -> l.contains("|") ? l.split("\\s*\\|\\s*", 2) : new String[] {l, ""})
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
