package weir.ottl;

/** A statement or condition cannot be done with an item. Cheap: without a stack trace. Error modes answer it. */
public final class OttlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was wrong, without a full stop; names no data of the item beyond what people need to find it */
    public OttlException(String message) {
        super(message, null, false, false);
    }
}
