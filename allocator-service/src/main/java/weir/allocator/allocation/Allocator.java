package weir.allocator.allocation;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.allocator.targets.Allocation;
import weir.allocator.targets.Assignment;
import weir.allocator.targets.ScrapeJob;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

/**
 * Holds what is served: one immutable {@link Assignment}, replaced as a whole when jobs or collectors change. Readers need no
 * lock; changes are made one at a time.
 */
public final class Allocator {
    private static final String PREFIX = "opentelemetry_allocator_";
    private static final String STRATEGY = "rendezvous";
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10};

    private static final Assignment NOTHING =
            new Assignment(Collections.emptySortedMap(), CappedRendezvous.allocate(List.of(), List.of()));

    private final Metrics metrics;
    private final LongSupplier nanoTime;
    private final Histogram timeToAllocate;
    private final Counter assignments;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Assignment current;

    /** @param nanoTime monotonic */
    public Allocator(Metrics metrics, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        assignments = metrics.counter("weir_allocator_assignments", "How often jobs or collectors were taken over");
        timeToAllocate = metrics.histogram(
                PREFIX + "time_to_allocate",
                "Seconds that an allocation of all targets took",
                SECONDS,
                "method",
                "Allocate",
                "strategy",
                STRATEGY);
        metrics.gauge(
                PREFIX + "collectors_allocatable",
                "Collectors that targets can be allocated to",
                () -> allocation().collectors().size(),
                "strategy",
                STRATEGY);
        metrics.gauge(
                PREFIX + "targets_remaining",
                "Targets that relabelling keeps",
                () -> allocation().unassigned()
                        + allocation().perCollector().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum());
        metrics.gauge(
                PREFIX + "targets_unassigned",
                "Targets that nobody scrapes",
                () -> allocation().unassigned());
    }

    /** Takes over jobs and collectors, and serves them from now on. */
    public Assignment assign(SortedMap<String, ScrapeJob> jobs, List<String> collectors) {
        lock.lock();
        try {
            Assignment before = current;
            long began = nanoTime.getAsLong();
            Assignment assignment = new Assignment(jobs, CappedRendezvous.allocate(jobs.values(), collectors));
            timeToAllocate.record((nanoTime.getAsLong() - began) / 1e9);
            current = assignment;
            assignments.increment();
            publish(before == null ? NOTHING : before, assignment);
            return assignment;
        } finally {
            lock.unlock();
        }
    }

    /** What to serve; null before the first {@link #assign}. */
    public @Nullable Assignment current() {
        return current;
    }

    private Allocation allocation() {
        Assignment assignment = current;
        return assignment == null ? NOTHING.allocation() : assignment.allocation();
    }

    /** Series of jobs and collectors that are gone go too. */
    private void publish(Assignment before, Assignment now) {
        var goneJobs = new TreeSet<>(before.jobs().keySet());
        goneJobs.removeAll(now.jobs().keySet());
        goneJobs.forEach(job -> metrics.remove("job_name", job));
        var goneCollectors = new TreeSet<>(before.allocation().collectors());
        goneCollectors.removeAll(now.allocation().collectors());
        goneCollectors.forEach(collector -> metrics.remove("collector_name", collector));

        now.jobs().forEach((name, job) -> {
            int discovered = job.discovered();
            metrics.gauge(PREFIX + "targets", "Targets that were discovered", () -> discovered, "job_name", name);
        });
        now.allocation()
                .perCollector()
                .forEach((collector, targets) -> metrics.gauge(
                        PREFIX + "targets_per_collector",
                        "Targets that a collector scrapes",
                        () -> targets,
                        "collector_name",
                        collector,
                        "strategy",
                        STRATEGY));
    }
}
