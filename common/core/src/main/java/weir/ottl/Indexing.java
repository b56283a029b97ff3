package weir.ottl;

import java.util.List;

/**
 * What indexes behind a path or call select of a value, and how a value is changed there. Belongs to one thread.
 *
 * <p>A text selects an entry of a map, NIL if there is none; a number an element of a list. Anything else is an error.
 */
@SuppressWarnings("DoNotCallSuggester") // Filled in by the evaluator.
public final class Indexing<T> {
    private final List<PathKey<T>> keys;

    /** @param keys to be applied one after the other; none: the value itself */
    public Indexing(List<PathKey<T>> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Points {@code into} at what the keys select of {@code root}; both may be the same register. */
    public void get(T item, Value root, Value into) {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /**
     * Makes {@code into} a copy of {@code root} in which the value is put where the keys point: entries of maps are made where
     * they are missing, lists and maps where there is nothing.
     *
     * @param into another register than both, to whose buffer the copy is written
     */
    public void set(T item, Value root, Value value, Value into) {
        throw new UnsupportedOperationException("to come with the evaluator");
    }

    /** How many keys there are. */
    public int size() {
        return keys.size();
    }
}
