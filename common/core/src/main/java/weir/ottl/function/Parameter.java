package weir.ottl.function;

/**
 * What a function takes.
 *
 * @param name by which it can be given, in snake case
 */
public record Parameter(String name, Kind kind, boolean optional) {
    /** What may be given; what a value must hold is asked when it is there, see {@link Arguments}. */
    public enum Kind {
        /** Any value: a literal, path, call or computation. */
        VALUE("a value"),
        /** A path that can be written. */
        PLACE("a path"),
        /** A path that holds a map. */
        MAP("a path of a map"),
        /** A text that stands in the statement. */
        TEXT("a text in quotes"),
        /** A whole number that stands in the statement. */
        INTEGER("a whole number"),
        FLAG("true or false"),
        /** A list in brackets of any values, or any value that is a list. */
        VALUES("a list of values"),
        /** A list in brackets of texts that stand in the statement. */
        TEXTS("a list of texts in quotes"),
        /** The name of a converter. */
        FUNCTION("the name of a converter");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** For errors. */
        public String label() {
            return label;
        }
    }

    public static Parameter of(String name, Kind kind) {
        return new Parameter(name, kind, false);
    }

    /** One that need not be given. */
    public static Parameter optional(String name, Kind kind) {
        return new Parameter(name, kind, true);
    }
}
