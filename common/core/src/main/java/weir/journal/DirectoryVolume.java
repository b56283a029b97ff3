package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory that one process at a time keeps a journal in; a locked file in it sees to that. */
public final class DirectoryVolume implements Volume {
    private static final String LOCK = "journal.lock";
    private static final long LOOK_AGAIN_NANOS = 50_000_000;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private DirectoryVolume(Path directory, FileChannel lockChannel, FileLock lock) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Takes a directory, which is made, for this user alone, if it is missing.
     *
     * @param patience how long to wait for another process to let go of it
     * @throws IOException if it cannot be used, with a message for people
     */
    public static DirectoryVolume open(Path directory, Duration patience) throws IOException {
        create(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel, directory, patience);
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new DirectoryVolume(directory, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What is in a journal is what users sent: nobody else is to read it. */
    private static void create(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static FileLock lock(FileChannel channel, Path directory, Duration patience) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            FileLock lock = tryLock(channel, directory);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - begin >= patience.toNanos()) {
                throw new IOException("the journal in " + directory + " is in use by another process" + owner(channel)
                        + "; give each process a directory of its own, or wait until that one has ended");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, Path directory) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new IOException(
                    "the journal in " + directory + " is in use by another component of this process; give each a"
                            + " directory of its own",
                    e);
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        int length = channel.read(pid, 0);
        return length <= 0 ? "" : " (pid " + new String(pid.array(), 0, length, StandardCharsets.US_ASCII) + ")";
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(Path::getFileName).map(Path::toString).forEach(names::add);
        }
        return names;
    }

    @Override
    public VolumeFile open(String name) throws IOException {
        return new DirectoryFile(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public VolumeFile create(String name) throws IOException {
        return new DirectoryFile(
                directory.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public void close() {
        try (lockChannel) {
            lock.release();
        } catch (IOException e) {
            throw new IllegalStateException("cannot let go of " + directory, e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** Reads have a channel of their own: a reader that is interrupted closes it, and must not close the writer's. */
    private static final class DirectoryFile implements VolumeFile {
        private final Path path;
        private final FileChannel channel;
        private volatile @Nullable FileChannel reading;

        private DirectoryFile(Path path, StandardOpenOption... options) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(path, options);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            FileChannel from = reading;
            if (from == null || !from.isOpen()) {
                from = FileChannel.open(path, StandardOpenOption.READ);
                reading = from;
            }
            try {
                long at = position;
                while (into.hasRemaining()) {
                    int n = from.read(into, at);
                    if (n < 0) {
                        return;
                    }
                    at += n;
                }
            } catch (ClosedByInterruptException e) {
                throw new IOException("interrupted while reading " + path, e);
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() {
            FileChannel from = reading;
            try (channel;
                    from) {
                reading = null;
            } catch (IOException e) {
                throw new IllegalStateException("cannot close " + path, e);
            }
        }
    }
}
