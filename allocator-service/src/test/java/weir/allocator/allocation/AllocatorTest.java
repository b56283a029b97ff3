package weir.allocator.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;
import weir.telemetry.Metrics;

class AllocatorTest {
    private final Metrics metrics = new Metrics();
    private final Allocator allocator = new Allocator(metrics, () -> 0);

    @Test
    void assign_again_replacesWhatIsServedAndItsSeries() {
        assertThat(allocator.current()).isNull();

        allocator.assign(jobs("a", "b"), List.of("agent-0", "agent-1"));
        assertThat(metrics.value("opentelemetry_allocator_targets")).isEqualTo(2);
        var second = allocator.assign(jobs("b"), List.of("agent-1"));

        assertThat(allocator.current()).isSameAs(second);
        assertThat(metrics.value("opentelemetry_allocator_targets")).isEqualTo(1);
        assertThat(metrics.value("opentelemetry_allocator_targets_per_collector", "collector_name", "agent-0"))
                .isZero();
        assertThat(metrics.value("opentelemetry_allocator_targets_per_collector", "collector_name", "agent-1"))
                .isEqualTo(1);
        assertThat(metrics.value("opentelemetry_allocator_collectors_allocatable"))
                .isEqualTo(1);
        assertThat(metrics.value("weir_allocator_assignments")).isEqualTo(2);
    }

    @Test
    void assign_noCollector_countsWhatNobodyScrapes() {
        allocator.assign(jobs("a"), List.of());
        assertThat(metrics.value("opentelemetry_allocator_targets_unassigned")).isEqualTo(1);

        allocator.assign(jobs("a"), List.of("agent-0"));
        assertThat(metrics.value("opentelemetry_allocator_targets_unassigned")).isZero();
    }

    private static SortedMap<String, ScrapeJob> jobs(String... names) {
        SortedMap<String, ScrapeJob> jobs = new TreeMap<>();
        for (String name : names) {
            Target target = Target.of(name, Map.of("__address__", name + ":80"));
            jobs.put(name, new ScrapeJob(name, Map.of(), List.of(target)));
        }
        return jobs;
    }
}
