package weir.allocator.targets;

import java.util.SortedMap;

/**
 * All that the allocator serves, in one value: the jobs of one configuration and the allocation of their targets.
 *
 * @param jobs by name
 */
public record Assignment(SortedMap<String, ScrapeJob> jobs, Allocation allocation) {}
