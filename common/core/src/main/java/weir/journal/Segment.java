package weir.journal;

import java.util.Arrays;
import weir.journal.Volume.VolumeFile;

/**
 * A file, and which of its records are still needed. Guarded by the journal's lock, but for the flags that say otherwise.
 *
 * <p>An id names a record by the sequence of its segment and where it begins in it.
 */
final class Segment {
    private static final int OFFSET_BITS = 32;

    final int number;
    final VolumeFile file;
    final long capacity;

    long sequence = -1;
    int salt;
    /** Where the next record goes. */
    long end;

    /** Chunks that are staged for it and not written yet. */
    int staged;

    /** It failed, or is shorter than it should be: to be deleted, not to be used again. */
    boolean suspect;

    /** Written since it was synced; set by the writer, cleared by who syncs. */
    volatile boolean dirty;

    private int[] offsets = new int[64];
    private long[] live = new long[1];
    private int records;
    private int liveRecords;
    private long liveBytes;

    Segment(int number, VolumeFile file, long capacity) {
        this.number = number;
        this.file = file;
        this.capacity = capacity;
    }

    static long sequenceOf(long id) {
        return id >>> OFFSET_BITS;
    }

    static int offsetOf(long id) {
        return (int) id;
    }

    long id(int offset) {
        return sequence << OFFSET_BITS | offset;
    }

    /** Begins a use of the file. */
    void begin(long newSequence, int newSalt) {
        sequence = newSequence;
        salt = newSalt;
        end = Format.HEADER;
        records = 0;
        liveRecords = 0;
        liveBytes = 0;
        if (offsets.length > 4096) {
            offsets = new int[64];
            live = new long[1];
        }
        Arrays.fill(live, 0);
    }

    /** Adds a record behind all others. */
    void add(int offset, long size) {
        if (records == offsets.length) {
            offsets = Arrays.copyOf(offsets, records * 2);
            live = Arrays.copyOf(live, offsets.length / Long.SIZE);
        }
        offsets[records] = offset;
        live[records >>> 6] |= 1L << records;
        records++;
        liveRecords++;
        liveBytes += size;
    }

    /** Whether the record that begins there was needed until now. */
    boolean release(int offset) {
        int index = Arrays.binarySearch(offsets, 0, records, offset);
        if (index < 0 || !isLive(index)) {
            return false;
        }
        live[index >>> 6] &= ~(1L << index);
        liveRecords--;
        liveBytes = liveRecords == 0 ? 0 : Math.max(0, liveBytes - roughSize(index));
        return true;
    }

    /** What lies between a record and the one behind it: the record, and notes of the journal's own. */
    private long roughSize(int index) {
        return (index + 1 < records ? offsets[index + 1] : end) - offsets[index];
    }

    /** Whether a record that is needed begins there. */
    boolean needs(int offset) {
        int index = Arrays.binarySearch(offsets, 0, records, offset);
        return index >= 0 && isLive(index);
    }

    private boolean isLive(int index) {
        return (live[index >>> 6] >>> index & 1) != 0;
    }

    /** The offset of the first record from some offset on that is needed; -1 if there is none. */
    int nextLive(int from) {
        int found = Arrays.binarySearch(offsets, 0, records, from);
        for (int i = found < 0 ? ~found : found; i < records; i++) {
            if (isLive(i)) {
                return offsets[i];
            }
        }
        return -1;
    }

    /** Takes back what was added from one offset to before another, because it could not be written. */
    void abandon(long from, long to) {
        for (int i = 0; i < records; i++) {
            if (offsets[i] >= from && offsets[i] < to && isLive(i)) {
                release(offsets[i]);
            }
        }
    }

    /** Releases all that lie before an offset. */
    void releaseBefore(long offset) {
        for (int i = 0; i < records && offsets[i] < offset; i++) {
            if (isLive(i)) {
                release(offsets[i]);
            }
        }
    }

    int liveRecords() {
        return liveRecords;
    }

    /** Roughly what the live records take. */
    long liveBytes() {
        return liveBytes;
    }

    @Override
    public String toString() {
        return Format.fileName(number);
    }
}
