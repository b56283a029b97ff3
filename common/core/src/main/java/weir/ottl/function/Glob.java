package weir.ottl.function;

import weir.ottl.OttlException;

/**
 * Globs as regular expressions: {@code *} any text, {@code ?} any character, {@code [a-z]} and {@code [!a-z]} one of some, {@code
 * {a,b}} one of several globs, a backslash takes what follows as it is.
 */
final class Glob {
    private Glob() {}

    /** An expression that matches the whole of the texts that the glob does. */
    static String expression(String glob) {
        StringBuilder out = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                // Classes rather than the dot with a flag, so that literals around them are found.
                case '*' -> out.append("[\\x{0}-\\x{10FFFF}]*");
                case '?' -> out.append("[\\x{0}-\\x{10FFFF}]");
                case '{' -> {
                    braces++;
                    out.append("(?:");
                }
                case '}' -> {
                    if (braces == 0) {
                        throw new OttlException("is no glob: a } without a {");
                    }
                    braces--;
                    out.append(')');
                }
                case ',' -> out.append(braces > 0 ? "|" : ",");
                case '[' -> i = characters(glob, i, out);
                case '\\' -> {
                    if (++i == glob.length()) {
                        throw new OttlException("is no glob: a backslash at its end");
                    }
                    out.append(quoted(glob.charAt(i)));
                }
                default -> out.append(quoted(c));
            }
        }
        if (braces > 0) {
            throw new OttlException("is no glob: a { without a }");
        }
        return "^(?:" + out + ")$";
    }

    private static String quoted(char c) {
        return "\\.+*?()|[]{}^$".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c);
    }

    private static int characters(String glob, int open, StringBuilder out) {
        int close = glob.indexOf(']', open + 1);
        if (close < 0 || close == open + 1) {
            throw new OttlException("is no glob: a [ without a ]");
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
}
