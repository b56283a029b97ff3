package weir.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the literals of regular expressions in RE2's syntax. Knows just enough of the syntax to be sure of what it finds;
 * where it is not sure, nothing is known. Expressions were compiled before, so they are well-formed.
 */
final class Literals {
    private static final ByteFactor UNKNOWN = new ByteFactor(new byte[0], false, false, false);

    /** {@code (?i)} changes what letters mean, {@code \Q} what everything else does. */
    private static final Pattern FLAGS_OR_QUOTES = Pattern.compile("\\(\\?(?!:|P?<)|\\\\Q");

    private Literals() {}

    /** Literals of which a text has at least one if the expression matches it. */
    static List<ByteFactor> of(String expression) {
        if (FLAGS_OR_QUOTES.matcher(expression).find()) {
            return List.of(UNKNOWN);
        }
        List<ByteFactor> all = new ArrayList<>();
        for (String alternative : Syntax.split(expression)) {
            boolean start = alternative.startsWith("^");
            String rest = start ? alternative.substring(1) : alternative;
            boolean end = rest.endsWith("$") && !Syntax.isEscaped(rest, rest.length() - 1);
            String body = end ? rest.substring(0, rest.length() - 1) : rest;
            String group = Syntax.soleGroup(body);
            for (String inner : group == null ? List.of(body) : Syntax.split(group)) {
                all.addAll(factors(unpadded(inner, start, end), start, end));
            }
        }
        return all;
    }

    /** Without what may stand before or after a match anyway. */
    private static String unpadded(String body, boolean start, boolean end) {
        String rest = body;
        if (!start && rest.startsWith(".*")) {
            rest = rest.substring(rest.startsWith(".*?") ? 3 : 2);
        }
        if (!end && rest.endsWith(".*") && !Syntax.isEscaped(rest, rest.length() - 2)) {
            rest = rest.substring(0, rest.length() - 2);
        }
        return rest;
    }

    private static List<ByteFactor> factors(String body, boolean start, boolean end) {
        Part part = new LiteralParser(body).parse();
        Set<String> exact = part.exact();
        if (exact != null) {
            Set<String> texts = start || end ? exact : leastOf(exact);
            return texts.stream().map(s -> factor(s, start, end, true)).toList();
        }
        @Nullable Set<String> needed = part.needed();
        if (needed == null) {
            return List.of(UNKNOWN);
        }
        boolean first = start && needed.equals(part.first());
        Set<String> texts = first ? needed : leastOf(needed);
        return texts.stream().map(s -> factor(s, first, false, false)).toList();
    }

    /** Without those that have another one in them. */
    private static Set<String> leastOf(Set<String> texts) {
        Set<String> least = new LinkedHashSet<>(texts);
        least.removeIf(text -> texts.stream().anyMatch(other -> !other.equals(text) && text.contains(other)));
        return least;
    }

    private static ByteFactor factor(String literal, boolean start, boolean end, boolean exact) {
        return new ByteFactor(literal.getBytes(StandardCharsets.UTF_8), start, end, exact);
    }
}
