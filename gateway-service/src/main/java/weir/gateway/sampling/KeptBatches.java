package weir.gateway.sampling;

/**
 * Gathers kept spans, each with what is appended to it, into requests of bounded size and hands those to the outbox. Belongs to
 * who holds the shard's lock.
 */
final class KeptBatches {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_SPANS = 4096;

    private final SpanLog log;
    private final Outbox outbox;
    private final ShardJournal journal;
    private final KeptMark mark = new KeptMark();
    private final RequestWriter writer = new RequestWriter(MAX_BYTES);

    /** Counts batches. */
    private int number;
    /** The batch with the first spans of the trace that was begun. */
    private int firstBatch;
    /** No record of the journal before this one is needed for what was gathered. */
    private long neededFrom = TraceJournal.NO_RECORD;

    KeptBatches(SpanLog log, Outbox outbox, ShardJournal journal) {
        this.log = log;
        this.outbox = outbox;
        this.journal = journal;
    }

    /** Begins with the spans of another trace; see {@link KeptMark#begin}. */
    void begin(byte[] why, boolean withThreshold, long threshold, long randomness) {
        mark.begin(why, withThreshold, threshold, randomness);
        firstBatch = number;
    }

    /** Adds a span of the log. */
    void add(int position) {
        byte[] segment = log.bytesOf(position);
        int record = log.offset(position);
        byte[] attributes = mark.of(segment, record);
        if (writer.spans() >= MAX_SPANS
                || (writer.spans() > 0 && !writer.hasRoom(segment, record, attributes.length))) {
            flush();
        }
        writer.prepend(segment, record, attributes);
        neededFrom = Math.min(neededFrom, log.neededFrom(position));
    }

    /**
     * All spans of the trace that was begun were added.
     *
     * @param policy the hash of the name of the policy that kept it; 0 if there is none
     */
    void end(long hash, int policy) {
        journal.kept(
                hash,
                policy,
                firstBatch,
                number,
                mark.why(),
                mark.withThreshold(),
                mark.threshold(),
                mark.randomness());
    }

    /** Sends what was gathered. */
    void flush() {
        if (writer.spans() > 0) {
            journal.flush();
            outbox.send(writer.finish(), number++, neededFrom);
            neededFrom = TraceJournal.NO_RECORD;
        }
    }

    /** No record of the journal before this one is needed for what was gathered. */
    long neededFrom() {
        return neededFrom;
    }

    /** How many spans wait for more to be sent with. */
    int spans() {
        return writer.spans();
    }

    /** To be called before segments of the log are used again. */
    void forgetSegments() {
        writer.forgetSegments();
    }
}
