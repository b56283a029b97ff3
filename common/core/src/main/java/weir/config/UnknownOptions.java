package weir.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Binder.Elsewhere;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;

/** Reports what a file names and no record has, with what was likely meant. */
final class UnknownOptions {
    private static final int MAX_DEPTH = 3;

    private final Problems problems;
    private final Elsewhere elsewhere;

    UnknownOptions(Problems problems, Elsewhere elsewhere) {
        this.problems = problems;
        this.elsewhere = elsewhere;
    }

    /**
     * Looks at the names in a mapping.
     *
     * @param where of the mapping, for people: exporters.otlp.tls
     * @param path of the mapping below its component, with a dot at its end; empty for the component's own
     */
    void report(List<OptionSpec> options, Mapping mapping, String where, String path) {
        Set<String> known = new HashSet<>();
        options.forEach(o -> {
            known.add(o.name());
            known.addAll(o.aliases());
        });
        for (Entry entry : mapping.entries()) {
            if (!known.contains(entry.name())) {
                report(options, entry, where, path + entry.name());
            }
        }
    }

    private void report(List<OptionSpec> options, Entry entry, String where, String path) {
        String explanation = elsewhere.explain(path);
        if (explanation != null) {
            problems.error(
                    entry.key().at(), "the collector has '" + path + "', Weir does not: " + explanation, "remove it");
        } else {
            problems.error(
                    entry.key().at(), "unknown option '" + entry.name() + "' in " + where, hint(entry.name(), options));
        }
    }

    private static String hint(String name, List<OptionSpec> options) {
        List<String> names = options.stream().map(OptionSpec::name).toList();
        String nearest = Names.nearest(name, names);
        String deeper = nearest.isEmpty() ? below(name, options, MAX_DEPTH) : null;
        return deeper == null ? Names.hint(name, names) : "it belongs under '" + deeper + "'";
    }

    /** The path of the nested record that has the option, if there is one. */
    private static @Nullable String below(String name, List<OptionSpec> options, int depth) {
        for (OptionSpec option : options) {
            if (depth > 0 && Binder.isSection(option.type())) {
                List<OptionSpec> nested = OptionSpec.of(((Class<?>) option.type()).asSubclass(Record.class));
                if (nested.stream().anyMatch(o -> o.name().equals(name))) {
                    return option.name();
                }
                String deeper = below(name, nested, depth - 1);
                if (deeper != null) {
                    return option.name() + "." + deeper;
                }
            }
        }
        return null;
    }
}
