package weir.match;

/**
 * A literal that every text has which a regular expression matches: found by comparing bytes. For simple expressions that is
 * already the whole answer. {@link Literals} finds them.
 *
 * @param literal UTF-8; empty if nothing is known
 * @param atStart the literal must lie at the begin of the text
 * @param atEnd the literal must lie at the end of the text
 * @param exact whether each text that has the literal matches, so that the expression need not be asked
 * @param rarest where in the literal its rarest byte lies, which is looked for before all of it
 */
record ByteFactor(byte[] literal, boolean atStart, boolean atEnd, boolean exact, int rarest) {
    /** What texts that are asked about are made of, the most frequent first; all other bytes are rarer. */
    private static final String FREQUENT = "eatinsro/.-_0lcdup1hm2:34";

    ByteFactor(byte[] literal, boolean atStart, boolean atEnd, boolean exact) {
        this(literal, atStart, atEnd, exact, rarest(literal));
    }

    private static int rarest(byte[] literal) {
        int best = 0;
        for (int i = 1; i < literal.length; i++) {
            if (rarity(literal[i]) > rarity(literal[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int rarity(byte b) {
        int at = FREQUENT.indexOf((char) b);
        return at < 0 ? FREQUENT.length() : at;
    }

    /** Whether nothing is known, so that it is in every text. */
    boolean isUnknown() {
        return literal.length == 0;
    }

    /** Whether a text has the literal where it must be. */
    boolean isIn(byte[] b, int from, int end) {
        int last = end - literal.length;
        if (last < from) {
            return false;
        }
        if (atStart) {
            return (!atEnd || last == from) && lies(b, from);
        }
        if (atEnd) {
            return lies(b, last);
        }
        if (literal.length == 0) {
            return true;
        }
        byte wanted = literal[rarest];
        for (int at = from + rarest; at <= last + rarest; at++) {
            if (b[at] == wanted && lies(b, at - rarest)) {
                return true;
            }
        }
        return false;
    }

    private boolean lies(byte[] b, int at) {
        for (int i = 0; i < literal.length; i++) {
            if (b[at + i] != literal[i]) {
                return false;
            }
        }
        return true;
    }
}
