package weir.match;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Regular expressions of which one must be found in a text. Literals are looked for first: most texts, and often all, are
 * judged by them; what is left is asked of RE2 once and then remembered. Belongs to one thread at a time.
 */
public final class TextPatterns {
    /** @param factors of which a text must have one */
    private record Expression(Pattern pattern, ByteFactor[] factors) {
        boolean mayMatch(byte[] b, int from, int end) {
            for (ByteFactor factor : factors) {
                if (factor.isIn(b, from, end)) {
                    return true;
                }
            }
            return false;
        }
    }

    private final ByteFactor[] literals;
    private final Expression[] expressions;
    private final VerdictCache remembered;

    /**
     * @param expressions in RE2's syntax
     * @param remember how many texts to remember the answer for
     * @throws com.google.re2j.PatternSyntaxException if one is not
     */
    public TextPatterns(List<String> expressions, int remember) {
        List<ByteFactor> exact = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String expression : expressions) {
            Pattern pattern = Expressions.compile(expression);
            List<ByteFactor> factors = Literals.of(expression);
            factors.stream().filter(ByteFactor::exact).forEach(exact::add);
            ByteFactor[] rest = factors.stream().filter(f -> !f.exact()).toArray(ByteFactor[]::new);
            if (rest.length > 0) {
                others.add(new Expression(pattern, rest));
            }
        }
        this.literals = exact.toArray(ByteFactor[]::new);
        this.expressions = others.toArray(Expression[]::new);
        this.remembered = new VerdictCache(others.isEmpty() ? 0 : remember);
    }

    /** Whether one of the expressions is found in a text of UTF-8. */
    public boolean match(byte[] b, int from, int end) {
        for (ByteFactor literal : literals) {
            if (literal.isIn(b, from, end)) {
                return true;
            }
        }
        for (int i = 0; i < expressions.length; i++) {
            if (expressions[i].mayMatch(b, from, end)) {
                int known = remembered.find(b, from, end);
                return known == VerdictCache.UNKNOWN ? ask(i, b, from, end) : known == 1;
            }
        }
        return false;
    }

    private boolean ask(int first, byte[] b, int from, int end) {
        byte[] text = Arrays.copyOfRange(b, from, end);
        // Not as bytes: RE2/J 1.8 takes what follows a character of several bytes for the begin of the text.
        String characters = new String(text, StandardCharsets.UTF_8);
        boolean verdict = false;
        for (int i = first; i < expressions.length && !verdict; i++) {
            verdict = expressions[i].mayMatch(text, 0, text.length)
                    && expressions[i].pattern.matcher(characters).find();
        }
        remembered.remember(text, verdict);
        return verdict;
    }
}
