package weir.ottl;

import weir.ottl.syntax.SyntaxException;

/**
 * What is wrong in the text of a statement or condition.
 *
 * @param statement which one of the list that was compiled, from 0
 * @param text the statement as it was given
 * @param offset in characters, from 0
 * @param length in characters, at least 1
 * @param message what is wrong, as a sentence without a full stop
 * @param hint what to do; may be empty
 */
public record StatementError(int statement, String text, int offset, int length, String message, String hint) {
    private static final int WIDEST_EXCERPT = 100;

    static StatementError of(int statement, String text, SyntaxException e) {
        return new StatementError(
                statement, text, e.at().from(), Math.max(1, e.at().end() - e.at().from()), e.message(), e.hint());
    }

    /** Of the text, from 1. */
    public int line() {
        return 1 + (int) text.substring(0, at()).chars().filter(c -> c == '\n').count();
    }

    /** From 1, in characters. */
    public int column() {
        return at() - text.lastIndexOf('\n', at() - 1);
    }

    private int at() {
        return Math.min(offset, text.length());
    }

    /** Message and hint in one line, with the place: for a file's own error, which shows the file's line. */
    public String inOneLine() {
        return message + (line() > 1 ? " (line " + line() + ", column " : " (column ") + column() + ")"
                + (hint.isEmpty() ? "" : "; " + hint);
    }

    /** Message, the line with a caret, and the hint below it. */
    public String render() {
        int from = at() - column() + 1;
        int to = text.indexOf('\n', from);
        String line = text.substring(from, to < 0 ? text.length() : to);
        int column = column() - 1;
        if (line.length() > WIDEST_EXCERPT) {
            int cut = Math.clamp(column - WIDEST_EXCERPT / 2, 0, line.length() - WIDEST_EXCERPT);
            line = line.substring(cut, cut + WIDEST_EXCERPT);
            column -= cut;
        }
        StringBuilder shown = new StringBuilder();
        line.chars().forEach(c -> shown.append(c < ' ' || c == 0x7f ? ' ' : (char) c));
        return message + "\n    " + shown.toString().stripTrailing() + "\n    " + " ".repeat(column)
                + "^".repeat(Math.max(1, Math.min(length, line.length() - column)))
                + (hint.isEmpty() ? "" : "  " + hint);
    }
}
