package weir.allocator.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.allocator.targets.Allocation;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;

class CappedRendezvousTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 10, 20, 50, 100})
    void allocate_manyTargets_nobodyHasMoreThanTheCap(int collectors) {
        Allocation allocation = CappedRendezvous.allocate(jobs(4000), names(collectors));

        int cap = (int) Math.ceil(1.05 * 4000 / collectors);
        assertThat(allocation.perCollector()).hasSize(collectors);
        assertThat(allocation.perCollector().values()).allMatch(n -> n <= cap && n > 0);
        assertThat(allocation.perCollector().values().stream().mapToInt(n -> n).sum())
                .isEqualTo(4000);
        assertThat(allocation.unassigned()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 10, 20, 50})
    void allocate_oneCollectorMore_hardlyMoreThanItsShareMoves(int collectors) {
        Map<String, String> before = owners(CappedRendezvous.allocate(jobs(4000), names(collectors)));
        Map<String, String> after = owners(CappedRendezvous.allocate(jobs(4000), names(collectors + 1)));

        long moved = before.entrySet().stream()
                .filter(e -> !e.getValue().equals(after.get(e.getKey())))
                .count();
        assertThat(moved / 4000.0).isLessThan(1.0 / (collectors + 1) + 0.02);
    }

    @Test
    void allocate_otherOrder_givesTheSame() {
        List<ScrapeJob> jobs = new ArrayList<>(jobs(500));
        List<String> names = new ArrayList<>(names(7));
        Map<String, String> one = owners(CappedRendezvous.allocate(jobs, names));

        List<Target> shuffled = new ArrayList<>(jobs.getFirst().targets());
        Collections.shuffle(shuffled, new Random(1));
        Collections.shuffle(names, new Random(2));
        names.add(names.getFirst());
        jobs.set(0, new ScrapeJob(jobs.getFirst().name(), Map.of(), shuffled));

        assertThat(owners(CappedRendezvous.allocate(jobs, names))).isEqualTo(one);
    }

    @Test
    void allocate_noCollector_leavesAllUnassigned() {
        Allocation allocation = CappedRendezvous.allocate(jobs(10), List.of());

        assertThat(allocation.unassigned()).isEqualTo(10);
        assertThat(allocation.byJob()).containsOnlyKeys("a", "b");
        assertThat(allocation.targets("a", "agent-0")).isEmpty();
    }

    @Test
    void allocate_targetsThatDifferInMetadataOnly_areOne() {
        Target one = Target.of("a", Map.of("__address__", "x:1", "__meta_zone", "1"));
        Target same = Target.of("a", Map.of("__address__", "x:1", "__meta_zone", "2"));
        Target other = Target.of("b", Map.of("__address__", "x:1"));

        Allocation allocation = CappedRendezvous.allocate(
                List.of(new ScrapeJob("a", Map.of(), List.of(one, same)), new ScrapeJob("b", Map.of(), List.of(other))),
                List.of("agent-0"));

        assertThat(allocation.targets("a", "agent-0")).containsExactly(one);
        assertThat(allocation.targets("b", "agent-0")).containsExactly(other);
    }

    @Test
    void allocate_jobWithoutTargets_isAbsent() {
        Allocation allocation =
                CappedRendezvous.allocate(List.of(new ScrapeJob("empty", Map.of(), List.of())), List.of("agent-0"));

        assertThat(allocation.byJob()).isEmpty();
    }

    private static List<ScrapeJob> jobs(int targets) {
        return List.of(job("a", targets / 2), job("b", targets - targets / 2));
    }

    private static ScrapeJob job(String name, int targets) {
        return new ScrapeJob(
                name,
                Map.of(),
                IntStream.range(0, targets)
                        .mapToObj(
                                i -> Target.of(name, Map.of("__address__", "10.0." + i / 250 + "." + i % 250 + ":80")))
                        .toList());
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(i -> "otel-collector-" + i).toList();
    }

    private static Map<String, String> owners(Allocation allocation) {
        Map<String, String> owners = new HashMap<>();
        allocation
                .byJob()
                .forEach((job, byCollector) -> byCollector.forEach(
                        (collector, targets) -> targets.forEach(t -> owners.put(job + t.address(), collector))));
        return owners;
    }
}
