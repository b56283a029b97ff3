package weir.gateway.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;

/** Undecided traces that are gathered for one of the other gateways. Belongs to who holds the shard's lock. */
final class Parcel {
    /** Small, since each shard has as many as there are other gateways while it hands over. */
    private static final int MAX_BYTES = 256 << 10;

    private static final int MAX_SPANS = 4096;
    private static final byte[] NO_ATTRIBUTES = {};

    private final RequestWriter writer = new RequestWriter(MAX_BYTES);
    private int payload;
    private int traces;
    private long neededFrom = TraceJournal.NO_RECORD;
    /** What the journal notes of each trace that ends here: the hash, and how many parcels before this one hold spans of it. */
    private long @Nullable [] hashes;

    private int[] pieces = {};

    /** @param noted whether a journal wants to know of the traces */
    Parcel(boolean noted) {
        hashes = noted ? new long[64] : null;
    }

    boolean isEmpty() {
        return writer.spans() == 0;
    }

    /** Whether a trace of so many bytes has room beside those there are, give or take resources and scopes. */
    boolean hasRoom(int traceBytes) {
        return payload + traceBytes <= MAX_BYTES / 4 * 3;
    }

    /** Whether a span has room. */
    boolean hasRoom(byte[] segment, int record) {
        return writer.spans() < MAX_SPANS && writer.hasRoom(segment, record, 0);
    }

    /** Adds a span of a log. */
    void add(byte[] segment, int record, long needed) {
        writer.prepend(segment, record, NO_ATTRIBUTES);
        payload += SpanLog.spanLength(segment, record);
        neededFrom = Math.min(neededFrom, needed);
    }

    /** All spans of a trace were added, to this one and the {@code before} ones before it. */
    void end(long hash, int before) {
        if (hashes != null) {
            if (traces == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * traces);
            }
            if (pieces.length < hashes.length) {
                pieces = Arrays.copyOf(pieces, hashes.length);
            }
            hashes[traces] = hash;
            pieces[traces] = before;
        }
        traces++;
    }

    /** How many traces end here. */
    int traces() {
        return traces;
    }

    /** No record of the journal before this one is needed for it. */
    long neededFrom() {
        return neededFrom;
    }

    /** Notes its traces in the journal, as those of the batch of a number. */
    void note(ShardJournal journal, int number) {
        if (hashes != null) {
            journal.handing(number, hashes, pieces, traces);
        }
    }

    /** Its spans as a request; it is empty again. */
    Batch finish() {
        payload = 0;
        traces = 0;
        neededFrom = TraceJournal.NO_RECORD;
        return writer.finish();
    }
}
