package weir.match;

import java.util.List;

/** Says of most texts that an expression is not found in them, by comparing bytes. Immutable, for any thread. */
public final class Prefilter {
    private final ByteFactor[] factors;

    private Prefilter(List<ByteFactor> factors) {
        this.factors = factors.toArray(ByteFactor[]::new);
    }

    /** @param expression a well-formed one in RE2's syntax */
    public static Prefilter of(String expression) {
        return new Prefilter(Literals.of(expression));
    }

    /** False if the expression is not found in a text of UTF-8. */
    public boolean mayMatch(byte[] b, int from, int end) {
        for (ByteFactor factor : factors) {
            if (factor.isIn(b, from, end)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there are literals to look for, so that it says no to any text at all. */
    public boolean isSelective() {
        for (ByteFactor factor : factors) {
            if (factor.isUnknown()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text that has the literals matches: the expression is never asked. */
    public boolean isExact() {
        for (ByteFactor factor : factors) {
            if (!factor.exact()) {
                return false;
            }
        }
        return true;
    }
}
