package weir.transport.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who listens on a TCP port of this machine, for messages to people. Known where the kernel shows it to this user, which is
 * Linux for processes of the same user, and root for all.
 */
public final class PortOwner {
    private static final Path PROC = Path.of("/proc");

    /** State of a listening socket in {@code /proc/net/tcp}: include/net/tcp_states.h. */
    private static final String LISTEN = "0A";

    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int MAX_PATH_CHARS = 60;

    private PortOwner() {}

    /** Such as {@code process 4711 (java -jar app.jar)}; {@code another process} where nobody can tell. */
    public static String of(int port) {
        try {
            Set<String> sockets = new HashSet<>();
            for (String table : List.of("net/tcp", "net/tcp6")) {
                addListening(sockets, PROC.resolve(table), port);
            }
            return sockets.isEmpty() ? "another process" : holder(sockets);
        } catch (IOException | RuntimeException e) {
            return "another process";
        }
    }

    /** Adds the links by which a process' open files name the listening sockets of a port. */
    private static void addListening(Set<String> links, Path table, int port) throws IOException {
        if (!Files.isReadable(table)) {
            return;
        }
        for (String line : Files.readAllLines(table)) {
            String[] fields = line.strip().split("\\s+", INODE + 2);
            if (fields.length > INODE && fields[STATE].equals(LISTEN)) {
                String local = fields[LOCAL_ADDRESS];
                if (Integer.parseInt(local, local.indexOf(':') + 1, local.length(), 16) == port) {
                    links.add("socket:[" + fields[INODE] + "]");
                }
            }
        }
    }

    private static String holder(Set<String> links) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, links)) {
                    long pid = Long.parseLong(process.getFileName().toString());
                    return pid == ProcessHandle.current().pid()
                            ? "this process itself"
                            : "process " + pid + " (" + command(process) + ")";
                }
            }
        }
        return "a process of another user";
    }

    private static boolean holds(Path process, Set<String> links) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file)
                        && links.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another user's, or gone since.
        }
        return false;
    }

    /** The program and, of one that runs in a JVM, what it runs; never all arguments, which may hold secrets. */
    private static String command(Path process) throws IOException {
        List<String> words =
                List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
        String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        int jar = words.indexOf("-jar");
        return jar >= 0 && jar + 1 < words.size() ? program + " -jar " + endOf(words.get(jar + 1)) : program;
    }

    /** The last parts of a path, which tell more than the first. */
    private static String endOf(String path) {
        int from = path.indexOf('/', Math.max(0, path.length() - MAX_PATH_CHARS));
        return path.length() <= MAX_PATH_CHARS || from < 0 ? path : "…" + path.substring(from);
    }
}
