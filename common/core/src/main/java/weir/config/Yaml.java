package weir.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A YAML value with its place in the file. Immutable. Anchors, aliases and merge keys are resolved. */
public sealed interface Yaml {
    Position at();

    /** How a scalar was written, which decides whether its look gives it a type. */
    enum Style {
        /** Typed by its look: 10 is a number, nothing is null. */
        PLAIN,
        /** Text, whatever it looks like. */
        QUOTED,
        /** From exactly one expansion: typed by its look, but its text is kept where text is wanted. */
        EXPANDED
    }

    record Scalar(Position at, String text, Style style) implements Yaml {
        /** Whether it stands for no value. */
        public boolean isNull() {
            return style != Style.QUOTED
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }
    }

    /** @param original the text it was made of, if that came from an expansion */
    record Sequence(Position at, List<Yaml> items, @Nullable String original) implements Yaml {}

    /** @param original the text it was made of, if that came from an expansion */
    record Mapping(
            Position at, List<Entry> entries, @Nullable String original) implements Yaml {
        /** The entry of a key, or null. */
        public @Nullable Entry find(String key) {
            for (Entry entry : entries) {
                if (entry.name().equals(key)) {
                    return entry;
                }
            }
            return null;
        }
    }

    /** One key of a mapping and its value. */
    record Entry(Scalar key, Yaml value) {
        public String name() {
            return key.text();
        }

        /** Where to point when its value is wrong: at a value that fits on a line, else at the key. */
        public Position blame() {
            return value instanceof Scalar scalar
                            && !scalar.text().isEmpty()
                            && scalar.at().line() > 0
                    ? scalar.at()
                    : key.at();
        }
    }

    static boolean isNull(Yaml value) {
        return value instanceof Scalar scalar && scalar.isNull();
    }

    /** What a value is, for people: "a list". */
    static String describe(Yaml value) {
        return switch (value) {
            case Scalar scalar when scalar.isNull() -> "nothing";
            case Scalar scalar -> "'" + clip(scalar.text()) + "'";
            case Sequence sequence -> "a list";
            case Mapping mapping -> "a mapping";
        };
    }

    private static String clip(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 60 ? line.substring(0, 60) + "..." : line.length() < text.length() ? line + "..." : line;
    }
}
