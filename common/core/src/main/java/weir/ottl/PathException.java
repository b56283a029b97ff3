package weir.ottl;

/** A context has no such path. Thrown when a statement is compiled; the statement's error says where. */
public final class PathException extends Exception {
    private static final long serialVersionUID = 1;

    private final String hint;

    /**
     * @param message what is wrong, as a sentence without a full stop
     * @param hint what to do, such as the nearest name there is; may be empty
     */
    public PathException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }

    /** The message. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
