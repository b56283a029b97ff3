package weir.match;

/**
 * A literal that every text has which a regular expression matches: found by comparing bytes. For simple expressions that is
 * already the whole answer. {@link Literals} finds them.
 *
 * @param literal UTF-8; empty if nothing is known
 * @param atStart the literal must lie at the begin of the text
 * @param atEnd the literal must lie at the end of the text
 * @param exact whether each text that has the literal matches, so that the expression need not be asked
 */
record ByteFactor(byte[] literal, boolean atStart, boolean atEnd, boolean exact) {
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
        byte first = literal[0];
        for (int at = from; at <= last; at++) {
            if (b[at] == first && lies(b, at)) {
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
