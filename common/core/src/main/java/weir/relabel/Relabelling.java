package weir.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Rules in their order, as Prometheus applies them. Immutable; safe for use by any thread. */
public final class Relabelling {
    private record Rule(RelabelConfig config, Pattern pattern) {}

    private final List<Rule> rules;

    /** @param configs checked ones */
    public Relabelling(List<RelabelConfig> configs) {
        rules = configs.stream()
                .map(config -> new Rule(config, config.compiled()))
                .toList();
    }

    /**
     * Makes labels over.
     *
     * @param labels changed in place, also when they are dropped; never holds an empty value afterwards that a rule set
     * @return whether they are kept
     */
    public boolean apply(Map<String, String> labels) {
        for (Rule rule : rules) {
            if (!apply(rule, labels)) {
                return false;
            }
        }
        return true;
    }

    private static boolean apply(Rule rule, Map<String, String> labels) {
        RelabelConfig config = rule.config;
        return switch (config.action()) {
            case KEEP -> rule.pattern.matches(source(config, labels));
            case DROP -> !rule.pattern.matches(source(config, labels));
            case KEEPEQUAL -> labels.getOrDefault(config.targetLabel(), "").equals(source(config, labels));
            case DROPEQUAL -> !labels.getOrDefault(config.targetLabel(), "").equals(source(config, labels));
            case REPLACE -> {
                Matcher matcher = rule.pattern.matcher(source(config, labels));
                if (matcher.find()) {
                    String target = Expansion.expand(config.targetLabel(), matcher);
                    if (!target.isEmpty()) {
                        set(labels, target, Expansion.expand(config.replacement(), matcher));
                    }
                }
                yield true;
            }
            case LOWERCASE ->
                set(labels, config.targetLabel(), source(config, labels).toLowerCase(Locale.ROOT));
            case UPPERCASE ->
                set(labels, config.targetLabel(), source(config, labels).toUpperCase(Locale.ROOT));
            case HASHMOD -> set(labels, config.targetLabel(), hashmod(source(config, labels), config.modulus()));
            case LABELMAP -> {
                for (Map.Entry<String, String> label : List.copyOf(labels.entrySet())) {
                    Matcher matcher = rule.pattern.matcher(label.getKey());
                    if (matcher.find()) {
                        set(labels, Expansion.expand(config.replacement(), matcher), label.getValue());
                    }
                }
                yield true;
            }
            case LABELDROP -> {
                labels.keySet().removeIf(rule.pattern::matches);
                yield true;
            }
            case LABELKEEP -> {
                labels.keySet().removeIf(name -> !rule.pattern.matches(name));
                yield true;
            }
        };
    }

    private static String source(RelabelConfig config, Map<String, String> labels) {
        StringJoiner values = new StringJoiner(config.separator());
        config.sourceLabels().forEach(name -> values.add(labels.getOrDefault(name, "")));
        return values.toString();
    }

    /** An empty value is no label. */
    private static boolean set(Map<String, String> labels, String name, String value) {
        if (value.isEmpty()) {
            labels.remove(name);
        } else {
            labels.put(name, value);
        }
        return true;
    }

    /** The last eight bytes of the MD5, most significant first, unsigned. */
    private static String hashmod(String text, long modulus) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return Long.toUnsignedString(
                    Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(8), modulus));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /** Labels made over, without changing those given; empty if they are dropped. */
    public Optional<SortedMap<String, String>> relabelled(Map<String, String> labels) {
        SortedMap<String, String> copy = new TreeMap<>(labels);
        return apply(copy) ? Optional.of(copy) : Optional.empty();
    }
}
