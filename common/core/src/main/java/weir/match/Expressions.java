package weir.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions of users, in RE2's syntax, which are refused where compiling them would take all memory. */
public final class Expressions {
    /** About how many instructions one may become: some 10 MB. RE2 in Go and C++ refuses more than 1,000 repetitions in all. */
    private static final int MAX_INSTRUCTIONS = 100_000;

    /** How deep its groups may nest. */
    private static final int MAX_LEVELS = 100;

    private Expressions() {}

    /** @throws PatternSyntaxException if it is none, or too large */
    public static Pattern compile(String expression) {
        PatternSize size = PatternSize.of(expression);
        if (size.instructions() > MAX_INSTRUCTIONS || size.levels() > MAX_LEVELS) {
            throw new PatternSyntaxException("too large: it repeats too much, or nests too deep", expression);
        }
        return Pattern.compile(expression);
    }
}
