package weir.ottl.context;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;

/**
 * What is done to requests, step by step, each step at one level. Steps that follow each other go over a request together
 * where nobody can tell: a step at an outer level before one at an inner level, or two at the same level. If a step then edits
 * something outer, which those after it must see as it is when that step has seen all items, all go one by one from then on.
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

    /** Kept for threads that bring requests at once; beyond that they are made for the one request. */
    private static final int KEPT = 16;

    private final List<? extends Step> steps;
    private final boolean dropsEmpty;
    private final Queue<Passes> free = new ArrayBlockingQueue<>(KEPT);
    private volatile boolean oneByOne;

    /** @param dropsEmpty whether what has nothing in it, or nothing left, goes */
    public Programs(List<? extends Step> steps, boolean dropsEmpty) {
        this.steps = List.copyOf(steps);
        this.dropsEmpty = dropsEmpty;
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
        Passes taken = free.poll();
        Passes passes = taken == null || taken.oneByOne != oneByOne ? new Passes(oneByOne) : taken;
        try {
            return passes.run(batch);
        } catch (OuterEdited e) {
            oneByOne = true;
            passes = new Passes(true);
            return passes.run(batch);
        } finally {
            free.offer(passes);
        }
    }

    /** A step edited something above its level, or made a metric, while others went over the request with it. */
    private static final class OuterEdited extends RuntimeException {
        private static final long serialVersionUID = 1;

        private OuterEdited() {
            super("", null, false, false);
        }
    }

    private final class Passes {
        private final boolean oneByOne;
        private final List<ItemWalk> walks = new ArrayList<>();

        Passes(boolean oneByOne) {
            this.oneByOne = oneByOne;
            List<Step> together = new ArrayList<>();
            for (Step step : steps) {
                if (!together.isEmpty()
                        && (oneByOne
                                || step.level().compareTo(together.getLast().level()) < 0)) {
                    walks.add(walk(together));
                    together.clear();
                }
                together.add(step.copy());
            }
            if (!together.isEmpty()) {
                walks.add(walk(together));
            }
        }

        private ItemWalk walk(List<Step> together) {
            Set<Level> levels = new HashSet<>();
            Step[][] byLevel = new Step[Level.values().length][];
            for (Level level : Level.values()) {
                byLevel[level.ordinal()] =
                        together.stream().filter(s -> s.level() == level).toArray(Step[]::new);
            }
            together.forEach(s -> levels.add(s.level()));
            boolean watched = together.size() > 1;
            return new ItemWalk(levels, dropsEmpty, (level, item) -> visit(byLevel[level.ordinal()], item, watched));
        }

        private static boolean visit(Step[] those, Item item, boolean watched) {
            for (Step step : those) {
                int before = watched ? item.revisionAbove(step.level()) : 0;
                item.forget();
                if (!step.at(item)) {
                    return false;
                }
                if (watched && item.revisionAbove(step.level()) != before) {
                    throw new OuterEdited();
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
