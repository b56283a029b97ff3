package weir.connector.spanmetrics;

import com.google.re2j.Pattern;

/**
 * A pattern of attribute names as the collector's dimensions have them, which is gobwas/glob with the dot as separator: {@code *}
 * and {@code ?} stop at dots, {@code **} does not; {@code [abc]}, {@code [a-z]}, {@code [!a-z]}, {@code {a,b}}, and
 * {@code \} before what is meant as it is. Immutable.
 */
final class Glob {
    private final String text;
    private final Pattern pattern;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** @throws com.google.re2j.PatternSyntaxException if it is none */
    static Glob of(String text) {
        return new Glob(text, Pattern.compile(expression(text), Pattern.DOTALL));
    }

    boolean matches(String name) {
        return pattern.matches(name);
    }

    private static String expression(String glob) {
        StringBuilder out = new StringBuilder();
        int open = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    boolean any = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
                    out.append(any ? ".*" : "[^.]*");
                    i += any ? 1 : 0;
                }
                case '?' -> out.append("[^.]");
                case '{' -> {
                    open++;
                    out.append("(?:");
                }
                case '}' -> {
                    // One too many is left to the compiler of patterns to complain about.
                    open--;
                    out.append(')');
                }
                case ',' -> out.append(open > 0 ? "|" : ",");
                case '[' -> {
                    boolean not = i + 1 < glob.length() && glob.charAt(i + 1) == '!';
                    out.append(not ? "[^" : "[");
                    i += not ? 1 : 0;
                    for (i++; i < glob.length() && glob.charAt(i) != ']'; i++) {
                        char member = glob.charAt(i);
                        out.append(member == '-' ? "-" : Pattern.quote(String.valueOf(member)));
                    }
                    out.append(i < glob.length() ? "]" : "");
                }
                case '\\' -> {
                    i++;
                    out.append(i < glob.length() ? Pattern.quote(String.valueOf(glob.charAt(i))) : "\\");
                }
                default -> out.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
