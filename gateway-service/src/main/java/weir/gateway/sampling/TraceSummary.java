package weir.gateway.sampling;

/**
 * What policies see of an undecided trace: a view of its entry in the {@link TraceTable}, moved from trace to trace. Belongs
 * to who holds the shard's lock; valid until the entry is removed.
 */
final class TraceSummary {
    static final int UNSET = 1;
    static final int OK = 2;
    static final int ERROR = 4;

    /** A span without parent was seen. */
    static final int ROOT = 8;

    /** It stands in the list of traces that wait only for what follows their root. */
    static final int AFTER_ROOT = 16;

    /** Spans of it came since policies were asked about it: only if they are asked whenever spans come. */
    static final int TOUCHED = 32;

    /** It is about to be copied forward in the log. */
    static final int MOVING = 64;

    private static final long LOW = 0xffff_ffffL;
    private static final int SEGMENT_SHIFT = 8;

    private final TraceTable table;
    private long[] page = {};
    private int at;
    private int entry = TraceTable.NONE;

    TraceSummary(TraceTable table) {
        this.table = table;
    }

    /**
     * One of a trace that is in no shard's table.
     *
     * @param copy as {@link #copyTo} made it
     * @param more further words of condition bits, from this place of the copy on
     * @param words of condition bits
     */
    static TraceSummary of(long[] copy, int more, int words) {
        TraceTable table = new TraceTable();
        table.conditionWords(words);
        int entry = table.add(0, copy[TraceTable.ID_HIGH], copy[TraceTable.ID_LOW]);
        System.arraycopy(copy, 0, table.page(entry), TraceTable.at(entry), TraceTable.LINKS);
        if (words > 1) {
            System.arraycopy(copy, more, table.more(entry), table.moreAt(entry), words - 1);
        }
        return new TraceSummary(table).at(entry);
    }

    /** Copies its entry, up to its flags. */
    void copyTo(long[] to, int from) {
        System.arraycopy(page, at, to, from, TraceTable.LINKS);
    }

    TraceSummary at(int e) {
        entry = e;
        page = table.page(e);
        at = TraceTable.at(e);
        return this;
    }

    int entry() {
        return entry;
    }

    long idHigh() {
        return page[at + TraceTable.ID_HIGH];
    }

    long idLow() {
        return page[at + TraceTable.ID_LOW];
    }

    /** The {@link TraceHash} of its id. */
    long hash(long seed) {
        return TraceHash.of(idHigh(), idLow(), seed);
    }

    /** Whether one of its spans met a condition, by the number of its bit. */
    boolean isMet(int bit) {
        return (met(bit >>> 6) & 1L << bit) != 0;
    }

    /** A word of the bits of the conditions that its spans met. */
    long met(int word) {
        return word == 0 ? page[at + TraceTable.MATCHED] : table.more(entry)[table.moreAt(entry) + word - 1];
    }

    void meet(int word, long bits) {
        if (word == 0) {
            page[at + TraceTable.MATCHED] |= bits;
        } else {
            table.more(entry)[table.moreAt(entry) + word - 1] |= bits;
        }
    }

    void meet(int bit) {
        meet(bit >>> 6, 1L << bit);
    }

    /** Forgets what its spans met, and when they began and ended: they will be looked at again. */
    void clearMet() {
        page[at + TraceTable.MATCHED] = 0;
        for (int i = 0; i < table.conditionWords() - 1; i++) {
            table.more(entry)[table.moreAt(entry) + i] = 0;
        }
        page[at + TraceTable.START] = 0;
        page[at + TraceTable.END] = 0;
    }

    /** Takes flags away. */
    void clear(int flag) {
        page[at + TraceTable.PLACE] &= ~(long) flag;
    }

    int spans() {
        return (int) (page[at + TraceTable.SIZES] >>> 32);
    }

    /** The sum of the lengths of its spans' messages. */
    int bytes() {
        return (int) page[at + TraceTable.SIZES];
    }

    /** The position of its newest record in the {@link SpanLog}, or {@link SpanLog#NOWHERE}. */
    int newest() {
        return (int) (page[at + TraceTable.PLACE] >>> 32);
    }

    /** The segment of its oldest record. */
    int firstSegment() {
        return (int) page[at + TraceTable.PLACE] >>> SEGMENT_SHIFT;
    }

    int flags() {
        return (int) page[at + TraceTable.PLACE] & ((1 << SEGMENT_SHIFT) - 1);
    }

    boolean has(int flag) {
        return ((int) page[at + TraceTable.PLACE] & flag) != 0;
    }

    void newest(int position) {
        page[at + TraceTable.PLACE] = (long) position << 32 | (page[at + TraceTable.PLACE] & LOW);
    }

    void firstSegment(int segment) {
        page[at + TraceTable.PLACE] =
                (page[at + TraceTable.PLACE] & ~LOW) | ((segment << SEGMENT_SHIFT | flags()) & LOW);
    }

    void set(int flag) {
        page[at + TraceTable.PLACE] |= flag;
    }

    /** When its first span came, in ticks of the shard. */
    int arrivalTick() {
        return (int) (page[at + TraceTable.TICKS] >>> 32);
    }

    int deadlineTick() {
        return (int) page[at + TraceTable.TICKS];
    }

    void ticks(int arrival, int deadline) {
        page[at + TraceTable.TICKS] = (long) arrival << 32 | (deadline & LOW);
    }

    /**
     * From the earliest start to the latest end so far, as the collector's latency policy reckons: unsigned comparisons, 0
     * means not set yet, so that a span which starts at 0 makes the trace very long until the next one comes.
     */
    long durationNanos() {
        return minus(page[at + TraceTable.END], page[at + TraceTable.START]);
    }

    /**
     * Whether clocks disagree so much that its latest end lies before its earliest start: then it is shown as one that took no
     * time, and counted. Policies see it as the collector's do, shorter than nothing.
     */
    boolean endsBeforeItBegins() {
        return durationNanos() < 0;
    }

    /** Takes in one more span. */
    void add(long startNanos, long endNanos, int bytes, int flags) {
        times(startNanos, endNanos);
        page[at + TraceTable.SIZES] += 1L << 32 | bytes;
        page[at + TraceTable.PLACE] |= flags;
    }

    /** Takes in the times of one more span. */
    void times(long startNanos, long endNanos) {
        long[] p = page;
        int a = at;
        long start = p[a + TraceTable.START];
        if (start == 0 || Long.compareUnsigned(startNanos, start) < 0) {
            p[a + TraceTable.START] = startNanos;
        }
        long end = p[a + TraceTable.END];
        if (end == 0 || Long.compareUnsigned(endNanos, end) > 0) {
            p[a + TraceTable.END] = endNanos;
        }
    }

    /** Difference that stops at the ends of the range instead of wrapping. */
    private static long minus(long end, long start) {
        long difference = end - start;
        if (((end ^ start) & (end ^ difference)) < 0) {
            return end < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return difference;
    }
}
