package weir.gateway.sampling;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import weir.journal.AppendCallback;
import weir.journal.DirectoryVolume;
import weir.journal.Journal;
import weir.journal.JournalOptions;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/**
 * What a sampler keeps on disk, so that a process that is killed loses nothing that it acknowledged. Kinds of records:
 *
 * <pre>
 * request    an export request as it came
 * forward    head | before:long | a request of all the spans of some undecided traces: what records before that one and
 *            before this one hold of these traces is not needed any more
 * decisions  head | (hash:long, 0:int                      a trace that was dropped, by its {@link TraceHash}
 *                   | hash:long, n:int, policy:int, first batch:int, last batch:int, threshold:long, randomness:long, why)*
 *                                                          one that was kept: |n| - 1 bytes of attributes say why, below 0
 *                                                          with a threshold; its spans are in these batches
 * delivered  head | batch:int                              the next component took the batch, or will never take it
 * handing    head | before:long | batch:int | (hash:long, n:int)*
 *                                                          these undecided traces are in this batch, on its way to another
 *                                                          gateway, and in the n batches before it: when all are delivered,
 *                                                          what records before that one and before this one hold of these
 *                                                          traces is not needed any more
 * started    head                                          what was decided and not delivered in lives before this one is
 *                                                          in decisions of this one
 *
 * head = life:int, counted from start to start | shard:int | seed:long, of the hashes
 * </pre>
 *
 * All numbers are little-endian. A record of spans is needed until none of them is undecided, or kept and not delivered:
 * each shard says from which record on it needs them ({@link #watch}), and what is older is released. A record of decisions
 * is needed for as long, and then until there are too many of them. Safe for use by any thread.
 */
final class TraceJournal implements AutoCloseable {
    /** No record, and later than all. */
    static final long NO_RECORD = Long.MAX_VALUE;

    static final int REQUEST = 1;
    static final int FORWARD = 2;
    static final int DECISIONS = 3;
    static final int DELIVERED = 4;
    static final int STARTED = 5;
    static final int HANDING = 6;

    static final int HEAD = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN_WHEN_FULL = Duration.ofSeconds(1);
    private static final Duration AGAIN_WHEN_BUSY = Duration.ofMillis(200);
    private static final int MOST_NOTES = 1 << 14;
    private static final int MOST_RELEASED = 256;
    private static final long OPEN = 0;
    private static final long TAKEN_IN = 1;

    private final Journal journal;
    private final long mostDecisions;
    private final long mostNoteBytes;
    private final List<LongSupplier> shards = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    /** Records of spans, and whether all shards have taken in what is theirs. */
    private final RecordRing spans = new RecordRing();

    private int takenIn;
    /** The record of any kind that was appended last; below all if there is none. */
    private long newest = -1;

    /** Records of decisions and deliveries; how many decisions, and of how many bytes. */
    private final RecordRing notes = new RecordRing();

    private long decisions;
    private long noteBytes;

    /** @param mostDecisions how many are remembered for spans that come late */
    TraceJournal(Journal journal, long mostDecisions, long mostNoteBytes) {
        this.journal = journal;
        this.mostDecisions = mostDecisions;
        this.mostNoteBytes = mostNoteBytes;
    }

    /**
     * Opens the journal of a sampler, of which there may be one of the same id in each pipeline.
     *
     * @throws IOException with a message for people
     */
    static TraceJournal open(ComponentContext context, TailSamplingConfig config, TailSamplingConfig.JournalConfig to)
            throws IOException {
        String name = context.pipeline().isEmpty() ? context.id().toString() : context.pipeline() + " " + context.id();
        Path root = to.directory().isEmpty()
                ? context.process().dataDirectory().resolve("journal")
                : Path.of(to.directory());
        long maxBytes = (long) to.maxMib() << 20;
        Journal journal = Journal.open(
                DirectoryVolume.open(root.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8)), PATIENCE),
                JournalOptions.of("sampling-" + context.id(), maxBytes, to.sync(), to.syncInterval()));
        journal.register(
                context.metrics(),
                "component",
                context.id().toString(),
                "signal",
                context.theSignal().label());
        return new TraceJournal(journal, config.decisionCache().decisions(), maxBytes / 8);
    }

    /** The records themselves. */
    Journal records() {
        return journal;
    }

    /** @param neededFrom of a shard: which record it needs, and all after it, or {@link #NO_RECORD}; from any thread */
    void watch(LongSupplier neededFrom) {
        shards.add(neededFrom);
    }

    /** Appends a request; what it gives, and when the callback is called, is {@link Journal#append}'s. */
    long append(Batch batch, AppendCallback callback) {
        lock.lock();
        try {
            long id = journal.append(REQUEST, batch.bytes(), batch.offset(), batch.length(), callback);
            if (id >= 0) {
                spans.add(id, OPEN);
                newest = id;
            }
            return id;
        } finally {
            lock.unlock();
        }
    }

    /** What to tell the sender of a request that was not taken, for {@link #append}'s reason. */
    Delivery refusal(long why) {
        if (why == Journal.TOO_LARGE) {
            return Delivery.rejected(
                    Reason.TOO_LARGE,
                    "a request of more than " + journal.maxRecordBytes()
                            + " bytes does not fit in the journal; raise weir.journal.max_mib");
        }
        if (why == Journal.FULL) {
            String trouble = journal.trouble();
            return Delivery.retryLater(
                    AGAIN_WHEN_FULL,
                    Reason.QUEUE_FULL,
                    trouble.isEmpty() ? "the journal holds as much as weir.journal.max_mib allows" : trouble);
        }
        return why == Journal.BUSY
                ? Delivery.retryLater(
                        AGAIN_WHEN_BUSY, Reason.QUEUE_FULL, "requests come faster than the journal writes them")
                : Delivery.retryLater(AGAIN_WHEN_BUSY, Reason.SHUTTING_DOWN, "the gateway is draining");
    }

    /** All shards have taken in their spans of a request, and need it as they say. */
    void takenIn(long id) {
        lock.lock();
        try {
            spans.tag(id, TAKEN_IN);
        } finally {
            lock.unlock();
        }
    }

    /** No shard has taken in spans of a request, and its sender was told. */
    void discard(long id) {
        takenIn(id);
        journal.release(id);
    }

    /**
     * Appends all the spans of some undecided traces once more, so that the records that hold them now are not needed.
     *
     * @param head of the record, and room for a number behind it
     * @return negative if it was not taken
     */
    long forward(byte[] head, Batch batch) {
        lock.lock();
        try {
            // A request that waits for a shard may hold spans of these traces that are not in the batch.
            Notes.putLong(head, HEAD, firstOpen());
            long id = journal.append(
                    FORWARD, head, HEAD + Long.BYTES, batch.bytes(), batch.offset(), batch.length(), null);
            if (id >= 0) {
                spans.add(id, TAKEN_IN);
                newest = id;
            }
            return id;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends a record of traces that are on their way to another gateway.
     *
     * @param bytes of the record, with room for a number behind the head
     * @return whether it was taken
     */
    boolean handing(byte[] bytes, int length) {
        lock.lock();
        try {
            // A request that waits for a shard may hold spans of these traces that are not on their way.
            Notes.putLong(bytes, HEAD, firstOpen());
            return note(HANDING, bytes, length, 0);
        } finally {
            lock.unlock();
        }
    }

    private long firstOpen() {
        while (takenIn < spans.size() && spans.tag(takenIn) == TAKEN_IN) {
            takenIn++;
        }
        return takenIn < spans.size() ? spans.id(takenIn) : NO_RECORD;
    }

    /** Appends a record of decisions or of a delivery; whether it was taken. */
    boolean note(int type, byte[] bytes, int length, int ofDecisions) {
        lock.lock();
        try {
            long id = journal.append(type, bytes, 0, length, null);
            if (id >= 0) {
                noted(id, length, ofDecisions);
            }
            return id >= 0 || id == Journal.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /** A record of decisions or of a delivery is there; of those before the start, to be told before the shards' threads run. */
    void noted(long id, int length, int ofDecisions) {
        notes.add(id, (long) ofDecisions << 32 | length);
        newest = Math.max(newest, id);
        decisions += ofDecisions;
        noteBytes += length;
    }

    /** A record of spans is there since before the start, and was taken in. */
    void found(long id) {
        lock.lock();
        try {
            spans.add(id, TAKEN_IN);
            newest = Math.max(newest, id);
        } finally {
            lock.unlock();
        }
    }

    /** Releases what no shard needs any more, a bounded piece of it. */
    void release() {
        long needed;
        lock.lock();
        try {
            // What is appended while the shards are asked may be needed by one that has answered before it came.
            needed = Math.min(firstOpen(), newest + 1);
        } finally {
            lock.unlock();
        }
        // After that: a shard says that it needs a request before the request counts as taken in.
        for (LongSupplier shard : shards) {
            needed = Math.min(needed, shard.getAsLong());
        }
        lock.lock();
        try {
            for (int n = 0; n < MOST_RELEASED && !spans.isEmpty() && spans.id(0) < needed; n++) {
                journal.release(spans.removeFirst());
                takenIn = Math.max(0, takenIn - 1);
            }
            for (int n = 0; n < MOST_RELEASED && tooManyNotes() && notes.id(0) < needed; n++) {
                decisions -= notes.tag(0) >>> 32;
                noteBytes -= (int) notes.tag(0);
                journal.release(notes.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean tooManyNotes() {
        return !notes.isEmpty()
                && (notes.size() > MOST_NOTES || decisions > mostDecisions || noteBytes > mostNoteBytes);
    }

    String trouble() {
        return journal.trouble();
    }

    /** Writes what was appended. Nothing is released: what is needed now is taken up at the next start. */
    @Override
    public void close() {
        journal.close();
    }
}
