package weir.rim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that a service runs with.
 *
 * @param path null for the one built in
 * @param name for people
 */
public record ServiceFile(@Nullable Path path, String name, String text) {
    /** The property, and as {@code WEIR_CONFIG} the variable, that says where the file is. */
    static final String CONFIG = "weir.config";

    /** The property, and as {@code WEIR_DATA} the variable, that says where components may keep files. */
    static final String DATA = "weir.data";

    private static final long MAX_BYTES = 8L << 20;

    /**
     * Reads a file, or the one built in.
     *
     * @param path empty for the one built in
     * @throws IOException with the file's name and what is wrong with it
     */
    public static ServiceFile read(Service service, Optional<Path> path) throws IOException {
        return path.isPresent() ? read(path.get()) : builtIn(service);
    }

    /** What the process was told to use, asked for before Quarkus reads its own configuration. */
    static Optional<Path> told() {
        String told = System.getProperty(
                CONFIG, Optional.ofNullable(System.getenv("WEIR_CONFIG")).orElse(""));
        return told.isEmpty() ? Optional.empty() : Optional.of(Path.of(told));
    }

    private static ServiceFile read(Path path) throws IOException {
        try {
            if (Files.isDirectory(path)) {
                throw new IOException(path + ": it is a directory");
            }
            if (Files.size(path) > MAX_BYTES) {
                throw new IOException(path + ": it is longer than " + (MAX_BYTES >> 20) + " MiB");
            }
            return new ServiceFile(path, path.toString(), Files.readString(path));
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new IOException(path + ": it is not text in UTF-8", e);
        }
    }

    private static ServiceFile builtIn(Service service) throws IOException {
        String resource = service.builtInFile();
        try (InputStream in = service.getClass().getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + ": it is not built in");
            }
            return new ServiceFile(null, "built-in " + resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
