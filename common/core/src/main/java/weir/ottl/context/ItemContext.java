package weir.ottl.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.otlp.Signal;
import weir.ottl.Access;
import weir.ottl.Context;
import weir.ottl.Path;
import weir.ottl.PathException;
import weir.ottl.function.Function;

/**
 * What statements about one kind of item can see. Immutable, for any thread.
 *
 * @param level that it is visited at
 * @param signals whose requests have such items
 * @param tables by what may stand before a path's first dot
 */
public record ItemContext(
        String name,
        Level level,
        Set<Signal> signals,
        Map<String, PathTable> tables,
        Map<String, Long> enums,
        List<Function<Item>> functions)
        implements Context<Item> {
    @Override
    public Set<String> pathContexts() {
        return tables.keySet();
    }

    @Override
    public List<String> paths(String pathContext) {
        PathTable table = tables.get(pathContext);
        return table == null ? List.of() : table.names();
    }

    @Override
    public Access<Item> resolve(Path<Item> path) throws PathException {
        PathTable table = tables.get(path.context());
        if (table == null) {
            throw new PathException(
                    "there is no '" + path.context() + "' in the context " + name,
                    "paths may begin with: " + String.join(", ", tables.keySet()));
        }
        return table.resolve(path);
    }

    /** The same with more functions. */
    public ItemContext with(List<Function<Item>> more) {
        List<Function<Item>> all = new ArrayList<>(functions);
        all.addAll(more);
        return new ItemContext(name, level, signals, tables, enums, List.copyOf(all));
    }
}
