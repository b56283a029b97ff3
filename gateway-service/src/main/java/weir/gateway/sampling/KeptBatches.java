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
    private final KeptMark mark = new KeptMark();
    private final RequestWriter writer = new RequestWriter(MAX_BYTES);

    KeptBatches(SpanLog log, Outbox outbox) {
        this.log = log;
        this.outbox = outbox;
    }

    /** Begins with the spans of another trace; see {@link KeptMark#begin}. */
    void begin(byte[] why, boolean withThreshold, long threshold, long randomness) {
        mark.begin(why, withThreshold, threshold, randomness);
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
    }

    /** Sends what was gathered. */
    void flush() {
        if (writer.spans() > 0) {
            outbox.send(writer.finish());
        }
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
