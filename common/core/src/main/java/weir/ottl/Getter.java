package weir.ottl;

/**
 * Reads or computes a value. Made once when a statement is compiled; belongs to one thread at a time.
 *
 * @param <T> the cursor that a context's items are seen through
 */
@FunctionalInterface
public interface Getter<T> {
    /**
     * Fills a register. May point it at bytes of the item.
     *
     * @throws OttlException when the value cannot be had
     */
    void get(T item, Value into);
}
