package weir.ottl.context;

/** Which field of a message a path is about, which for data points depends on the metric's type. */
@FunctionalInterface
interface FieldNumber {
    /** 0: an item of this kind has no such field. */
    int of(Item item);

    static FieldNumber always(int field) {
        return _ -> field;
    }
}
