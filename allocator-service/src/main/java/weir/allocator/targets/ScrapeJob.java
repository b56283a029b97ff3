package weir.allocator.targets;

import java.util.List;
import java.util.Map;

/**
 * One scrape job.
 *
 * @param settings under Prometheus's own names, with what {@code global} says filled in: what {@code /scrape_configs}
 *     shows, before secrets are masked
 * @param targets those that relabelling keeps
 * @param discovered how many there were before
 */
public record ScrapeJob(String name, Map<String, Object> settings, List<Target> targets, int discovered) {
    /** A job that drops no target. */
    public ScrapeJob(String name, Map<String, Object> settings, List<Target> targets) {
        this(name, settings, targets, targets.size());
    }
}
