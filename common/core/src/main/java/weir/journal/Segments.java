package weir.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal: those in use, in the order in which they were begun, and those that are ready to be used. Guarded
 * by the journal's lock.
 *
 * <p>What callers append leaves one ready file alone: notes of releases and copies of old records, which make room, must
 * find some.
 */
final class Segments {
    /** How many files to have ready: one that callers may take, and the one that they must not. */
    private static final int READY = 2;

    /** Freed files beyond this are deleted. */
    private static final int MOST_READY = 4;

    private final JournalOptions options;
    private final long generation;
    private final List<Segment> used = new ArrayList<>();
    private final ArrayDeque<Segment> ready = new ArrayDeque<>();

    /** Where records lie that were copied forward: what was their place at first is their id for ever. */
    private final Map<Long, Long> moved = new HashMap<>();

    /** Records are being read back one segment after the other, so none may move. */
    boolean replaying;

    /** Something was appended since the journal was opened: until then records stay where they are to be read back. */
    boolean appended;

    private long nextSequence = 1;
    private int nextNumber;
    private boolean writable;
    private long bytes;
    private long usedBytes;

    /** A file for one record that is larger than a segment, and the length of one that is missing. */
    private @Nullable Segment large;

    private long largeWanted;
    private final ArrayDeque<Segment> surplus = new ArrayDeque<>();

    Segments(JournalOptions options, long generation) {
        this.options = options;
        this.generation = generation;
    }

    /** What all files take. */
    long bytes() {
        return bytes;
    }

    /** What the files in use take. */
    long usedBytes() {
        return usedBytes;
    }

    long liveBytes() {
        long sum = 0;
        for (Segment segment : used) {
            sum += segment.liveBytes();
        }
        return sum;
    }

    long liveRecords() {
        long sum = 0;
        for (Segment segment : used) {
            sum += segment.liveRecords();
        }
        return sum;
    }

    List<Segment> used() {
        return used;
    }

    /** What recovery found: a segment with records, newer than all that were added. */
    void recovered(Segment segment) {
        used.add(segment);
        bytes += segment.capacity;
        usedBytes += segment.capacity;
        nextSequence = Math.max(nextSequence, segment.sequence + 1);
        nextNumber = Math.max(nextNumber, segment.number + 1);
    }

    /** What recovery found: a file without records that are needed. */
    void recoveredReady(Segment segment) {
        nextSequence = Math.max(nextSequence, segment.sequence + 1);
        addReady(segment);
    }

    void numbersFrom(int number) {
        nextNumber = Math.max(nextNumber, number);
    }

    void sequencesFrom(long sequence) {
        nextSequence = Math.max(nextSequence, sequence);
    }

    /** Whether a file of that length may be used for the next segments. */
    boolean isOfUse(Segment segment) {
        return !segment.suspect && segment.capacity == options.segmentBytes() && ready.size() < MOST_READY;
    }

    void addReady(Segment segment) {
        bytes += segment.capacity;
        nextNumber = Math.max(nextNumber, segment.number + 1);
        if (segment.capacity == options.segmentBytes()) {
            ready.add(segment);
            return;
        }
        if (large != null) {
            surplus.add(large);
        }
        large = segment;
        largeWanted = 0;
    }

    /** The length of the file that should be made ready; 0 if none should, or there is no room for it. */
    long wanted() {
        long length = ready.size() < READY ? options.segmentBytes() : largeWanted;
        return bytes + length <= options.maxBytes() ? length : 0;
    }

    /** Whether there are as many bytes of files as there may be. */
    boolean isFull() {
        return bytes + options.segmentBytes() > options.maxBytes();
    }

    int takeNumber() {
        return nextNumber++;
    }

    /** The segment to append a record to; null if there is none. */
    @Nullable
    Segment room(long size, boolean ofJournal, Stage stage) {
        Segment last = current();
        return last != null && last.end + size + Format.TAIL <= last.capacity ? last : begin(size, ofJournal, stage);
    }

    private @Nullable Segment current() {
        return writable ? used.getLast() : null;
    }

    private @Nullable Segment begin(long size, boolean ofJournal, Stage stage) {
        long capacity = Format.HEADER + size + Format.TAIL;
        Segment next = null;
        if (capacity > options.segmentBytes()) {
            next = takeLarge(capacity);
        } else if (ready.size() >= (ofJournal ? 1 : READY)) {
            next = ready.removeFirst();
        }
        if (next == null) {
            return null;
        }
        seal(stage);
        next.begin(nextSequence, Format.salt(generation, nextSequence));
        nextSequence++;
        used.add(next);
        usedBytes += next.capacity;
        writable = true;
        stage.header(
                next,
                Format.header(new Format.Header(next.sequence, generation, next.capacity, used.getFirst().sequence)));
        return next;
    }

    private @Nullable Segment takeLarge(long capacity) {
        Segment found = large;
        if (found != null && found.capacity >= capacity) {
            large = null;
            return found;
        }
        largeWanted = (capacity + 4095) & -4096L;
        return null;
    }

    private void seal(Stage stage) {
        Segment last = current();
        if (last != null) {
            stage.record(last, Format.SEALED);
        }
    }

    /** Appends nothing more to the newest segment, because a piece of it could not be written. */
    void abandonCurrent() {
        writable = false;
    }

    /** Whether the record was needed until now. */
    boolean release(long id) {
        Segment segment = find(Segment.sequenceOf(id));
        if (segment != null && segment.release(Segment.offsetOf(id))) {
            return true;
        }
        Long place = moved.isEmpty() ? null : moved.remove(id);
        Segment holder = place == null ? null : find(Segment.sequenceOf(place));
        return holder != null && place != null && holder.release(Segment.offsetOf(place));
    }

    /** Releases all records whose ids are below one. */
    void releaseBefore(long id) {
        long sequence = Segment.sequenceOf(id);
        for (Segment segment : used) {
            if (segment.sequence > sequence) {
                break;
            }
            segment.releaseBefore(segment.sequence < sequence ? Long.MAX_VALUE : Segment.offsetOf(id));
        }
        for (Long movedId : List.copyOf(moved.keySet())) {
            if (movedId < id) {
                release(movedId);
            }
        }
    }

    /** Where a record that is needed lies; -1 if there is no such. */
    long place(long id) {
        Segment segment = find(Segment.sequenceOf(id));
        if (segment != null && segment.needs(Segment.offsetOf(id))) {
            return id;
        }
        return moved.getOrDefault(id, -1L);
    }

    /** A record lies elsewhere from now on; the one in its former place is released. */
    void moved(long id, long from, long to) {
        Segment former = find(Segment.sequenceOf(from));
        if (former != null) {
            former.release(Segment.offsetOf(from));
        }
        moved.put(id, to);
    }

    @Nullable
    Segment find(long sequence) {
        int low = 0;
        int high = used.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = used.get(middle).sequence;
            if (found == sequence) {
                return used.get(middle);
            }
            if (found < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** The oldest segment, if it is not that which is being appended to; null otherwise. */
    @Nullable
    Segment oldest() {
        return used.isEmpty() || (used.size() == 1 && writable) ? null : used.getFirst();
    }

    /** Takes out the oldest segment if nothing in it is needed, or a file too many; null if there is none. */
    @Nullable
    Segment takeFree() {
        Segment spare = surplus.poll();
        if (spare != null) {
            bytes -= spare.capacity;
            return spare;
        }
        Segment oldest = oldest();
        if (oldest == null || oldest.liveRecords() > 0 || oldest.staged > 0) {
            return null;
        }
        used.removeFirst();
        usedBytes -= oldest.capacity;
        bytes -= oldest.capacity;
        return oldest;
    }

    /** Every file, to be closed. */
    List<Segment> all() {
        List<Segment> all = new ArrayList<>(used);
        all.addAll(ready);
        all.addAll(surplus);
        if (large != null) {
            all.add(large);
        }
        return all;
    }
}
