package weir.ottl.context;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.ottl.OttlException;

/**
 * What is done to requests, step by step, each step at one level. Steps go over a request together where nobody can tell:
 * each before those at inner levels, or at its own; and at resources and scopes also behind those at inner levels, which as a
 * rule look at nothing above them. Where that turns out to be wrong, because a step looks at what one behind it may have edited
 * already, or edits what those behind it must see as it is when all items were visited, the request is begun anew, and fewer
 * go together from then on.
 *
 * <p>For any thread: each takes steps of its own, which {@link Step#copy} makes.
 */
public final class Programs {
    /** One step. Belongs to one thread at a time. */
    public interface Step {
        Level level();

        /**
         * Done at each item of the level.
         *
         * @return false to drop the item
         */
        boolean at(Item item);

        /** The same step for another thread. */
        Step copy();

        /** How often it could not be done by now, by all copies. For any thread. */
        long errors();
    }

    /**
     * A request after all steps.
     *
     * @param batch null if nothing is left of it
     * @param dropped how many items were dropped
     * @param made how many data points came in addition, of metrics that were made of others
     * @param merged how many data points went because they are in others now
     */
    public record Outcome(@Nullable Batch batch, int dropped, int made, int merged) {}

    /** Which steps go together, from the fastest way to the one that is always right. */
    private enum Way {
        /** All but those within items after those within their parts. */
        HEADS_FIRST,
        /** None after one at an inner level. */
        BY_LEVEL,
        ONE_BY_ONE;

        boolean goesWith(Level innermost, Level next) {
            return switch (this) {
                case HEADS_FIRST -> next.compareTo(innermost) >= 0 || next.compareTo(Level.ITEM) < 0;
                case BY_LEVEL -> next.compareTo(innermost) >= 0;
                case ONE_BY_ONE -> false;
            };
        }
    }

    /** Kept for threads that bring requests at once; beyond that they are made for the one request. */
    private static final int KEPT = 16;

    private final List<Step> steps;
    private final @Nullable Level dropsEmptyTo;
    private final Queue<Passes> free = new ArrayBlockingQueue<>(KEPT);
    private volatile Way way = Way.HEADS_FIRST;

    /** @param dropsEmpty whether what has nothing in it, or nothing left, goes */
    public Programs(List<? extends Step> steps, boolean dropsEmpty) {
        this(
                List.copyOf(steps),
                dropsEmpty
                        ? steps.stream()
                                .map(Step::level)
                                .max(Comparator.naturalOrder())
                                .orElse(null)
                        : null);
    }

    private Programs(List<Step> steps, @Nullable Level dropsEmptyTo) {
        this.steps = steps;
        this.dropsEmptyTo = dropsEmptyTo;
    }

    /** These steps, and then those of others, all as those would be done that come first. */
    Programs andThen(List<Programs> others) {
        List<Step> all = new ArrayList<>(steps);
        others.forEach(other -> all.addAll(other.steps));
        return new Programs(List.copyOf(all), dropsEmptyTo);
    }

    /** Whether a step was seen to edit something above it, so that none go together. */
    boolean isOneByOne() {
        return way == Way.ONE_BY_ONE;
    }

    /** How often a step could not be done by now. */
    public long errors() {
        return steps.stream().mapToLong(Step::errors).sum();
    }

    /**
     * Does all steps.
     *
     * @throws weir.ottl.OttlException if a step cannot be done, and its error mode is to say so
     */
    public Outcome run(Batch batch) {
        if (steps.isEmpty()) {
            return new Outcome(batch, 0, 0, 0);
        }
        while (true) {
            Way now = way;
            Passes taken = free.poll();
            Passes passes = taken == null || taken.way != now ? new Passes(now) : taken;
            try {
                return passes.run(batch);
            } catch (GoApart e) {
                if (way.compareTo(e.further) < 0) {
                    way = e.further;
                }
            } finally {
                free.offer(passes);
            }
        }
    }

    /** Steps went over the request together that must not. */
    private static final class GoApart extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Way further;

        private GoApart(Way further) {
            super("", null, false, false);
            this.further = further;
        }

        /** A step looked at what another, behind it, may have edited. */
        static GoApart lookedAbove() {
            return new GoApart(Way.BY_LEVEL);
        }

        /** A step edited something above its level, or made a metric. */
        static GoApart editedAbove() {
            return new GoApart(Way.ONE_BY_ONE);
        }
    }

    /**
     * A step among those that it goes with.
     *
     * @param watched whether it goes with any
     * @param blind whether it must not look at what is above it: one behind it was there already
     */
    private record Seat(Step step, boolean watched, boolean blind) {
        boolean at(Item item) {
            Level level = step.level();
            int edits = watched ? item.revisionAbove(level) : 0;
            int looks = blind ? item.looksAbove(level) : 0;
            item.forget();
            boolean stays;
            try {
                stays = step.at(item);
            } catch (OttlException e) {
                if (blind && item.looksAbove(level) != looks) {
                    throw GoApart.lookedAbove();
                }
                throw e;
            }
            if (blind && item.looksAbove(level) != looks) {
                throw GoApart.lookedAbove();
            }
            if (watched && item.revisionAbove(level) != edits) {
                throw GoApart.editedAbove();
            }
            return stays;
        }
    }

    private final class Passes {
        private final Way way;
        private final List<ItemWalk> walks = new ArrayList<>();

        Passes(Way way) {
            this.way = way;
            List<Step> together = new ArrayList<>();
            Level innermost = Level.RESOURCE;
            for (Step step : steps) {
                if (!together.isEmpty() && !way.goesWith(innermost, step.level())) {
                    walks.add(walk(together));
                    together.clear();
                    innermost = Level.RESOURCE;
                }
                together.add(step.copy());
                innermost = step.level().compareTo(innermost) > 0 ? step.level() : innermost;
            }
            if (!together.isEmpty()) {
                walks.add(walk(together));
            }
        }

        private ItemWalk walk(List<Step> together) {
            Set<Level> levels = new HashSet<>();
            List<List<Seat>> seats = new ArrayList<>();
            for (Level _ : Level.values()) {
                seats.add(new ArrayList<>());
            }
            for (int i = 0; i < together.size(); i++) {
                Step step = together.get(i);
                levels.add(step.level());
                boolean blind = together.subList(i, together.size()).stream()
                        .anyMatch(later -> later.level().compareTo(step.level()) < 0);
                seats.get(step.level().ordinal()).add(new Seat(step, together.size() > 1, blind));
            }
            Seat[][] byLevel =
                    seats.stream().map(those -> those.toArray(Seat[]::new)).toArray(Seat[][]::new);
            return new ItemWalk(levels, dropsEmptyTo, (level, item) -> visit(byLevel[level.ordinal()], item));
        }

        private static boolean visit(Seat[] those, Item item) {
            for (Seat seat : those) {
                if (!seat.at(item)) {
                    return false;
                }
            }
            return true;
        }

        Outcome run(Batch batch) {
            Batch now = batch;
            int dropped = 0;
            int made = 0;
            int merged = 0;
            for (ItemWalk walk : walks) {
                Batch after = walk.walk(now);
                dropped += walk.dropped();
                made += walk.made();
                merged += walk.merged();
                if (after == null) {
                    return new Outcome(null, batch.items() + made - merged, made, merged);
                }
                now = after;
            }
            if (now != batch && (batch.routedBy() != 0 || batch.isForwarded())) {
                now = now.routed(batch.routedBy(), batch.isForwarded());
            }
            return new Outcome(now, dropped, made, merged);
        }
    }
}
