package weir.gateway.prometheus;

import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of one series while they are put together; made once per series. First come the labels that Weir gives, which
 * nothing may replace; then attributes, of which several may come under one name.
 */
final class LabelSet {
    private final boolean escapes;
    private final TreeMap<String, String> given = new TreeMap<>();
    /** Per name, the values by the key that they came under. */
    private final TreeMap<String, TreeMap<String, String>> attributes = new TreeMap<>();

    private String unusable = "";

    /** @param escapes whether attribute keys are made to names that every Prometheus takes */
    LabelSet(boolean escapes) {
        this.escapes = escapes;
    }

    /** A label that no attribute may replace; one that does becomes {@code exported_} and its name. */
    LabelSet give(String name, String value) {
        given.put(name, value);
        return this;
    }

    /** A label name that no attribute may have, for it will be put in when a sample is written. */
    private static boolean reserved(String name) {
        return name.equals("le") || name.equals("quantile") || name.equals("__name__");
    }

    /** An attribute; of several keys that make one name, the values are joined with {@code ;} in the keys' order. */
    LabelSet attribute(String key, String value) {
        String name = LabelNames.of(key, escapes);
        if (name.isEmpty()) {
            unusable = key.isEmpty() ? "(empty)" : key;
            return this;
        }
        if (given.containsKey(name) || reserved(name)) {
            name = "exported_" + name;
        }
        attributes.computeIfAbsent(name, n -> new TreeMap<>()).put(key, value);
        return this;
    }

    /** An attribute key that no label name can be made of; empty if there is none. */
    String unusable() {
        return unusable;
    }

    /** All labels, sorted by name. */
    Map<String, String> labels() {
        TreeMap<String, String> labels = new TreeMap<>();
        attributes.forEach((name, values) -> labels.put(name, String.join(";", values.values())));
        labels.putAll(given);
        return labels;
    }

    /** As they stand between the braces of a sample; names that not every Prometheus takes are quoted. */
    static byte[] render(Map<String, String> labels) {
        TextBuffer text = new TextBuffer(256);
        labels.forEach((name, value) -> {
            if (text.size() > 0) {
                text.put(',');
            }
            if (LabelNames.isLegacy(name)) {
                text.put(name);
            } else {
                text.quoted(name);
            }
            text.put('=').quoted(value);
        });
        return text.toByteArray();
    }
}
