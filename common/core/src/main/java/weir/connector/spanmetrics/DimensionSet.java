package weir.connector.spanmetrics;

import java.util.ArrayList;
import java.util.List;
import weir.connector.spanmetrics.SpanMetricsConfig.Dimension;
import weir.match.Glob;
import weir.otlp.Attributes;

/**
 * One list of dimensions, of several over the same attributes. Immutable.
 *
 * @param slots for each name, its place among the names of all lists
 * @param fallbacks for each name, its default as the fields of an AnyValue; none, if there is none
 * @param globs this list's bit among the lists that have globs; 0: it has none
 */
record DimensionSet(int[] slots, byte[][] fallbacks, int globs) {
    private static final byte[] NONE = {};

    /** The names and globs of all lists. */
    static final class Vocabulary {
        private final List<String> names = new ArrayList<>();
        private final List<List<Glob>> globs = new ArrayList<>();

        DimensionSet add(List<Dimension> dimensions) {
            List<Dimension> named =
                    dimensions.stream().filter(d -> d.glob().isEmpty()).toList();
            int[] slots = new int[named.size()];
            byte[][] fallbacks = new byte[named.size()][];
            for (int i = 0; i < slots.length; i++) {
                Dimension dimension = named.get(i);
                if (!names.contains(dimension.name())) {
                    names.add(dimension.name());
                }
                slots[i] = names.indexOf(dimension.name());
                String fallback = dimension.fallback();
                fallbacks[i] = fallback == null ? NONE : Attributes.value(fallback);
            }
            if (named.size() == dimensions.size()) {
                return new DimensionSet(slots, fallbacks, 0);
            }
            globs.add(dimensions.stream()
                    .filter(d -> !d.glob().isEmpty())
                    .map(Dimension::asGlob)
                    .toList());
            return new DimensionSet(slots, fallbacks, 1 << (globs.size() - 1));
        }

        List<String> names() {
            return List.copyOf(names);
        }

        boolean hasGlobs() {
            return !globs.isEmpty();
        }

        /** The bits of the lists of which a glob matches a name. */
        int matching(String name) {
            int bits = 0;
            for (int i = 0; i < globs.size(); i++) {
                if (globs.get(i).stream().anyMatch(g -> g.matches(name))) {
                    bits |= 1 << i;
                }
            }
            return bits;
        }
    }
}
