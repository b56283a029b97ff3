package weir.ottl;

import java.util.function.Predicate;

/**
 * A getter that says true or false, which conditions ask without a register between. Belongs to one thread at a time.
 *
 * @param of throws {@link OttlException} when it cannot be answered for an item
 */
public record Question<T>(Predicate<T> of) implements Getter<T> {
    @Override
    public void get(T item, Value into) {
        into.set(of.test(item));
    }
}
