package weir.ottl;

/** A place of an item that is read and written: what a path resolves to. */
public interface Access<T> extends Getter<T> {
    /**
     * Writes. The value is copied before this returns.
     *
     * @param value never NIL for a top level field: {@code set} leaves a place alone then
     * @throws OttlException when it cannot be written, or not with a value of this kind; then nothing was changed
     */
    void set(T item, Value value);

    /** Why it cannot be written at all, in a few words; empty if it can. Asked when a statement is compiled. */
    default String readOnly() {
        return "";
    }
}
