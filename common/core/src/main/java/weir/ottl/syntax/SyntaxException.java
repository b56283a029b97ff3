package weir.ottl.syntax;

/** A text that is no statement, or one that cannot be compiled: where, why, and what to do. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Region at;
    private final String hint;

    /**
     * @param message as a sentence without a full stop
     * @param hint may be empty
     */
    public SyntaxException(Region at, String message, String hint) {
        super(message);
        this.at = at;
        this.hint = hint;
    }

    public Region at() {
        return at;
    }

    /** The message. */
    public String message() {
        return String.valueOf(getMessage());
    }

    public String hint() {
        return hint;
    }
}
