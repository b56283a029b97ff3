package weir.ottl.function;

/** An argument that can be seen to be wrong when the statement is compiled. */
public final class ArgumentException extends Exception {
    private static final long serialVersionUID = 1;

    private final String parameter;

    /**
     * @param parameter whose argument it is; empty: the call as a whole
     * @param message what is wrong and what to do, as a sentence without a full stop
     */
    public ArgumentException(String parameter, String message) {
        super(message);
        this.parameter = parameter;
    }

    public String parameter() {
        return parameter;
    }

    /** The message. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
