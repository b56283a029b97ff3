package weir.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is still needed of the oldest segment to the newest, so that a few records which are needed long do not keep
 * all files that were begun after theirs. Belongs to the writer thread; takes the journal's lock for what that guards.
 *
 * <p>A copy takes the place of its original only when it is as safe as the original: {@link #settle}.
 */
final class Compaction {
    private static final int FEWEST_SEGMENTS = 4;
    private static final int MOST_COPIES = 256;
    private static final long MOST_BYTES = 1 << 20;

    private final Lock lock;
    private final Segments segments;
    private final Stage stage;
    private final Counts counts;
    private final RecordFetch fetch = new RecordFetch();
    private final byte[] head = new byte[Format.MOVED_HEAD];

    /** Copies that are staged: the record's id, its place, its new place. */
    private final long[] copies = new long[3 * MOST_COPIES];

    private int copied;

    Compaction(Lock lock, Segments segments, Stage stage, Counts counts) {
        this.lock = lock;
        this.segments = segments;
        this.stage = stage;
        this.counts = counts;
    }

    boolean isOpen() {
        return copied > 0;
    }

    /** Stages some copies, if less than half of what the files hold is needed; whether there are any to be settled. */
    boolean step() throws IOException {
        long bytes = 0;
        int offset = 0;
        Segment oldest = candidate();
        while (oldest != null && copied < MOST_COPIES && bytes < MOST_BYTES) {
            offset = next(oldest, offset);
            if (offset < 0) {
                break;
            }
            if (!fetch.read(oldest, offset)) {
                damaged(oldest, offset);
            } else if (!copy(oldest, offset)) {
                break;
            }
            bytes += fetch.length();
            offset++;
        }
        return copied > 0;
    }

    private @Nullable Segment candidate() {
        lock.lock();
        try {
            Segment oldest = segments.oldest();
            return oldest != null
                            && segments.appended
                            && !segments.replaying
                            && oldest.staged == 0
                            && oldest.liveRecords() > 0
                            && segments.used().size() >= FEWEST_SEGMENTS
                            && segments.liveBytes() * 2 < segments.usedBytes()
                    ? oldest
                    : null;
        } finally {
            lock.unlock();
        }
    }

    private int next(Segment oldest, int from) {
        lock.lock();
        try {
            return oldest.nextLive(from);
        } finally {
            lock.unlock();
        }
    }

    private void damaged(Segment oldest, int offset) {
        counts.damaged.increment();
        lock.lock();
        try {
            oldest.release(offset);
        } finally {
            lock.unlock();
        }
    }

    private boolean copy(Segment oldest, int offset) {
        lock.lock();
        try {
            if (!oldest.needs(offset)) {
                return true;
            }
            boolean again = fetch.type() == Format.MOVED;
            int skip = again ? Format.MOVED_HEAD : 0;
            long id = again ? Format.longAt(fetch.bytes(), fetch.offset()) : oldest.id(offset);
            int type = again ? Format.intAt(fetch.bytes(), fetch.offset() + 8) : fetch.type();
            Format.putLong(head, 0, id);
            Format.putInt(head, 8, type);
            int length = fetch.length() - skip;
            Segment to = segments.room(Format.size((long) Format.MOVED_HEAD + length), true, stage);
            if (to == null) {
                return false;
            }
            int begin = stage.record(
                    to, Format.MOVED, head, Format.MOVED_HEAD, fetch.bytes(), fetch.offset() + skip, length);
            to.add(begin, to.end - begin);
            copies[3 * copied] = id;
            copies[3 * copied + 1] = oldest.id(offset);
            copies[3 * copied + 2] = to.id(begin);
            copied++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The copies were written, or could not be. To be called with the lock held. */
    void settle(boolean safe) {
        for (int i = 0; i < copied; i++) {
            long id = copies[3 * i];
            long from = copies[3 * i + 1];
            long to = copies[3 * i + 2];
            if (safe && segments.place(id) == from) {
                segments.moved(id, from, to);
                counts.moved.increment();
            } else {
                Segment copy = segments.find(Segment.sequenceOf(to));
                if (copy != null) {
                    copy.release(Segment.offsetOf(to));
                }
            }
        }
        Arrays.fill(copies, 0, 3 * copied, 0);
        copied = 0;
    }
}
