package weir.journal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import weir.journal.Stage.Chunk;
import weir.journal.Stage.Piece;

/**
 * The thread that writes a journal: what was staged at once, all of it together. While it syncs, more is staged, so that one
 * sync serves many appends. Between pieces it makes files ready, lets go of those that nobody needs, and copies forward.
 */
final class JournalWriter implements Runnable {
    private static final Logger LOG = System.getLogger(JournalWriter.class.getName());
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long RELEASES_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long ROOM_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Volume volume;
    private final JournalOptions options;
    private final Lock lock;
    private final Stage stage;
    private final Segments segments;
    private final Releases releases;
    private final Counts counts;
    private final Compaction compaction;
    private final FileSupply files;
    private long compactAgainNanos = System.nanoTime();

    private volatile boolean waiting;
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;
    /** Notes of releases have waited for more of them, and are to be written now. */
    private boolean lingered = true;

    private volatile String writeTrouble = "";

    JournalWriter(
            Volume volume,
            JournalOptions options,
            Lock lock,
            Stage stage,
            Segments segments,
            Releases releases,
            Counts counts) {
        this.volume = volume;
        this.options = options;
        this.lock = lock;
        this.stage = stage;
        this.segments = segments;
        this.releases = releases;
        this.counts = counts;
        this.files = new FileSupply(volume, options, lock, stage, segments, counts);
        this.compaction = new Compaction(lock, segments, stage, counts);
    }

    void start() {
        Thread made = Thread.ofPlatform()
                .name("weir-journal-" + options.name())
                .daemon()
                .unstarted(this);
        thread = made;
        made.start();
    }

    /** There is something to write. */
    void wake() {
        if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    /** Writes what is staged, and ends the thread. */
    void stop() {
        stopped = true;
        Thread t = thread;
        boolean interrupted = false;
        while (t != null && t.isAlive()) {
            LockSupport.unpark(t);
            try {
                t.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        while (writePiece()) {
            // Again: notes of releases may have come with the last one.
        }
        files.close();
    }

    String trouble() {
        String why = writeTrouble;
        return why.isEmpty() ? files.trouble() : why;
    }

    /** Whether there is no room on the disk. */
    boolean diskIsFull() {
        return !files.trouble().isEmpty();
    }

    @Override
    public void run() {
        while (!stopped) {
            boolean worked;
            try {
                worked = step();
            } catch (RuntimeException | Error e) {
                writeTrouble = failed("failed in its writer, which goes on", e, writeTrouble);
                worked = false;
            }
            if (!worked && !stopped) {
                park();
            }
        }
    }

    private void park() {
        waiting = true;
        long nanos = IDLE_NANOS;
        lock.lock();
        try {
            lingered = !releases.isEmpty();
            if (!stage.isEmpty()) {
                nanos = 0;
            } else if (lingered) {
                nanos = RELEASES_WAIT_NANOS;
            } else if (segments.wanted() > 0) {
                nanos = ROOM_WAIT_NANOS;
            }
        } finally {
            lock.unlock();
        }
        if (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        waiting = false;
    }

    /** Does a bounded piece of what there is to do; whether there may be more. */
    boolean step() {
        boolean worked = writePiece();
        worked |= !compaction.isOpen() && files.recycle();
        worked |= files.prepare();
        worked |= compact();
        return worked;
    }

    /** Makes files ready until there are enough, or no room. */
    void prepareAll() {
        while (files.recycle() || files.prepare()) {
            // One step after the other.
        }
    }

    private boolean writePiece() {
        Piece piece;
        boolean lost;
        lock.lock();
        try {
            if (!releases.isEmpty() && (lingered || stopped || !stage.isEmpty())) {
                counts.unnoted.add(releases.stage(segments, stage));
            }
            piece = stage.take();
            // Staged while a write to the same segment failed: that one may have taken the header, or a piece before.
            lost = piece.chunks().stream().anyMatch(chunk -> chunk.segment.suspect);
        } finally {
            lock.unlock();
        }
        if (piece.isEmpty()) {
            return false;
        }
        boolean safe = !lost && write(piece.chunks()) && (options.sync() != Sync.ALWAYS || sync(piece.chunks()));
        boolean copiesSafe = safe && (!compaction.isOpen() || options.sync() != Sync.INTERVAL || sync(piece.chunks()));
        lock.lock();
        try {
            if (!safe) {
                abandon(piece.chunks());
            }
            if (compaction.isOpen()) {
                compaction.settle(copiesSafe);
            }
            stage.done(piece);
        } finally {
            lock.unlock();
        }
        piece.complete(safe);
        return true;
    }

    /**
     * Writes chunks in their order, but where one segment ends and the next begins, the beginning first: who reads an end
     * later may rely on the next segment having been there.
     */
    private boolean write(List<Chunk> chunks) {
        try {
            int at = 0;
            while (at < chunks.size()) {
                int last = at;
                while (last + 1 < chunks.size() && !chunks.get(last + 1).segment.equals(chunks.get(last).segment)) {
                    last++;
                }
                for (int i = last; i >= at; i--) {
                    Chunk chunk = chunks.get(i);
                    chunk.segment.file.write(chunk.sealed(), chunk.position);
                    chunk.segment.dirty = true;
                }
                at = last + 1;
            }
            writeTrouble = "";
            return true;
        } catch (IOException | RuntimeException e) {
            counts.writeFailures.increment();
            writeTrouble = failed("cannot write", e, writeTrouble);
            return false;
        }
    }

    private boolean sync(List<Chunk> chunks) {
        for (Chunk chunk : chunks) {
            if (chunk.segment.dirty && !sync(chunk.segment)) {
                return false;
            }
        }
        return true;
    }

    private boolean sync(Segment segment) {
        try {
            segment.dirty = false;
            segment.file.force();
            counts.syncs.increment();
            return true;
        } catch (IOException e) {
            if (!isUsed(segment)) {
                return true;
            }
            counts.syncFailures.increment();
            writeTrouble = failed("cannot sync", e, writeTrouble);
            return false;
        }
    }

    private boolean isUsed(Segment segment) {
        lock.lock();
        try {
            return segments.used().contains(segment);
        } finally {
            lock.unlock();
        }
    }

    /** Syncs what was written since the last time; on a thread of its own, so that appends are not kept waiting. */
    void syncAll() {
        List<Segment> dirty;
        lock.lock();
        try {
            dirty = segments.used().stream().filter(s -> s.dirty).toList();
        } finally {
            lock.unlock();
        }
        for (Segment segment : dirty) {
            if (!sync(segment)) {
                lock.lock();
                try {
                    // What a failed sync leaves behind is unknown, and the next one may claim success.
                    segment.suspect = true;
                    segments.abandonCurrent();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void abandon(List<Chunk> chunks) {
        for (Chunk chunk : chunks) {
            chunk.segment.suspect = true;
            chunk.segment.abandon(chunk.position, chunk.end());
        }
        segments.abandonCurrent();
    }

    private boolean compact() {
        if (System.nanoTime() - compactAgainNanos < 0) {
            return false;
        }
        try {
            return compaction.step();
        } catch (IOException e) {
            writeTrouble = failed("cannot copy records forward", e, writeTrouble);
            compactAgainNanos = System.nanoTime() + AGAIN_NANOS;
            return false;
        }
    }

    /** Says what is the matter, once. */
    private String failed(String what, Throwable e, String before) {
        String message = "the journal in " + volume + " " + what + ": " + Cause.of(e);
        if (!message.equals(before)) {
            LOG.log(Level.WARNING, message);
        }
        return message;
    }
}
