package weir.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A cgroup with a memory limit, as a container has, v1 or v2. Where this user may make none, there is no box: then only the
 * resident memory is looked at, and nobody kills.
 */
final class MemoryBox implements AutoCloseable {
    private final Path folder;
    private final boolean v2;

    private MemoryBox(Path folder, boolean v2) {
        this.folder = folder;
        this.v2 = v2;
    }

    /** A new box, or one that is none. */
    static MemoryBox of(String name, long limitBytes) {
        Path v1 = Path.of("/sys/fs/cgroup/memory");
        Path folder = (Files.isDirectory(v1) ? v1 : Path.of("/sys/fs/cgroup"))
                .resolve("weir-" + name + "-" + ProcessHandle.current().pid());
        MemoryBox box = new MemoryBox(folder, !Files.isDirectory(v1));
        try {
            Files.createDirectory(folder);
            Files.writeString(
                    folder.resolve(box.v2 ? "memory.max" : "memory.limit_in_bytes"), Long.toString(limitBytes));
        } catch (IOException e) {
            box.close();
        }
        return box;
    }

    boolean exists() {
        return Files.isDirectory(folder);
    }

    /** What to write before a command so that it runs in the box. */
    List<String> prefix() {
        return exists()
                ? List.of("sh", "-c", "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$@\"", "sh")
                : List.of();
    }

    /** How many processes the kernel has killed in it. */
    long kills() throws IOException {
        if (!exists()) {
            return 0;
        }
        return Files.readAllLines(folder.resolve(v2 ? "memory.events" : "memory.oom_control")).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // a process is in it yet, or it was never made
        }
    }
}
