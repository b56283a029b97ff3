package weir.match;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression in RE2's syntax for what is known of the texts it matches. To be used once.
 *
 * <p>Literals are gathered as long as they follow each other; each run that ends is a candidate for what a text must have, as in
 * the trigram indexes of code search (R. Cox, "Regular Expression Matching with a Trigram Index", 2012).
 */
final class LiteralParser {
    private final String expression;
    private int at;
    private boolean sure = true;

    /** @param expression well-formed, without flags and quotes */
    LiteralParser(String expression) {
        this.expression = expression;
    }

    Part parse() {
        Part part = alternatives();
        return sure && at == expression.length() ? part : Part.ANYTHING;
    }

    private Part alternatives() {
        Part part = sequence();
        while (sure && isNext('|')) {
            at++;
            part = part.or(sequence());
        }
        return part;
    }

    private Part sequence() {
        @Nullable Set<String> best = null;
        @Nullable Set<String> first = null;
        Set<String> run = Set.of("");
        boolean pure = true;
        while (sure && at < expression.length() && !isNext('|') && !isNext(')')) {
            Part part = quantified();
            Set<String> longer = Part.product(run, part.exact());
            if (longer == null) {
                Set<String> begun = Part.product(run, part.first());
                run = begun == null ? run : begun;
                first = pure ? run : first;
                best = Part.better(best, useful(run));
                best = Part.better(best, part.needed());
                // What must follow a text that is known can be known again.
                run = part.exact() == null ? Set.of("") : part.exact();
                pure = false;
            } else {
                run = longer;
            }
        }
        best = Part.better(best, useful(run));
        return new Part(pure ? run : null, best, pure ? run : first);
    }

    private static @Nullable Set<String> useful(Set<String> run) {
        return run.contains("") ? null : run;
    }

    private Part quantified() {
        Part part = atom();
        while (sure && at < expression.length()) {
            char c = expression.charAt(at);
            int repeats = c == '{' ? Syntax.afterRepeat(expression, at) : -1;
            if (c == '*') {
                part = Part.ANYTHING;
                at++;
            } else if (c == '?') {
                part = part.optional();
                at++;
            } else if (c == '+') {
                part = part.repeated();
                at++;
            } else if (repeats > 0) {
                part = expression.startsWith("{0", at) ? Part.ANYTHING : part.repeated();
                at = repeats;
            } else {
                return part;
            }
            if (isNext('?')) {
                at++;
            }
        }
        return part;
    }

    private Part atom() {
        char c = expression.charAt(at);
        return switch (c) {
            case '\\' -> escape();
            case '[' -> ofClass();
            case '(' -> group();
            case '.', '^', '$' -> {
                at++;
                yield Part.ANYTHING;
            }
            default -> {
                int from = at;
                at += Character.charCount(expression.codePointAt(at));
                yield Part.exactly(Set.of(expression.substring(from, at)));
            }
        };
    }

    private Part group() {
        at++;
        if (expression.startsWith("?:", at)) {
            at += 2;
        } else if (isNext('?')) {
            at = expression.indexOf('>', at) + 1;
        }
        Part part = alternatives();
        sure &= isNext(')');
        at++;
        return part;
    }

    private Part escape() {
        char c = expression.charAt(at + 1);
        if (Character.isDigit(c) || "pPxC".indexOf(c) >= 0) {
            sure = false;
        }
        at += 2;
        return Character.isLetter(c) || Character.isSurrogate(c) ? Part.ANYTHING : Part.exactly(Set.of("" + c));
    }

    /** A class of a few plain characters is an alternative of these. */
    private Part ofClass() {
        int from = at + 1;
        at = Syntax.afterClass(expression, at);
        String inside = expression.substring(from, Math.max(from, at - 1));
        if (inside.isEmpty() || inside.length() > 4 || !inside.matches("[\\w.,:/@ ]+")) {
            return Part.ANYTHING;
        }
        Set<String> texts = new LinkedHashSet<>();
        inside.chars().forEach(c -> texts.add(Character.toString(c)));
        return Part.exactly(texts);
    }

    private boolean isNext(char c) {
        return at < expression.length() && expression.charAt(at) == c;
    }
}
