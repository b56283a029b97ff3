package weir.ottl;

/** A value that stands in the statement: the same for all items. */
final class Literal<T> implements Getter<T> {
    private final Value value;

    /** @param value not to be changed any more */
    Literal(Value value) {
        this.value = value;
    }

    Value value() {
        return value;
    }

    @Override
    public void get(T item, Value into) {
        into.set(value);
    }
}
