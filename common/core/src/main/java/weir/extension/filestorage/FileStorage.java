package weir.extension.filestorage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import weir.journal.DirectoryVolume;
import weir.journal.Journal;
import weir.journal.JournalOptions;
import weir.journal.JournalStorage;
import weir.pipeline.Extension;

/** Opens journals in the directories of one. Safe for use by any thread. */
final class FileStorage implements Extension, JournalStorage {
    private static final int LONGEST_NAME = 200;

    private final FileStorageConfig config;
    private final Path directory;

    FileStorage(FileStorageConfig config) {
        this.config = config;
        this.directory = Path.of(config.directory());
    }

    @Override
    public void start() throws IOException {
        if (config.createDirectory() && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(permissions(config.directoryPermissions())));
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("file_storage: the directory " + directory
                    + " does not exist; make it, or set create_directory: true");
        }
        if (!Files.isWritable(directory)) {
            throw new IOException("file_storage: the directory " + directory + " cannot be written to");
        }
    }

    private static Set<PosixFilePermission> permissions(String octal) {
        int bits = Integer.parseInt(octal, 8);
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((bits >>> (all.length - 1 - i) & 1) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    @Override
    public Journal open(String name) throws IOException {
        Path place = directory.resolve(safe(name));
        return Journal.open(
                DirectoryVolume.open(place, config.timeout()),
                JournalOptions.of(
                        name, config.maxBytes(), config.sync(), config.weir().syncInterval()));
    }

    /** The collector's way: what may not stand in a file's name is ~ and its number. */
    private static String safe(String name) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || c == '.' || c == '-' || c == '_') {
                safe.append(c);
            } else {
                safe.append(String.format("~%04X", (int) c));
            }
        }
        return safe.length() <= LONGEST_NAME
                ? safe.toString()
                : safe.substring(0, LONGEST_NAME) + Integer.toHexString(name.hashCode());
    }
}
