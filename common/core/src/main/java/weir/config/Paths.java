package weir.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Sequence;

/** Finds the place of a path such as {@code policies[2].name} below a mapping. */
final class Paths {
    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d+)\\]");

    private Paths() {}

    /** The place of the path's value, or that of the last step that the file has. */
    static Position find(Mapping root, Position rootAt, String path) {
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
        return at;
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
