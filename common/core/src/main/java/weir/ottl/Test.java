package weir.ottl;

/** A compiled condition. Belongs to one thread at a time. */
@FunctionalInterface
interface Test<T> {
    /** @throws OttlException when it cannot be evaluated */
    boolean test(T item);
}
