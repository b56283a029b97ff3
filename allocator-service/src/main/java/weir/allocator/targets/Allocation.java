package weir.allocator.targets;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which collector scrapes which targets. Immutable; a new one replaces it as a whole.
 *
 * @param collectors their names, sorted
 * @param byJob by job, then by collector, each with its targets in their discovered order; a job without targets is not here,
 *     a collector without targets of the job is not there
 * @param perCollector how many targets each collector has
 * @param unassigned how many targets nobody scrapes, there being no collector
 */
public record Allocation(
        List<String> collectors,
        SortedMap<String, Map<String, List<Target>>> byJob,
        Map<String, Integer> perCollector,
        int unassigned) {
    /** The targets of a job that a collector scrapes; none if either is unknown. */
    public List<Target> targets(String job, String collector) {
        return byJob.getOrDefault(job, Map.of()).getOrDefault(collector, List.of());
    }
}
