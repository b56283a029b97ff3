package weir.pipeline.file;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.config.Binder;
import weir.config.OptionSpec;
import weir.config.Secret;
import weir.otlp.Signal;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;

/** Writes the reference page of a service's pipeline file from its configuration records. */
public final class ReferencePage {
    private final StringBuilder out = new StringBuilder();
    private final boolean live;

    /** @param live whether options have a column that tells whether they are live */
    private ReferencePage(boolean live) {
        this.live = live;
    }

    /** The options of a record and of those inside of it as a table, in Markdown: for files that are read once. */
    public static String options(Class<? extends Record> type) {
        ReferencePage page = new ReferencePage(false);
        page.table(type);
        return page.out.toString();
    }

    /** The page of all components of a service, in Markdown. */
    public static String markdown(Components components) {
        ReferencePage page = new ReferencePage(true);
        page.write(components);
        return page.out.toString();
    }

    private void write(Components components) {
        String service = components.service();
        line("# The " + service + "'s pipeline file: all components and options", "");
        line("<!-- Written from the configuration records by a test (-Dupdate.docs=true); edit those. -->", "");
        line(
                "Names are the OpenTelemetry Collector's; Weir's own options stand under `weir`. \"live\" options take effect");
        line("while the service runs, within 10 s of a change of the file; the others at its next start.", "");
        for (Kind kind : Kind.values()) {
            List<ComponentFactory<?>> those = components.all().stream()
                    .filter(f -> Kind.of(f) == kind)
                    .sorted((a, b) -> a.type().compareTo(b.type()))
                    .toList();
            if (!those.isEmpty()) {
                String section = kind.section();
                line("## " + section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1), "");
                those.forEach(this::component);
            }
        }
        line("## service.telemetry", "");
        table(ServiceTelemetry.class);
    }

    private void component(ComponentFactory<?> factory) {
        line("### `" + factory.type() + "`", "");
        if (!factory.aliases().isEmpty()) {
            line(
                    "Also written "
                            + factory.aliases().stream().map(a -> "`" + a + "`").collect(Collectors.joining(", "))
                            + ".",
                    "");
        }
        if (factory instanceof ComponentFactory.OfConnector<?> connector) {
            line("From " + signals(connector.entering()) + " to " + signals(connector.leaving()) + ".", "");
        } else if (!factory.signals().isEmpty()) {
            line("For " + signals(factory.signals()) + ".", "");
        }
        if (factory.configType().getRecordComponents().length == 0) {
            line("No options.", "");
        } else {
            table(factory.configType());
        }
    }

    private static String signals(Set<Signal> signals) {
        return signals.stream().sorted().map(Signal::label).collect(Collectors.joining(", "));
    }

    private void table(Class<? extends Record> type) {
        line("| option | type | default |" + (live ? " live |" : "") + " what it does |");
        line("|---|---|---|" + (live ? "---|" : "") + "---|");
        rows(type, "", new HashMap<>());
        line("");
    }

    /** @param seen where the options of a record were written already; they are not repeated */
    private void rows(Class<? extends Record> type, String prefix, Map<Class<?>, String> seen) {
        for (OptionSpec option : OptionSpec.of(type)) {
            String path = prefix + option.name();
            Class<? extends Record> nested = nested(option.type());
            String doc = option.doc();
            String known = nested == null ? null : seen.get(nested);
            if (known != null) {
                doc += (doc.isEmpty() ? "" : " ") + "Options as in `" + known + "`.";
            }
            if (!option.aliases().isEmpty()) {
                doc += " Also written "
                        + option.aliases().stream().map(a -> "`" + a + "`").collect(Collectors.joining(", ")) + ".";
            }
            line("| `" + path + "` | " + typeName(option.type()) + " | " + fallback(option) + " | "
                    + (live ? (option.live() ? "live" : "") + " | " : "")
                    + doc.replace("|", "\\|").replace("\n", " ") + " |");
            if (nested != null && known == null) {
                String below = path + suffix(option.type());
                seen.put(nested, below);
                rows(nested, below + ".", seen);
            }
        }
    }

    private static String fallback(OptionSpec option) {
        if (option.required()) {
            return "required";
        }
        if (!option.fallback().isEmpty()) {
            return "`" + option.fallback().replace("|", "\\|") + "`";
        }
        if (option.nullable()) {
            return "unset";
        }
        return switch (option.type()) {
            case Class<?> c when c == boolean.class -> "`false`";
            case Class<?> c when c == int.class || c == long.class || c == double.class -> "`0`";
            case Class<?> c when c == Duration.class -> "`0s`";
            case Class<?> c when c.isEnum() -> "`" + OptionSpec.words(c).getFirst() + "`";
            default -> "";
        };
    }

    private static String typeName(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? "list of " + typeName(arguments[0])
                    : "mapping to " + typeName(arguments[1]);
        }
        return switch (type) {
            case Class<?> c when c == String.class -> "text";
            case Class<?> c when c == Secret.class -> "secret";
            case Class<?> c when c == boolean.class || c == Boolean.class -> "boolean";
            case Class<?> c when c == double.class || c == Double.class -> "number";
            case Class<?> c when c == Duration.class -> "duration";
            case Class<?> c
            when c.isEnum() ->
                OptionSpec.words(c).stream().map(w -> "`" + w + "`").collect(Collectors.joining(", "));
            case Class<?> c
            when c.isRecord() && Binder.isWrittenAsText(c) && !hasOptions(c) ->
                c.getSimpleName().equals("ByteSize") ? "size" : "text";
            case Class<?> c when c.isRecord() -> "options";
            case Class<?> c when c == Object.class -> "any";
            default -> "whole number";
        };
    }

    private static boolean hasOptions(Class<?> type) {
        return OptionSpec.of(type.asSubclass(Record.class)).stream()
                .anyMatch(o -> !o.doc().isEmpty());
    }

    private static @Nullable Class<? extends Record> nested(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return nested(arguments[arguments.length - 1]);
        }
        return type instanceof Class<?> c && c.isRecord() && hasOptions(c) ? c.asSubclass(Record.class) : null;
    }

    private static String suffix(Type type) {
        if (!(type instanceof ParameterizedType generic)) {
            return "";
        }
        Type[] arguments = generic.getActualTypeArguments();
        return (generic.getRawType() == List.class ? "[]" : ".*") + suffix(arguments[arguments.length - 1]);
    }

    private void line(String... lines) {
        for (String line : lines) {
            out.append(line).append('\n');
        }
    }
}
