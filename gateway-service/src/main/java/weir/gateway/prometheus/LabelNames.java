package weir.gateway.prometheus;

/** Makes label names of attribute keys, as prometheus/otlptranslator does with the collector's default settings. */
final class LabelNames {
    private LabelNames() {}

    /**
     * The label's name, or an empty text if none can be made of the key.
     *
     * @param escapes whether only letters, digits and underscores may be in it; else it is the key itself
     */
    static String of(String key, boolean escapes) {
        if (MetricNames.onlyUnderscores(key)) {
            return "";
        }
        if (!escapes) {
            return key;
        }
        if (key.length() > 4 && key.startsWith("__") && key.endsWith("__")) {
            String inner = cleaned(key.substring(2, key.length() - 2));
            return MetricNames.onlyUnderscores(inner) ? "" : "__" + inner + "__";
        }
        String name = cleaned(key);
        if (MetricNames.onlyUnderscores(name)) {
            return "";
        }
        if (MetricNames.startsWithDigit(name)) {
            return "key_" + name;
        }
        return name.startsWith("_") ? "key" + name : name;
    }

    /** Every run of other characters, runs with underscores among them, is one underscore. */
    static String cleaned(String text) {
        return MetricNames.runsToUnderscore(text, MetricNames::letterOrDigit);
    }

    /** Whether a name is one that every Prometheus takes: {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
    static boolean isLegacy(String name) {
        return MetricNames.isLegacy(name) && name.indexOf(':') < 0;
    }
}
