package weir.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A glob as the collector has them, by gobwas/glob: {@code *} any text, {@code ?} any character, {@code [a-z]} and {@code [!a-z]}
 * one of some, {@code {a,b}} one of several globs, a backslash takes what follows as it is. With a separator {@code *} and
 * {@code ?} stop there, and {@code **} does not. Immutable.
 */
public final class Glob {
    // Classes rather than the dot with a flag, so that literals around them are found.
    private static final String ANY = "[\\x{0}-\\x{10FFFF}]";

    private final String text;
    private final Pattern pattern;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** @throws PatternSyntaxException if it is none */
    public static Glob of(String text, char separator) {
        return new Glob(text, Expressions.compile(expression(text, "[^" + quoted(separator) + "]")));
    }

    /** Whether it is of the whole text. */
    public boolean matches(String of) {
        return pattern.matches(of);
    }

    /**
     * A regular expression that is found in the texts that a glob without separators matches.
     *
     * @throws PatternSyntaxException if it is none
     */
    public static String expression(String glob) {
        return expression(glob, ANY);
    }

    /** @param one the class of characters that one star may stand for */
    private static String expression(String glob, String one) {
        StringBuilder out = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    boolean any = glob.startsWith("**", i);
                    out.append(any ? ANY : one).append('*');
                    i += any ? 1 : 0;
                }
                case '?' -> out.append(one);
                case '{' -> {
                    braces++;
                    out.append("(?:");
                }
                case '}' -> {
                    if (braces == 0) {
                        throw new PatternSyntaxException("a } without a {", glob);
                    }
                    braces--;
                    out.append(')');
                }
                case ',' -> out.append(braces > 0 ? "|" : ",");
                case '[' -> i = characters(glob, i, out);
                case '\\' -> {
                    if (++i == glob.length()) {
                        throw new PatternSyntaxException("a backslash at its end", glob);
                    }
                    out.append(quoted(glob.charAt(i)));
                }
                default -> out.append(quoted(c));
            }
        }
        if (braces > 0) {
            throw new PatternSyntaxException("a { without a }", glob);
        }
        return "^(?:" + out + ")$";
    }

    private static String quoted(char c) {
        return "\\.+*?()|[]{}^$".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c);
    }

    private static int characters(String glob, int open, StringBuilder out) {
        int close = glob.indexOf(']', open + 1);
        if (close < 0 || close == open + 1) {
            throw new PatternSyntaxException("a [ without a ]", glob);
        }
        String inside = glob.substring(open + 1, close);
        boolean not = inside.startsWith("!");
        out.append(not ? "[^" : "[");
        for (char c : (not ? inside.substring(1) : inside).toCharArray()) {
            out.append("\\^[&~".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
        }
        out.append(']');
        return close;
    }

    @Override
    public String toString() {
        return text;
    }
}
