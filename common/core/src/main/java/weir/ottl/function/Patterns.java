package weir.ottl.function;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.match.Glob;
import weir.match.PatternSize;
import weir.match.Prefilter;
import weir.match.TextPatterns;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/**
 * A regular expression given as an argument: compiled once if it stands in the statement, else whenever it is another than
 * before. Literals of it are looked for first, by bytes. Belongs to one thread.
 */
final class Patterns<T> {
    /** Texts of which the answer is remembered. */
    private static final int REMEMBERED_TEXTS = 128;

    private final Getter<T> getter;
    private final boolean constant;
    private final boolean isGlob;
    private final Value value = new Value();
    private byte[] source = {};
    private @Nullable Pattern pattern;
    private @Nullable TextPatterns found;
    private @Nullable Prefilter prefilter;
    /** For each byte of a text that it is asked of; 0: it never is. */
    private long steps;

    private Patterns(Getter<T> getter, boolean constant, boolean isGlob) {
        this.getter = getter;
        this.constant = constant;
        this.isGlob = isGlob;
    }

    /** Of a VALUE that is a regular expression. */
    static <T> Patterns<T> of(Arguments<T> arguments, String parameter) throws ArgumentException {
        return of(arguments, parameter, false);
    }

    /** Of a VALUE that is a glob, which must match the whole text. */
    static <T> Patterns<T> ofGlob(Arguments<T> arguments, String parameter) throws ArgumentException {
        return of(arguments, parameter, true);
    }

    private static <T> Patterns<T> of(Arguments<T> arguments, String parameter, boolean glob) throws ArgumentException {
        Value known = arguments.constant(parameter);
        Patterns<T> patterns = new Patterns<>(arguments.value(parameter), known != null, glob);
        if (known != null) {
            if (!known.is(Kind.STRING)) {
                throw new ArgumentException(parameter, "must be a text");
            }
            try {
                patterns.compile(known);
            } catch (OttlException e) {
                throw new ArgumentException(parameter, String.valueOf(e.getMessage()));
            }
        }
        return patterns;
    }

    /** Reads the expression for an item. */
    void begin(T item) {
        if (constant) {
            return;
        }
        getter.get(item, value);
        Family.of(Kind.STRING, value);
        if (pattern == null || !value.isText(source)) {
            compile(value);
        }
    }

    private void compile(Value text) {
        pattern = null;
        source = text.copyOfBytes();
        String written = text.text();
        if (written.length() > Limits.MAX_PATTERN_CHARACTERS) {
            throw new OttlException("a pattern of more than " + Limits.MAX_PATTERN_CHARACTERS + " characters");
        }
        String expression;
        PatternSize size;
        try {
            expression = isGlob ? Glob.expression(written) : written;
            size = PatternSize.of(expression);
            if (size.instructions() > Limits.MAX_PATTERN_INSTRUCTIONS || size.levels() > Limits.MAX_PATTERN_LEVELS) {
                throw new OttlException("would become too large a pattern: it repeats too much, or nests too deep");
            }
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new OttlException("is no " + (isGlob ? "glob" : "regular expression") + ": " + e.getDescription());
        }
        found = new TextPatterns(List.of(expression), REMEMBERED_TEXTS);
        prefilter = Prefilter.of(expression);
        steps = prefilter.isExact() ? 0 : size.instructions();
    }

    /** Whether it is found in a text; after {@link #begin}. */
    boolean isFound(byte[] b, int from, int end) {
        TextPatterns asked = found;
        if (steps * (end - from) > Limits.MAX_MATCH_STEPS && !mayMatch(b, from, end)) {
            return false;
        }
        return asked != null && asked.match(b, from, end);
    }

    /**
     * False if it is surely not found in a text.
     *
     * @throws OttlException if looking for it would take too long
     */
    boolean mayMatch(byte[] b, int from, int end) {
        Prefilter asked = prefilter;
        if (asked == null || !asked.mayMatch(b, from, end)) {
            return false;
        }
        if (steps * (end - from) > Limits.MAX_MATCH_STEPS) {
            throw new OttlException("a text of " + (end - from) + " bytes is too long for a pattern of this size");
        }
        return true;
    }

    /** The expression, after {@link #begin}. */
    Pattern pattern() {
        Pattern compiled = pattern;
        if (compiled == null) {
            throw new IllegalStateException("not begun");
        }
        return compiled;
    }
}
