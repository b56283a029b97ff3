package weir.gateway.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.telemetry.Counter;

/**
 * A shard's part of the {@link TraceJournal}: what it decides is gathered here and appended once a turn, and before a batch
 * of kept spans is sent. Belongs to who holds the shard's lock, but for {@link #delivered}. Without a journal it does
 * nothing.
 */
final class ShardJournal {
    /** Of a shard without a journal. */
    static final ShardJournal OFF = new ShardJournal();

    static final int KEPT_ENTRY = 40;
    static final int DROPPED_ENTRY = 12;
    static final int HANDING_HEAD = TraceJournal.HEAD + Long.BYTES + Integer.BYTES;
    static final int HANDING_ENTRY = 12;

    private static final int ENOUGH = 64 << 10;
    private static final int MOST_UNTAKEN = 1 << 20;

    private final @Nullable TraceJournal journal;
    private final @Nullable Counter unnoted;
    private final int life;
    private final int shard;
    private final long seed;

    private byte[] notes = new byte[1024];
    private int end = TraceJournal.HEAD;
    private int decisions;
    private long lastHash;
    private int lastBatch;
    private final byte[] forwardHead = new byte[TraceJournal.HEAD + Long.BYTES];

    private ShardJournal() {
        this.journal = null;
        this.unnoted = null;
        this.life = 0;
        this.shard = 0;
        this.seed = 0;
    }

    /**
     * @param life counted from start to start
     * @param unnoted counts decisions that the journal had no room for
     */
    ShardJournal(TraceJournal journal, int life, int shard, long seed, Counter unnoted) {
        this.journal = journal;
        this.life = life;
        this.shard = shard;
        this.seed = seed;
        this.unnoted = unnoted;
        Notes.putHead(notes, life, shard, seed);
        Notes.putHead(forwardHead, life, shard, seed);
    }

    boolean isOn() {
        return journal != null;
    }

    /** A trace was dropped, or a span of one that had been. */
    void dropped(long hash) {
        if (journal == null || (hash == lastHash && lastBatch < 0)) {
            return;
        }
        int at = room(DROPPED_ENTRY);
        Notes.putLong(notes, at, hash);
        Notes.putInt(notes, at + 8, 0);
        noted(hash, -1);
    }

    /**
     * A trace was kept, or a span of one that had been, and put into batches.
     *
     * @param policy the hash of its name; 0 if there is none
     * @param why encoded attributes
     */
    void kept(
            long hash,
            int policy,
            int firstBatch,
            int batch,
            byte[] why,
            boolean withThreshold,
            long threshold,
            long randomness) {
        if (journal == null || (hash == lastHash && batch == lastBatch)) {
            return;
        }
        int at = room(KEPT_ENTRY + why.length);
        Notes.putLong(notes, at, hash);
        Notes.putInt(notes, at + 8, withThreshold ? -1 - why.length : 1 + why.length);
        Notes.putInt(notes, at + 12, policy);
        Notes.putInt(notes, at + 16, firstBatch);
        Notes.putInt(notes, at + 20, batch);
        Notes.putLong(notes, at + 24, threshold);
        Notes.putLong(notes, at + 32, randomness);
        System.arraycopy(why, 0, notes, at + KEPT_ENTRY, why.length);
        noted(hash, batch);
    }

    private int room(int length) {
        if (end > ENOUGH) {
            flush();
        }
        if (end + length > notes.length) {
            notes = Arrays.copyOf(notes, 2 * (end + length));
        }
        int at = end;
        end += length;
        return at;
    }

    private void noted(long hash, int batch) {
        decisions++;
        lastHash = hash;
        lastBatch = batch;
    }

    /** Appends what was gathered. What the journal has no room for is tried again, up to a bound. */
    void flush() {
        if (journal == null || decisions == 0) {
            return;
        }
        if (journal.note(TraceJournal.DECISIONS, notes, end, decisions)) {
            begin();
        } else if (end > MOST_UNTAKEN && unnoted != null) {
            unnoted.add(decisions);
            begin();
        }
    }

    private void begin() {
        end = TraceJournal.HEAD;
        decisions = 0;
        lastHash = 0;
        lastBatch = 0;
    }

    /** The next component has taken a batch, or will never take it. Safe for use by any thread. */
    void delivered(int batch) {
        if (journal != null) {
            byte[] note = new byte[TraceJournal.HEAD + Integer.BYTES];
            Notes.putHead(note, life, shard, seed);
            Notes.putInt(note, TraceJournal.HEAD, batch);
            journal.note(TraceJournal.DELIVERED, note, note.length, 0);
        }
    }

    /**
     * Undecided traces are on their way to another gateway.
     *
     * @param batch that holds them; see {@link #delivered}
     * @param hashes of the traces
     * @param pieces by trace, how many batches before this one hold spans of it too
     */
    void handing(int batch, long[] hashes, int[] pieces, int traces) {
        if (journal == null) {
            return;
        }
        byte[] note = new byte[HANDING_HEAD + traces * HANDING_ENTRY];
        Notes.putHead(note, life, shard, seed);
        Notes.putInt(note, HANDING_HEAD - Integer.BYTES, batch);
        for (int i = 0; i < traces; i++) {
            Notes.putLong(note, HANDING_HEAD + i * HANDING_ENTRY, hashes[i]);
            Notes.putInt(note, HANDING_HEAD + i * HANDING_ENTRY + Long.BYTES, pieces[i]);
        }
        if (!journal.handing(note, note.length) && unnoted != null) {
            unnoted.add(traces);
        }
    }

    /** See {@link TraceJournal#forward}. */
    long forward(Batch batch) {
        return journal == null ? -1 : journal.forward(forwardHead, batch);
    }

    /** See {@link TraceJournal#release}. */
    void release() {
        if (journal != null) {
            journal.release();
        }
    }
}
