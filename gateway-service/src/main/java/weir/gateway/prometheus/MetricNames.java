package weir.gateway.prometheus;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the name that a metric has in Prometheus.
 *
 * <p>Source: prometheus/otlptranslator, whose results are followed to the letter, its slips included ({@code TiBy} is
 * {@code tibibytes}), because a name that differs is another series.
 *
 * @param namespace put in front of every name; may be empty
 */
record MetricNames(TranslationStrategy strategy, String namespace) {
    /** What of a metric's kind its name tells. */
    enum Kind {
        MONOTONIC_SUM,
        GAUGE,
        OTHER
    }

    private static final Map<String, String> UNITS = Map.ofEntries(
            entry("d", "days"),
            entry("h", "hours"),
            entry("min", "minutes"),
            entry("s", "seconds"),
            entry("ms", "milliseconds"),
            entry("us", "microseconds"),
            entry("ns", "nanoseconds"),
            entry("By", "bytes"),
            entry("KiBy", "kibibytes"),
            entry("MiBy", "mebibytes"),
            entry("GiBy", "gibibytes"),
            entry("TiBy", "tibibytes"),
            entry("KBy", "kilobytes"),
            entry("MBy", "megabytes"),
            entry("GBy", "gigabytes"),
            entry("TBy", "terabytes"),
            entry("m", "meters"),
            entry("V", "volts"),
            entry("A", "amperes"),
            entry("J", "joules"),
            entry("W", "watts"),
            entry("g", "grams"),
            entry("Cel", "celsius"),
            entry("Hz", "hertz"),
            entry("1", ""),
            entry("%", "percent"));

    private static final Map<String, String> PER_UNITS =
            Map.of("s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y", "year");

    /** A unit's two parts, the second with {@code per_} in front; either may be empty. */
    private record Unit(String main, String per) {
        static Unit of(String text) {
            int slash = text.indexOf('/');
            String main = part(slash < 0 ? text : text.substring(0, slash), UNITS);
            String per = slash < 0 ? "" : part(text.substring(slash + 1), PER_UNITS);
            return new Unit(main, per.isEmpty() ? "" : "per_" + per);
        }

        private static String part(String text, Map<String, String> words) {
            String unit = text.strip();
            boolean annotation = unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0;
            return annotation ? "" : words.getOrDefault(unit, unit);
        }

        Unit cleaned() {
            return new Unit(clean(main), clean(per));
        }

        private static String clean(String suffix) {
            String text = runsToUnderscore(suffix, c -> letterOrDigit(c) || c == ':');
            return text.startsWith("_") ? text.substring(1) : text;
        }
    }

    /** The name, or an empty text if none can be made. */
    String of(String name, String unit, Kind kind) {
        if (name.isEmpty()) {
            return "";
        }
        return switch (strategy) {
            case UNDERSCORE_ESCAPING_WITH_SUFFIXES -> checked(name, escapedWithSuffixes(name, unit, kind));
            case UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES -> checked(name, escaped(name));
            case NO_UTF8_ESCAPING_WITH_SUFFIXES -> withSuffixes(prefixed(name), unit, kind);
            case NO_TRANSLATION -> prefixed(name);
        };
    }

    private static String checked(String from, String name) {
        return onlyUnderscores(name) && !name.equals(from) ? "" : name;
    }

    private String prefixed(String name) {
        return namespace.isEmpty() ? name : namespace + "_" + name;
    }

    private String escapedWithSuffixes(String name, String text, Kind kind) {
        List<String> tokens = tokens(name, ":");
        Unit unit = Unit.of(text).cleaned();
        String main = tokens.contains(unit.main) ? "" : unit.main;
        String per = unit.per.equals("per_") ? "" : cut(unit.per, "_");
        if (!per.isEmpty()) {
            main = cut(main, "_");
        }
        addUnlessEmpty(tokens, main);
        if (!tokens.contains(per)) {
            addUnlessEmpty(tokens, per);
        }
        if (kind == Kind.MONOTONIC_SUM) {
            tokens.removeAll(Set.of("total"));
            tokens.add("total");
        } else if (kind == Kind.GAUGE && text.equals("1")) {
            tokens.removeAll(Set.of("ratio"));
            tokens.add("ratio");
        }
        if (!namespace.isEmpty()) {
            tokens.addFirst(namespace);
        }
        String joined = String.join("_", tokens);
        return startsWithDigit(joined) ? "_" + joined : joined;
    }

    private String escaped(String name) {
        String joined = String.join("_", tokens(name, ":_"));
        if (!namespace.isEmpty()) {
            return String.join("_", tokens(namespace, ":_")) + "_" + joined;
        }
        return startsWithDigit(joined) ? "_" + joined : joined;
    }

    private static String withSuffixes(String name, String text, Kind kind) {
        Unit unit = Unit.of(text);
        String last = switch (kind) {
            case MONOTONIC_SUM -> "total";
            case GAUGE -> text.equals("1") ? "ratio" : "";
            case OTHER -> "";
        };
        String result = cutWithDelimiter(cutWithDelimiter(name, last), unit.per);
        if (!unit.main.isEmpty() && !result.endsWith(unit.main)) {
            result += "_" + unit.main;
        }
        result += unit.per.isEmpty() ? "" : "_" + unit.per;
        return result + (last.isEmpty() ? "" : "_" + last);
    }

    /** Cuts a suffix and the one character before it, whatever that is. */
    private static String cutWithDelimiter(String name, String suffix) {
        boolean cuts = !suffix.isEmpty() && name.endsWith(suffix) && name.length() > suffix.length() + 1;
        return cuts ? name.substring(0, name.length() - suffix.length() - 1) : name;
    }

    private static String cut(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }

    private static void addUnlessEmpty(List<String> tokens, String token) {
        if (!token.isEmpty()) {
            tokens.add(token);
        }
    }

    /** The runs of letters, digits and some other characters in a text. */
    private static List<String> tokens(String text, String others) {
        List<String> tokens = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            boolean inside =
                    i < text.length() && (letterOrDigit(text.charAt(i)) || others.indexOf(text.charAt(i)) >= 0);
            if (!inside) {
                if (i > from) {
                    tokens.add(text.substring(from, i));
                }
                from = i + 1;
            }
        }
        return tokens;
    }

    /** Which characters stay as they are. */
    @FunctionalInterface
    interface Stays {
        boolean test(char c);
    }

    /** Each run of characters that may not stay becomes one underscore. */
    static String runsToUnderscore(String text, Stays stays) {
        StringBuilder result = new StringBuilder(text.length());
        boolean run = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean kept = stays.test(c);
            if (kept || !run) {
                result.append(kept ? c : '_');
            }
            run = !kept;
        }
        return result.toString();
    }

    static boolean letterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    static boolean startsWithDigit(String text) {
        return !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    }

    /** Whether nothing but underscores, or nothing at all, is in a text. */
    static boolean onlyUnderscores(String text) {
        return text.chars().allMatch(c -> c == '_');
    }

    /** Whether a name is one that every Prometheus takes: {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. */
    static boolean isLegacy(String name) {
        return !name.isEmpty()
                && !startsWithDigit(name)
                && name.chars().allMatch(c -> letterOrDigit((char) c) || c == '_' || c == ':');
    }
}
