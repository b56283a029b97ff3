package weir.launcher.cases;

import weir.config.Position;
import weir.config.Problem;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Sequence;

/**
 * The text of a file of cases, by which a place in it can be shown.
 *
 * @param name of the file, for people
 */
record Source(String name, String text, Yaml root) {
    /**
     * The place of what lies on a path, or of the last step that the file has.
     *
     * @param path keys, and numbers of items
     */
    Position at(Object... path) {
        Position at = Position.FILE;
        Yaml value = root;
        for (Object step : path) {
            Yaml next = null;
            if (step instanceof String key && value instanceof Mapping mapping) {
                Entry entry = mapping.find(key);
                if (entry != null) {
                    at = entry.blame();
                    next = entry.value();
                }
            } else if (step instanceof Integer number
                    && value instanceof Sequence sequence
                    && number < sequence.items().size()) {
                next = sequence.items().get(number);
                at = next.at();
            }
            if (next == null) {
                break;
            }
            value = next;
        }
        return at;
    }

    /** Something to say about a place, with its line. */
    Problem problem(Position at, String message, String hint) {
        Problems one = new Problems(name, text);
        one.error(at, message, hint);
        return one.sorted().getFirst();
    }
}
