package weir.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Sequence;

/** Finds the place of a path such as {@code policies[2].name} below a mapping. */
public final class Paths {
    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d+)\\]");

    private Paths() {}

    /** @param at of the value, or of the last step that the file has */
    private record Found(Position at, @Nullable Yaml value) {}

    /** The place of the path's value, or that of the last step that the file has. */
    public static Position find(Mapping root, Position rootAt, String path) {
        return look(root, rootAt, path).at;
    }

    /** The path's value, or null if the file has none. */
    static @Nullable Yaml value(Mapping root, String path) {
        return look(root, root.at(), path).value;
    }

    private static Found look(Mapping root, Position rootAt, String path) {
        Position at = rootAt;
        Yaml value = root;
        Matcher step = STEP.matcher(path);
        while (value != null && step.lookingAt()) {
            Yaml next = null;
            if (step.group(1) != null && value instanceof Mapping mapping) {
                Entry entry = mapping.find(step.group(1));
                if (entry != null) {
                    next = entry.value();
                    at = entry.blame();
                }
            } else if (step.group(2) != null && value instanceof Sequence sequence) {
                next = item(sequence, step.group(2));
                at = next == null ? at : next.at();
            }
            value = next;
            step.region(step.end(), path.length());
        }
        return new Found(at, value);
    }

    private static @Nullable Yaml item(Sequence sequence, String index) {
        try {
            int i = Integer.parseInt(index);
            return i < sequence.items().size() ? sequence.items().get(i) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
