package weir.gateway.prometheus;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the format that a client likes best among those that can be made: by the weights of its {@code Accept}, the first
 * of equals, and text 0.0.4 when it names none of them. Text 1.0.0 is the same but for what the client may then say about
 * names.
 */
final class Negotiation {
    private static final int MAX_ENTRIES = 64;

    private Negotiation() {}

    /** @param openMetrics whether that is offered */
    static Format choose(String accept, boolean openMetrics) {
        Format best = Format.TEXT;
        double bestWeight = 0;
        for (String entry : accept.split(",", MAX_ENTRIES)) {
            String[] parts = entry.split(";", -1);
            Map<String, String> parameters = parameters(parts);
            double weight = weight(parameters.getOrDefault("q", "1"));
            Format format = format(parts[0].strip().toLowerCase(Locale.ROOT), parameters, openMetrics);
            if (format != null && weight > bestWeight) {
                best = format;
                bestWeight = weight;
            }
        }
        return best;
    }

    private static @Nullable Format format(String type, Map<String, String> parameters, boolean openMetrics) {
        String version = parameters.getOrDefault("version", "");
        Escaping escaping =
                Escaping.BY_TEXT.getOrDefault(parameters.getOrDefault("escaping", ""), Escaping.UNDERSCORES);
        return switch (type) {
            case "application/openmetrics-text" ->
                switch (version) {
                    case "1.0.0" -> openMetrics ? new Format(true, version, escaping) : null;
                    case "", "0.0.1" -> openMetrics ? new Format(true, "0.0.1", escaping) : null;
                    default -> null;
                };
            case "text/plain" ->
                switch (version) {
                    case "", "0.0.4" -> new Format(false, "0.0.4", escaping);
                    case "1.0.0" -> new Format(false, version, escaping);
                    default -> null;
                };
            case "text/*", "*/*" -> new Format(false, "0.0.4", escaping);
            default -> null;
        };
    }

    private static Map<String, String> parameters(String[] parts) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                String value = parts[i].substring(equals + 1).strip();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                parameters.put(
                        parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return parameters;
    }

    private static double weight(String q) {
        try {
            return Double.parseDouble(q);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
