package weir.journal;

import java.time.Duration;

/**
 * The limits of a journal.
 *
 * @param name of its writer thread and in messages
 * @param maxBytes how much of the volume its files may take
 * @param segmentBytes length of a file; a record larger than that gets one of its own
 * @param sync what an acknowledgement means
 * @param syncInterval between syncs, if {@code sync} is {@link Sync#INTERVAL}
 * @param maxStagedBytes how much may wait to be written before appends are refused
 */
public record JournalOptions(
        String name, long maxBytes, int segmentBytes, Sync sync, Duration syncInterval, int maxStagedBytes) {
    /** Below this a journal does not have the four segments that it needs. */
    public static final long MIN_BYTES = 1 << 20;

    private static final int FEWEST_SEGMENTS = 4;
    private static final int MIN_SEGMENT_BYTES = 4 << 10;
    private static final int MAX_SEGMENT_BYTES = 16 << 20;

    public JournalOptions {
        if (segmentBytes < MIN_SEGMENT_BYTES || maxBytes < (long) FEWEST_SEGMENTS * segmentBytes) {
            throw new IllegalArgumentException("a journal needs at least " + FEWEST_SEGMENTS + " segments of "
                    + MIN_SEGMENT_BYTES + " bytes, not " + maxBytes + " bytes in segments of " + segmentBytes);
        }
        if (sync == Sync.INTERVAL && !syncInterval.isPositive()) {
            throw new IllegalArgumentException("the interval between syncs must be longer than nothing");
        }
    }

    /** Segments of a 16th of all, but of at most 16 MiB; 16 MiB may wait to be written. */
    public static JournalOptions of(String name, long maxBytes, Sync sync, Duration syncInterval) {
        long segment = Math.clamp(Long.highestOneBit(maxBytes / 16), MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
        return new JournalOptions(name, maxBytes, (int) segment, sync, syncInterval, 16 << 20);
    }
}
