package weir.ottl.function;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import weir.match.PatternSize;
import weir.match.Prefilter;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/**
 * A grok pattern: a regular expression in which <code>%{NAME}</code>, <code>%{NAME:key}</code> and
 * <code>%{NAME:key:type}</code> stand for named ones. Immutable.
 *
 * @param pattern whose groups are those with a key, in the order of {@code keys}
 * @param keys of which one can be there more than once
 * @param types by key, where one is given
 * @param steps for each byte of a text that it is asked of
 */
record Grok(Pattern pattern, List<String> keys, Map<String, String> types, Prefilter prefilter, long steps) {
    private static final java.util.regex.Pattern REFERENCE =
            java.util.regex.Pattern.compile("%\\{(\\w+)(?::([\\w+.]+)(?::(\\w+))?)?}");
    /** What a group's name has instead of a point, which it cannot have. */
    private static final String POINT = "___";

    /** The expressions that are known by name. */
    private static final class Known {
        static final Map<String, String> PATTERNS = read();

        private static Map<String, String> read() {
            Map<String, String> patterns = new HashMap<>();
            try (InputStream in = Objects.requireNonNull(Grok.class.getResourceAsStream("grok-patterns.txt"))) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(line -> patterns.put(
                                line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.copyOf(patterns);
        }
    }

    /** Names of the patterns that need not be defined. */
    static List<String> known() {
        return Known.PATTERNS.keySet().stream().sorted().toList();
    }

    /**
     * @param keysOnly whether references without a key are not captured, which else have their name as key
     * @param definitions patterns by name, which go before those that are known
     * @throws OttlException if it is none, or too large
     */
    static Grok compile(String text, boolean keysOnly, Map<String, String> definitions) {
        if (text.length() > Limits.MAX_PATTERN_CHARACTERS) {
            throw new OttlException("a pattern of more than " + Limits.MAX_PATTERN_CHARACTERS + " characters");
        }
        Map<String, String> types = new HashMap<>();
        StringBuilder expanded = new StringBuilder();
        new Expansion(keysOnly, definitions, types, expanded).append(text, 0);
        List<String> keys = new ArrayList<>();
        String expression = withoutNames(expanded.toString(), keys);
        PatternSize size = PatternSize.of(expression);
        if (size.instructions() > Limits.MAX_PATTERN_INSTRUCTIONS || size.levels() > Limits.MAX_PATTERN_LEVELS) {
            throw new OttlException("would become too large a pattern: it repeats too much, or nests too deep");
        }
        try {
            return new Grok(
                    Pattern.compile(expression),
                    List.copyOf(keys),
                    Map.copyOf(types),
                    Prefilter.of(expression),
                    size.instructions());
        } catch (PatternSyntaxException e) {
            throw new OttlException("is no grok pattern: " + e.getDescription());
        }
    }

    private record Expansion(
            boolean keysOnly, Map<String, String> definitions, Map<String, String> types, StringBuilder out) {
        void append(String text, int level) {
            if (level > Limits.MAX_DEPTH_LEVELS) {
                throw new OttlException("a grok pattern that refers to itself");
            }
            Matcher references = REFERENCE.matcher(text);
            int from = 0;
            while (references.find()) {
                put(text.substring(from, references.start()));
                from = references.end();
                String name = references.group(1);
                @Nullable String key = references.group(2);
                String group = key == null ? name : key.replace(".", POINT);
                if (references.group(3) != null) {
                    types.put(group, references.group(3));
                }
                put(keysOnly && key == null ? "(?:" : "(?P<" + group + ">");
                append(named(name), level + 1);
                put(")");
            }
            put(text.substring(from));
        }

        private void put(String part) {
            out.append(part);
            if (out.length() > Limits.MAX_EXPANDED_CHARACTERS) {
                throw new OttlException(
                        "a grok pattern that becomes more than " + Limits.MAX_EXPANDED_CHARACTERS + " characters");
            }
        }

        private String named(String name) {
            String pattern = definitions.get(name);
            String known = pattern == null ? Known.PATTERNS.get(name) : pattern;
            if (known == null) {
                throw new OttlException("there is no grok pattern `" + name + "`");
            }
            return known;
        }
    }

    /** Gives groups with names none, for RE2/J has no two of the same name, and makes of the others what captures nothing. */
    private static String withoutNames(String expression, List<String> keys) {
        StringBuilder out = new StringBuilder(expression.length());
        int at = 0;
        while (at < expression.length()) {
            char c = expression.charAt(at);
            if (c == '\\') {
                int quoted = expression.startsWith("\\Q", at) ? expression.indexOf("\\E", at) : at;
                int end = quoted < 0 ? expression.length() : Math.min(expression.length(), quoted + 2);
                out.append(expression, at, end);
                at = end;
            } else if (c == '[') {
                int end = endOfCharacters(expression, at);
                out.append(expression, at, end);
                at = end;
            } else if (c == '(') {
                at = open(expression, at, out, keys);
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private static int open(String expression, int at, StringBuilder out, List<String> keys) {
        int name = expression.startsWith("(?P<", at) ? at + 4 : expression.startsWith("(?<", at) ? at + 3 : -1;
        if (name < 0) {
            boolean plain = !expression.startsWith("(?", at);
            out.append(plain ? "(?:" : "(");
            return at + 1;
        }
        int end = expression.indexOf('>', name);
        String key = end < 0 ? "" : expression.substring(name, end);
        if (!key.matches("\\w+")) {
            throw new OttlException("the name of a group must be of letters, digits, `_` and points");
        }
        keys.add(key);
        out.append('(');
        return end + 1;
    }

    private static int endOfCharacters(String expression, int from) {
        int at = from + 1;
        if (expression.startsWith("^", at)) {
            at++;
        }
        boolean first = true;
        while (at < expression.length() && (first || expression.charAt(at) != ']')) {
            first = false;
            int named = expression.startsWith("[:", at) ? expression.indexOf(":]", at + 2) : -1;
            at = named > 0 ? named + 2 : at + (expression.charAt(at) == '\\' ? 2 : 1);
        }
        return Math.min(expression.length(), at + 1);
    }

    /** A key as users write it. */
    static String shown(String key) {
        return key.replace(POINT, ".");
    }
}
