package weir.journal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.telemetry.Metrics;

/**
 * Records on disk that are needed until they are released: each gets an id when it is appended, is read back by
 * {@link #replay} after a crash, and takes room until {@link #release}. At most so many bytes as its options say; beyond
 * that, and while the disk is full, appends are refused, and taken again as soon as there is room.
 *
 * <p>Appending copies into a buffer and never waits for the disk; the journal's own thread writes. A record is as safe as
 * {@link Sync} says when its callback is told so. After a crash every record that was acknowledged and not released is there;
 * one that was released shortly before may be there once more. What is damaged on disk is counted and never handed out.
 *
 * <p>Safe for use by any thread.
 */
public final class Journal implements AutoCloseable {
    /** Not taken: the journal holds as much as it may, or the disk is full. */
    public static final long FULL = -1;

    /** Not taken: records come faster than they are written, or the next file is not ready yet. */
    public static final long BUSY = -2;

    /** Not taken, and never will be: larger than {@link #maxRecordBytes}. */
    public static final long TOO_LARGE = -3;

    /** Not taken: the journal is closed. */
    public static final long CLOSED = -4;

    private static final int LARGEST_RECORD = 64 << 20;
    private static final int LARGEST_SHARE = 4;
    private static final byte[] NOTHING = {};

    private final Volume volume;
    private final JournalOptions options;
    private final Counts counts;
    private final Segments segments;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock fetching = new ReentrantLock();
    private final RecordFetch fetch = new RecordFetch();
    private final Stage stage = new Stage();
    private final Releases releases = new Releases();
    private final JournalWriter writer;
    private @Nullable Thread syncing;
    private volatile boolean closed;

    private Journal(Volume volume, JournalOptions options, Segments segments, Counts counts) {
        this.volume = volume;
        this.options = options;
        this.segments = segments;
        this.counts = counts;
        this.writer = new JournalWriter(volume, options, lock, stage, segments, releases, counts);
    }

    /**
     * Opens the journal that a volume holds, an empty one if it holds none, and reads all of it.
     *
     * @param volume belongs to the journal from now on
     * @throws IOException if it cannot be read, or is a later version's; the volume is closed then
     */
    public static Journal open(Volume volume, JournalOptions options) throws IOException {
        Journal journal = opened(volume, options, new SecureRandom().nextLong());
        journal.writer.start();
        if (options.sync() == Sync.INTERVAL) {
            journal.syncEvery(options.syncInterval().toNanos());
        }
        return journal;
    }

    /** Opens a journal without threads, for tests that call {@link #step}. */
    static Journal opened(Volume volume, JournalOptions options, long generation) throws IOException {
        Counts counts = new Counts();
        try {
            Journal journal = new Journal(volume, options, Recovery.run(volume, options, generation, counts), counts);
            journal.writer.prepareAll();
            return journal;
        } catch (IOException | RuntimeException e) {
            volume.close();
            throw e;
        }
    }

    private void syncEvery(long nanos) {
        syncing = Thread.ofPlatform()
                .name("weir-journal-sync-" + options.name())
                .daemon()
                .start(() -> {
                    while (!closed) {
                        LockSupport.parkNanos(this, nanos);
                        writer.syncAll();
                    }
                });
    }

    /** Does a bounded piece of the writer's work; whether there may be more. */
    boolean step() {
        return writer.step();
    }

    /** Registers what it counts and holds. */
    public void register(Metrics metrics, String... labels) {
        counts.register(metrics, labels);
        metrics.gauge("weir_journal_bytes", "What the journal's files take of the disk", this::bytes, labels);
        metrics.gauge("weir_journal_max_bytes", "What they may take", options::maxBytes, labels);
        metrics.gauge("weir_journal_held_records", "Records that are needed", this::heldRecords, labels);
    }

    /** The largest payload that it takes. */
    public int maxRecordBytes() {
        return (int) Math.min(LARGEST_RECORD, options.maxBytes() / LARGEST_SHARE);
    }

    /** Appends a record of one slice; see {@link #append(int, byte[], int, byte[], int, int, AppendCallback)}. */
    public long append(int type, byte[] bytes, int offset, int length, @Nullable AppendCallback callback) {
        return append(type, NOTHING, 0, bytes, offset, length, callback);
    }

    /**
     * Appends a record. The bytes are copied before this returns.
     *
     * @param type of the caller's choice, above 0
     * @param head its first bytes
     * @param bytes an array of which a slice is the rest of it
     * @param callback told when the record is safe; not called when it was refused
     * @return the record's id; negative if it was not taken: {@link #FULL}, {@link #BUSY}, {@link #TOO_LARGE}, {@link #CLOSED}
     */
    public long append(
            int type,
            byte[] head,
            int headLength,
            byte[] bytes,
            int offset,
            int length,
            @Nullable AppendCallback callback) {
        if (type <= 0) {
            throw new IllegalArgumentException("types of callers are above 0, not " + type);
        }
        long payload = (long) headLength + length;
        if (payload > maxRecordBytes()) {
            counts.refusedLarge.increment();
            return TOO_LARGE;
        }
        long id;
        lock.lock();
        try {
            id = place(Format.size(payload));
            if (id == 0) {
                Segment segment = segments.used().getLast();
                int begin = stage.record(segment, type, head, headLength, bytes, offset, length);
                segment.add(begin, segment.end - begin);
                id = segment.id(begin);
                segments.appended = true;
                if (callback != null) {
                    stage.callback(callback, id);
                }
            }
        } finally {
            lock.unlock();
        }
        count(id, payload);
        writer.wake();
        return id;
    }

    /** Sees to it that the newest segment has room; 0, or why it has not. */
    private long place(long size) {
        if (closed) {
            return CLOSED;
        }
        if (stage.bytes() > 0 && stage.bytes() + size > options.maxStagedBytes()) {
            return BUSY;
        }
        if (segments.room(size, false, stage) != null) {
            return 0;
        }
        return segments.isFull() || writer.diskIsFull() ? FULL : BUSY;
    }

    private void count(long id, long payload) {
        if (id >= 0) {
            counts.appended.increment();
            counts.appendedBytes.add(payload);
        } else if (id == FULL) {
            counts.refusedFull.increment();
        } else if (id == BUSY) {
            counts.refusedBusy.increment();
        }
    }

    /** Says that a record is not needed any more. Again, or of one that does not exist: nothing happens. */
    public void release(long id) {
        boolean first = false;
        lock.lock();
        try {
            if (!closed && segments.release(id)) {
                first = releases.isEmpty();
                releases.add(id);
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            writer.wake();
        }
    }

    /**
     * Says that no record whose id is below this one is needed any more: for those who are rid of records in the order in
     * which they appended them, and cheaper than {@link #release} for each.
     */
    public void releaseBefore(long id) {
        boolean first = false;
        lock.lock();
        try {
            if (!closed) {
                first = releases.isEmpty();
                segments.releaseBefore(id);
                releases.addBefore(id);
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            writer.wake();
        }
    }

    /**
     * Hands out all records that are needed, the oldest first but for those that were copied forward. Waits for the disk;
     * to be called after opening, before anything is appended by others than the reader.
     *
     * @param reader may release what it is given, and append
     * @throws IOException if a file cannot be read
     */
    public void replay(RecordReader reader) throws IOException {
        Replay replay = new Replay(counts);
        for (Use use : beginReplay()) {
            replay.load(use.segment);
            for (int offset = use.next(0); offset >= 0; offset = use.next(offset + 1)) {
                if (!replay.hand(offset, reader)) {
                    release(use.segment.id(offset));
                }
            }
        }
        lock.lock();
        try {
            segments.replaying = false;
        } finally {
            lock.unlock();
        }
    }

    /** A segment as it was used when a replay began: when all is released before its turn, it may be used anew. */
    private final class Use {
        private final Segment segment;
        private final long sequence;

        private Use(Segment segment) {
            this.segment = segment;
            this.sequence = segment.sequence;
        }

        private int next(int from) {
            lock.lock();
            try {
                return segment.sequence == sequence ? segment.nextLive(from) : -1;
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Use> beginReplay() {
        lock.lock();
        try {
            segments.replaying = true;
            return segments.used().stream().map(Use::new).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads back a record that was acknowledged and not released. Waits for the disk.
     *
     * @return null if there is no such record, or it is damaged
     */
    public byte @Nullable [] read(long id) throws IOException {
        fetching.lock();
        try {
            // A record that is copied forward while it is read is found in its new place.
            for (int attempt = 0; attempt < 3; attempt++) {
                Segment segment;
                long place;
                lock.lock();
                try {
                    place = segments.place(id);
                    segment = place < 0 ? null : segments.find(Segment.sequenceOf(place));
                } finally {
                    lock.unlock();
                }
                if (segment == null) {
                    return null;
                }
                if (fetch.read(segment, Segment.offsetOf(place))) {
                    int skip = fetch.type() == Format.MOVED ? Format.MOVED_HEAD : 0;
                    byte[] payload = new byte[fetch.length() - skip];
                    System.arraycopy(fetch.bytes(), fetch.offset() + skip, payload, 0, payload.length);
                    return payload;
                }
            }
            counts.damaged.increment();
            return null;
        } finally {
            fetching.unlock();
        }
    }

    /** How many records are needed. */
    public long heldRecords() {
        lock.lock();
        try {
            return segments.liveRecords();
        } finally {
            lock.unlock();
        }
    }

    /** What its files take of the disk. */
    public long bytes() {
        lock.lock();
        try {
            return segments.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** How many records were found when it was opened. */
    public long recoveredRecords() {
        return counts.recovered.sum();
    }

    /** At how many places records could not be read back: damaged, torn, or in segments that are missing. */
    public long damagedPlaces() {
        return counts.damaged.sum() + counts.torn.sum() + counts.missing.sum();
    }

    /** What it counts. */
    Counts counts() {
        return counts;
    }

    /** Why it cannot take records, in a sentence; empty if it can. */
    public String trouble() {
        return writer.trouble();
    }

    /** Writes what was appended, syncs it unless {@link Sync#NONE}, and lets go of the volume. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        writer.stop();
        if (options.sync() != Sync.NONE) {
            writer.syncAll();
        }
        awaitSyncing();
        segments.all().forEach(s -> s.file.close());
        volume.close();
    }

    private void awaitSyncing() {
        Thread t = syncing;
        if (t == null) {
            return;
        }
        LockSupport.unpark(t);
        try {
            t.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
