package weir.ottl;

import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.ottl.function.Function;

/**
 * What statements of one kind can see: its paths, enums and own functions. Immutable, for any thread; what it resolves belongs
 * to one statement.
 *
 * @param <T> a cursor, moved from item to item, that sees the item and what it lies in
 */
public interface Context<T> {
    /** As in files: {@code span}, {@code log}, {@code datapoint} ... */
    String name();

    /** What may stand before a path's first dot: its own name and those of what it lies in, {@code resource} among them. */
    Set<String> pathContexts();

    /** The names of the paths of one of {@link #pathContexts}, joined by dots: {@code status.code}. For errors and help. */
    List<String> paths(String pathContext);

    /**
     * The place that a path means.
     *
     * @throws PathException if there is none; for unknown names with the nearest that there is
     */
    Access<T> resolve(Path<T> path) throws PathException;

    /** Its enums' values by name: {@code STATUS_CODE_ERROR}. */
    Map<String, Long> enums();

    /** Functions that only this context has, besides those that all have. */
    List<Function<T>> functions();
}
