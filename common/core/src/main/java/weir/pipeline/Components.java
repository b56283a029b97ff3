package weir.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The component types that one service knows. Immutable. */
public final class Components {
    /** What a component is, which decides the section of a pipeline file that it stands in. */
    public enum Kind {
        RECEIVER,
        PROCESSOR,
        CONNECTOR,
        EXPORTER,
        EXTENSION;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As in metric labels: receiver. */
        public String label() {
            return label;
        }

        /** Its section of a pipeline file: receivers. */
        public String section() {
            return label + "s";
        }

        public static Kind of(ComponentFactory<?> factory) {
            return switch (factory) {
                case ComponentFactory.OfReceiver<?> _ -> RECEIVER;
                case ComponentFactory.OfProcessor<?> _ -> PROCESSOR;
                case ComponentFactory.OfConnector<?> _ -> CONNECTOR;
                case ComponentFactory.OfExporter<?> _ -> EXPORTER;
                case ComponentFactory.OfExtension<?> _ -> EXTENSION;
            };
        }
    }

    private final String service;
    private final Map<Kind, Map<String, ComponentFactory<?>>> byName = new EnumMap<>(Kind.class);
    private final List<ComponentFactory<?>> all;

    private Components(String service, Collection<? extends ComponentFactory<?>> factories) {
        this.service = service;
        this.all = List.copyOf(factories);
        for (ComponentFactory<?> factory : all) {
            List<String> names = new ArrayList<>(factory.aliases());
            names.add(factory.type());
            for (String name : names) {
                if (byName.computeIfAbsent(Kind.of(factory), k -> new TreeMap<>())
                                .put(name, factory)
                        != null) {
                    throw new IllegalArgumentException("two components are of type " + name);
                }
            }
        }
    }

    /** @param service agent, gateway or allocator */
    public static Components of(String service, Collection<? extends ComponentFactory<?>> factories) {
        return new Components(service, factories);
    }

    public static Components of(String service, ComponentFactory<?>... factories) {
        return new Components(service, List.of(factories));
    }

    /** The service that knows them: agent, gateway or allocator. */
    public String service() {
        return service;
    }

    /** The factory of a type or one of its aliases. */
    public @Nullable ComponentFactory<?> find(Kind kind, String type) {
        return names(kind).get(type);
    }

    /** The types and aliases of a kind. */
    public Collection<String> types(Kind kind) {
        return names(kind).keySet();
    }

    public List<ComponentFactory<?>> all() {
        return all;
    }

    private Map<String, ComponentFactory<?>> names(Kind kind) {
        Map<String, ComponentFactory<?>> names = byName.get(kind);
        return names == null ? Map.of() : names;
    }
}
