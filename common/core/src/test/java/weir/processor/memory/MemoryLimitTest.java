package weir.processor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.Checked;

class MemoryLimitTest {
    private static final long MIB = 1 << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @Test
    void of_limitMibAlone_leavesAFifthForSpikes() {
        var limit = MemoryLimit.of(new MemoryLimiterConfig(SECOND, 100, 0, 0, 0), 0, 1000 * MIB);

        assertThat(limit).isEqualTo(new MemoryLimit(100 * MIB, 80 * MIB, 100 * MIB));
    }

    @Test
    void of_percentages_relateToTheContainer() {
        var limit = MemoryLimit.of(new MemoryLimiterConfig(SECOND, 0, 0, 50, 10), 400 * MIB, 1000 * MIB);

        assertThat(limit).isEqualTo(new MemoryLimit(200 * MIB, 160 * MIB, 200 * MIB));
    }

    @Test
    void of_moreThanTheHeapCarries_isLoweredAndSaysSo() {
        var limit = MemoryLimit.of(new MemoryLimiterConfig(SECOND, 1000, 900, 0, 0), 0, 100 * MIB);

        assertThat(limit).isEqualTo(new MemoryLimit(70 * MIB, 56 * MIB, 1000 * MIB));
        assertThat(limit.describe(100 * MIB)).contains("56 MiB", "70 MiB", "1000 MiB", "-Xmx");
    }

    @Test
    void check_impossibleLimits_namesEachOption() {
        assertThat(errors(new MemoryLimiterConfig(Duration.ZERO, 0, 0, 0, 0))).containsExactly("check_interval", "");
        assertThat(errors(new MemoryLimiterConfig(SECOND, 10, 10, 0, 0))).containsExactly("spike_limit_mib");
        assertThat(errors(new MemoryLimiterConfig(SECOND, 0, 0, 50, 60))).containsExactly("spike_limit_percentage");
        assertThat(errors(new MemoryLimiterConfig(SECOND, 0, 0, 101, 0))).containsExactly("limit_percentage");
        assertThat(errors(new MemoryLimiterConfig(SECOND, 10, 2, 0, 0))).isEmpty();
    }

    @Test
    void bytes_cgroupV2_takesTheSmallestLimitOnTheWayUp() throws IOException {
        file("proc/meminfo", "MemTotal:       8000000 kB\nMemFree: 1 kB\n");
        file("proc/self/cgroup", "0::/pods/a\n");
        file("sys/fs/cgroup/pods/a/memory.max", "max\n");
        file("sys/fs/cgroup/pods/memory.max", "104857600\n");

        assertThat(new ContainerMemory(root).bytes()).isEqualTo(100 * MIB);
    }

    @Test
    void bytes_cgroupV1SeenFromInside_readsTheTopOfTheMount() throws IOException {
        file("proc/meminfo", "MemTotal:       8000000 kB\n");
        file("proc/self/cgroup", "5:cpu:/x\n4:memory:/kubepods/outside\n0::/\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "209715200\n");

        assertThat(new ContainerMemory(root).bytes()).isEqualTo(200 * MIB);
    }

    @Test
    void bytes_noLimit_isWhatTheMachineHas() throws IOException {
        file("proc/meminfo", "MemTotal:       8000000 kB\n");
        file("proc/self/cgroup", "4:memory:/\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(new ContainerMemory(root).bytes()).isEqualTo(8_000_000L << 10);
    }

    @Test
    void bytes_noProc_isTheHeap() {
        assertThat(new ContainerMemory(root).bytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
    }

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static List<String> errors(MemoryLimiterConfig config) {
        List<String> options = new ArrayList<>();
        config.check(new Checked.Complaints() {
            @Override
            public void error(String option, String what) {
                options.add(option);
            }

            @Override
            public void warning(String option, String what) {}
        });
        return options;
    }
}
