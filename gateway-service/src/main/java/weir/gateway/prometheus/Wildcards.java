package weir.gateway.prometheus;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Picks attribute keys by patterns in which {@code *} stands for anything and {@code ?} for any one character. */
final class Wildcards {
    private final List<Pattern> included;
    private final List<Pattern> excluded;

    /** @param included if empty and others are excluded, all but those are picked */
    Wildcards(List<String> included, List<String> excluded) {
        List<String> effective = included.isEmpty() && !excluded.isEmpty() ? List.of("*") : included;
        this.included = effective.stream().map(Wildcards::pattern).toList();
        this.excluded = excluded.stream().map(Wildcards::pattern).toList();
    }

    boolean none() {
        return included.isEmpty();
    }

    boolean picks(String key) {
        return matches(included, key) && !matches(excluded, key);
    }

    private static boolean matches(List<Pattern> patterns, String key) {
        return patterns.stream().anyMatch(p -> p.matcher(key).matches());
    }

    private static Pattern pattern(String text) {
        String regex = text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL);
    }
}
