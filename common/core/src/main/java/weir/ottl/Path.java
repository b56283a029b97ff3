package weir.ottl;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A path of a statement, as a context is asked to resolve it: {@code resource.attributes["x"]} in a span's context is the part
 * {@code attributes} of the context {@code resource}.
 *
 * @param context one of {@link Context#pathContexts}; the context's own name if the path named none
 * @param parts at least one
 */
public record Path<T>(String context, List<Part<T>> parts) {
    /** @param keys that stand behind the name, in their order */
    public record Part<T>(String name, List<PathKey<T>> keys) {
        public Part {
            keys = List.copyOf(keys);
        }
    }

    public Path {
        parts = List.copyOf(parts);
    }

    /** The names, joined by dots: {@code status.code}. */
    public String names() {
        return parts.stream().map(Part::name).collect(Collectors.joining("."));
    }

    /** The keys of the last part. */
    public List<PathKey<T>> keys() {
        return parts.getLast().keys();
    }

    /** Whether there are keys behind a part that is not the last one. */
    public boolean hasInnerKeys() {
        return parts.stream().limit(parts.size() - 1L).anyMatch(p -> !p.keys().isEmpty());
    }
}
