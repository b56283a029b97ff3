package weir.connector.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Batches;
import weir.otlp.Signal;
import weir.ottl.Environment;

/**
 * What is done by a configuration: requests are cut into parts, stage by stage, each stage taking what those before it left.
 * For any thread.
 */
final class RoutingTable {
    /**
     * What one target gets of a request.
     *
     * @param target its number
     */
    record Part(int target, Batch batch) {}

    /**
     * What becomes of a request.
     *
     * @param parts at most one for each target
     * @param dropped how many items go nowhere
     */
    record Routed(List<Part> parts, int dropped) {}

    /** Kept for threads that bring requests at once; beyond that they are made for the one request. */
    private static final int KEPT = 16;

    private static final int NOWHERE = -1;

    private final Signal signal;
    private final List<List<String>> targets = new ArrayList<>();
    private final List<Route> routes;
    private final int rest;
    private final boolean followsCopies;
    private final Queue<Passes> free = new ArrayBlockingQueue<>(KEPT);

    /** @param config checked, for this signal */
    RoutingTable(RoutingConfig config, Signal signal, Environment environment) {
        this.signal = signal;
        this.routes = Routes.of(config, signal, targets, environment);
        this.rest = config.defaultPipelines().isEmpty() ? NOWHERE : Routes.number(config.defaultPipelines(), targets);
        this.followsCopies = rest == NOWHERE && routes.stream().anyMatch(r -> r.action() == Action.COPY);
    }

    /** Names of pipelines: what a target's number stands for. */
    List<List<String>> targets() {
        return List.copyOf(targets);
    }

    /** How often a condition could not be evaluated by now. */
    long errors() {
        return routes.stream().mapToLong(r -> r.match().errors()).sum();
    }

    /**
     * Cuts a request.
     *
     * @throws weir.ottl.OttlException if a condition cannot be evaluated, and the error mode is to say so
     */
    Routed route(Batch batch) {
        Passes taken = free.poll();
        Passes passes = taken == null ? new Passes() : taken;
        try {
            return passes.route(batch);
        } finally {
            free.offer(passes);
        }
    }

    /** What one thread needs. */
    private final class Passes {
        private final List<Stage> stages = new ArrayList<>();
        private final @Nullable Copies copies = followsCopies ? new Copies(signal) : null;
        private final List<List<Batch>> parts = new ArrayList<>();

        Passes() {
            targets.forEach(_ -> parts.add(new ArrayList<>()));
            List<Route> together = new ArrayList<>();
            for (Route route : routes) {
                if (!together.isEmpty() && !together.getLast().goesWith(route)) {
                    stages.add(new Stage(together, signal));
                    together.clear();
                }
                together.add(route);
            }
            stages.add(new Stage(together, signal));
        }

        Routed route(Batch batch) {
            try {
                return cut(batch);
            } finally {
                parts.forEach(List::clear);
            }
        }

        private Routed cut(Batch batch) {
            if (copies != null) {
                copies.begin();
            }
            Batch left = batch;
            for (int i = 0; i < stages.size() && left != null && left.length() > 0; i++) {
                left = stages.get(i).run(left, parts, copies);
            }
            int dropped = 0;
            if (left != null && left.length() > 0) {
                if (rest == NOWHERE) {
                    dropped = Math.max(0, left.items() - (copies == null ? 0 : copies.copied()));
                } else {
                    parts.get(rest).add(left);
                }
            }
            return new Routed(joined(batch), Math.min(dropped, batch.items()));
        }

        private List<Part> joined(Batch batch) {
            List<Part> joined = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                List<Batch> of = parts.get(i);
                if (of.size() == 1 && of.getFirst() == batch) {
                    joined.add(new Part(i, batch));
                } else if (!of.isEmpty()) {
                    joined.add(new Part(i, Batches.concat(of).routed(batch.routedBy(), batch.isForwarded())));
                }
            }
            return joined;
        }
    }
}
