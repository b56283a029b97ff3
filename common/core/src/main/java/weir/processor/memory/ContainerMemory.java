package weir.processor.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How much memory this process may use: the smallest limit on its way up the cgroup hierarchy (v2 {@code memory.max}, v1
 * {@code memory.limit_in_bytes}), else what the machine has, else, where there is no {@code /proc}, the maximum heap.
 *
 * <p>Inside a container the hierarchy is often mounted with the container's own group at its top while
 * {@code /proc/self/cgroup} still names the path outside; so the mount's top is always looked at, whatever the path says.
 */
final class ContainerMemory {
    /** Limits from here on mean "none": v1 writes the largest multiple of a page below 2^63. */
    private static final long NO_LIMIT = 1L << 62;

    private final Path root;

    /** @param root the file system's root; another one for tests */
    ContainerMemory(Path root) {
        this.root = root;
    }

    long bytes() {
        long machine = machineBytes();
        long limit = NO_LIMIT;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3); // hierarchy id, controllers, path
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                limit = Math.min(limit, smallest(root.resolve("sys/fs/cgroup"), parts[2], "memory.max"));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                limit = Math.min(
                        limit, smallest(root.resolve("sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes"));
            }
        }
        return Math.min(machine, limit);
    }

    private static long smallest(Path mount, String group, String file) {
        long smallest = NO_LIMIT;
        @Nullable Path at = mount.resolve(group.replaceFirst("^/+", "")).normalize();
        while (at != null && at.startsWith(mount)) {
            smallest = Math.min(smallest, number(at.resolve(file)).orElse(NO_LIMIT));
            at = at.getParent();
        }
        return Math.min(smallest, number(mount.resolve(file)).orElse(NO_LIMIT));
    }

    private long machineBytes() {
        for (String line : lines(root.resolve("proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10; // it is in kB
            }
        }
        return Runtime.getRuntime().maxMemory();
    }

    private static OptionalLong number(Path file) {
        for (String line : lines(file)) {
            if (line.matches("\\d{1,18}|[1-9]\\d{18}")) {
                try {
                    return OptionalLong.of(Long.parseLong(line));
                } catch (NumberFormatException e) {
                    return OptionalLong.empty(); // beyond 2^63: none
                }
            }
        }
        return OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // not readable: as if it were not there
        }
    }
}
