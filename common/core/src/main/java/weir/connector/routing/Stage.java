package weir.connector.routing;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.context.Item;
import weir.ottl.context.ItemWalk;
import weir.ottl.context.Level;

/**
 * Routes that follow each other in the table and go together ({@link Route#goesWith}): each thing of their level is shown to
 * them in turn, until one moves it. What all of a request meets is passed on as it came; otherwise a request is written for
 * each target. Belongs to one thread.
 */
final class Stage {
    private final Level level;
    private final Route[] routes;
    private final ItemWalk asking;
    private final ItemWalk taking;

    /** Of each route: which of the things that were shown met it, by their number. */
    private final BitSet[] met;

    private final BitSet moved = new BitSet();
    private int shown;

    private BitSet wanted = moved;
    private boolean wantsMembers;
    private int position;

    /** @param routes all of one level */
    Stage(List<Route> routes, Signal signal) {
        this.level = routes.getFirst().level();
        this.routes = routes.stream().map(Route::copy).toArray(Route[]::new);
        this.met = new BitSet[this.routes.length];
        Arrays.setAll(met, _ -> new BitSet());
        this.asking = new ItemWalk(EnumSet.of(level), false, (_, item) -> ask(item));
        boolean points = level == Level.PART && signal == Signal.METRICS;
        Set<Level> levels = points ? EnumSet.of(Level.ITEM, Level.PART) : EnumSet.of(level);
        // Only whole resources may be empty: around what is finer, nothing is left that holds nothing.
        this.taking = new ItemWalk(levels, level != Level.RESOURCE, this::take);
    }

    /**
     * Shows the request to the routes.
     *
     * @param parts where what each target gets is added, by its number
     * @return what no route moved; null if nothing is left
     * @throws weir.ottl.OttlException as a condition throws it; nothing was added then
     */
    @Nullable
    Batch run(Batch batch, List<List<Batch>> parts, @Nullable Copies copies) {
        Arrays.stream(met).forEach(BitSet::clear);
        moved.clear();
        shown = 0;
        Batch seen = requireNonNull(asking.walk(batch));
        for (int i = 0; i < routes.length; i++) {
            Batch part = met[i].isEmpty() ? null : take(seen, met[i], true);
            if (part != null) {
                parts.get(routes[i].target()).add(part);
            }
        }
        if (copies != null) {
            copies.follow(seen, level, copied(), moved);
        }
        return moved.isEmpty() ? seen : take(seen, moved, false);
    }

    private boolean ask(Item item) {
        int number = shown++;
        for (int i = 0; i < routes.length; i++) {
            if (routes[i].match().test(item)) {
                met[i].set(number);
                if (routes[i].action() == Action.MOVE) {
                    moved.set(number);
                    return true;
                }
            }
        }
        return true;
    }

    private BitSet copied() {
        BitSet copied = new BitSet();
        for (int i = 0; i < routes.length; i++) {
            if (routes[i].action() == Action.COPY) {
                copied.or(met[i]);
            }
        }
        return copied;
    }

    /** What is a member of the set, or what is not; null if that is nothing. */
    private @Nullable Batch take(Batch from, BitSet set, boolean members) {
        if (set.cardinality() == shown) {
            return members ? from : null;
        }
        wanted = set;
        wantsMembers = members;
        position = 0;
        return taking.walk(from);
    }

    private boolean take(Level at, Item item) {
        // A metric without data meets no condition about data points.
        return at == level ? wanted.get(position++) == wantsMembers : !wantsMembers || item.hasData();
    }
}
