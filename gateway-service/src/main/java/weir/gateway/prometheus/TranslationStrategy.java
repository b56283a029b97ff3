package weir.gateway.prometheus;

/** How names of OTLP become names of Prometheus; values are written in the file as the collector writes them. */
public enum TranslationStrategy {
    UNDERSCORE_ESCAPING_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes", true, true),
    UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes", true, false),
    NO_UTF8_ESCAPING_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes", false, true),
    NO_TRANSLATION("NoTranslation", false, false);

    private final String text;
    private final boolean escapes;
    private final boolean suffixes;

    TranslationStrategy(String text, boolean escapes, boolean suffixes) {
        this.text = text;
        this.escapes = escapes;
        this.suffixes = suffixes;
    }

    /** Whether characters beyond letters, digits, {@code _} and {@code :} give way to underscores. */
    boolean escapes() {
        return escapes;
    }

    /** Whether units and types are appended. */
    boolean suffixes() {
        return suffixes;
    }

    @Override
    public String toString() {
        return text;
    }
}
