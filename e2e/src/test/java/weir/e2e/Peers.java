package weir.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the real systems are that tests run beside. One that is missing fails the test: these tests never skip. */
final class Peers {
    private Peers() {}

    static String path(String name) {
        String folder = System.getenv("PEERS_BIN");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path bin = folder != null
                ? Path.of(folder)
                : (cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("weir-peers/bin");
        Path program = bin.resolve(name);
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is missing: run e2e/peers/build " + name);
        }
        return program.toString();
    }
}
