package weir.journal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import weir.journal.Volume.VolumeFile;

/**
 * Makes files ready for the segments to come, and uses those again or deletes them that nobody needs. Belongs to the writer
 * thread; takes the journal's lock for what that guards.
 */
final class FileSupply {
    private static final Logger LOG = System.getLogger(FileSupply.class.getName());
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_ZEROS = 1 << 20;

    private final Volume volume;
    private final JournalOptions options;
    private final Lock lock;
    private final Stage stage;
    private final Segments segments;
    private final Counts counts;
    private final ByteBuffer zeros;
    private final byte[] oldestNote = new byte[Long.BYTES];

    /** A file that is being filled with zeros, so that later writes find room, and how far it is. */
    private @Nullable Segment preparing;

    private long prepared;
    private long againNanos = System.nanoTime();
    private volatile String trouble = "";

    FileSupply(Volume volume, JournalOptions options, Lock lock, Stage stage, Segments segments, Counts counts) {
        this.volume = volume;
        this.options = options;
        this.lock = lock;
        this.stage = stage;
        this.segments = segments;
        this.counts = counts;
        this.zeros = ByteBuffer.allocateDirect(Math.min(MOST_ZEROS, options.segmentBytes()));
    }

    /** Why there is no room; empty if there is. */
    String trouble() {
        return trouble;
    }

    /** Lets go of what is not ready yet. */
    void close() {
        if (preparing != null) {
            preparing.file.close();
            preparing = null;
        }
    }

    /** Lets go of the files that are not needed any more. */
    boolean recycle() {
        boolean any = false;
        while (true) {
            Segment free;
            boolean use;
            lock.lock();
            try {
                free = segments.takeFree();
                use = free != null && segments.isOfUse(free);
                if (free != null && use) {
                    segments.addReady(free);
                }
            } finally {
                lock.unlock();
            }
            if (free == null) {
                break;
            }
            if (!use) {
                delete(free);
            }
            any = true;
        }
        if (any) {
            noteOldest();
        }
        return any;
    }

    private void noteOldest() {
        lock.lock();
        try {
            Segment to = segments.room(Format.size(Long.BYTES), true, stage);
            if (to != null) {
                Format.putLong(oldestNote, 0, segments.used().getFirst().sequence);
                stage.record(to, Format.OLDEST, oldestNote, Long.BYTES, oldestNote, 0, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    private void delete(Segment segment) {
        try {
            segment.file.close();
            volume.delete(segment.toString());
        } catch (IOException e) {
            failed("cannot delete " + segment, e);
        }
    }

    /** Does a piece of making a file ready; whether it did. */
    boolean prepare() {
        if (System.nanoTime() - againNanos < 0) {
            return false;
        }
        Segment file = preparing;
        try {
            if (file == null) {
                file = create();
                preparing = file;
                prepared = 0;
                return file != null;
            }
            int n = (int) Math.min(zeros.capacity(), file.capacity - prepared);
            file.file.write(zeros.clear().limit(n), prepared);
            prepared += n;
            if (prepared < file.capacity) {
                return true;
            }
            if (options.sync() != Sync.NONE) {
                file.file.force();
                volume.sync();
            }
            ready(file);
        } catch (IOException e) {
            counts.writeFailures.increment();
            failed("finds no room for " + options.segmentBytes() + " bytes more", e);
            againNanos = System.nanoTime() + AGAIN_NANOS;
            preparing = null;
            if (file != null) {
                delete(file);
            }
            return false;
        }
        return true;
    }

    private @Nullable Segment create() throws IOException {
        long capacity;
        int number;
        lock.lock();
        try {
            capacity = segments.wanted();
            number = capacity == 0 ? -1 : segments.takeNumber();
        } finally {
            lock.unlock();
        }
        if (capacity == 0) {
            trouble = "";
            return null;
        }
        VolumeFile file = volume.create(Format.fileName(number));
        return new Segment(number, file, capacity);
    }

    private void ready(Segment file) {
        preparing = null;
        trouble = "";
        lock.lock();
        try {
            segments.addReady(file);
        } finally {
            lock.unlock();
        }
    }

    /** Says what is the matter, once. */
    private void failed(String what, Throwable e) {
        String message = "the journal in " + volume + " " + what + ": " + Cause.of(e);
        if (!message.equals(trouble)) {
            LOG.log(Level.WARNING, message);
        }
        trouble = message;
    }
}
