package weir.gateway.sampling;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;

/**
 * Takes up what a process before this one left in its {@link TraceJournal}, in two passes: what was decided and delivered, and
 * then the spans of what was not. For one thread, before anything else comes.
 */
final class JournalReplay {
    /**
     * How spans of a trace are to be marked that was kept.
     *
     * @param why encoded attributes
     * @param policy the hash of its policy's name; 0: none
     */
    record Kept(byte[] why, boolean withThreshold, long threshold, long randomness, int policy) {}

    /** Batches that a life of the process put spans of a kept trace into. */
    private record KeptIn(long hash, int life, int shard, int firstBatch, int lastBatch, Kept kept) {}

    /** An undecided trace that is another gateway's when all these batches are delivered, as far as older records hold it. */
    private record Handed(long hash, long before, int life, int shard, int firstBatch, int lastBatch) {}

    private record Delivered(int life, int shard, int batch) {}

    /** What is known of a kept trace, of the last life that knew of it. */
    private static final class Fate {
        private int life;
        private boolean undelivered;
        private Kept kept;

        private Fate(int life, Kept kept) {
            this.life = life;
            this.kept = kept;
        }
    }

    private static final int PAGE = 1 << 12;

    private final TraceJournal journal;
    private final TraceIndex index = new TraceIndex();
    private final Map<Long, Long> forwardedBefore = new HashMap<>();
    private final Set<Delivered> delivered = new HashSet<>();
    private final TreeSet<Integer> started = new TreeSet<>();
    private final List<KeptIn> kept = new ArrayList<>();
    private final List<Handed> handed = new ArrayList<>();
    private final Map<Long, Fate> fates = new HashMap<>();
    private long[] dropped = new long[PAGE];
    private int drops;
    private int lastLife;
    private boolean seeded;
    private long seed;
    private long malformed;

    private JournalReplay(TraceJournal journal) {
        this.journal = journal;
    }

    /** Reads what was decided and delivered. */
    static JournalReplay of(TraceJournal journal) throws IOException {
        JournalReplay replay = new JournalReplay(journal);
        journal.records().replay(replay::note);
        if (!replay.seeded) {
            replay.seed = new SecureRandom().nextLong();
        }
        replay.settle();
        return replay;
    }

    private void note(long id, int type, byte[] bytes, int offset, int length) {
        if (type == TraceJournal.REQUEST || length < TraceJournal.HEAD) {
            return;
        }
        int life = Notes.intAt(bytes, offset);
        int shard = Notes.intAt(bytes, offset + 4);
        lastLife = Math.max(lastLife, life);
        seed = Notes.longAt(bytes, offset + 8);
        seeded = true;
        int at = offset + TraceJournal.HEAD;
        int decisions = 0;
        switch (type) {
            case TraceJournal.FORWARD -> {
                forwarded(id, bytes, at, offset + length);
                return;
            }
            case TraceJournal.DECISIONS -> decisions = decisions(bytes, at, offset + length, life, shard);
            case TraceJournal.DELIVERED -> delivered.add(new Delivered(life, shard, Notes.intAt(bytes, at)));
            case TraceJournal.HANDING -> handing(id, bytes, at, offset + length, life, shard);
            case TraceJournal.STARTED -> started.add(life);
            default -> {}
        }
        journal.noted(id, length, decisions);
    }

    private int decisions(byte[] bytes, int from, int end, int life, int shard) {
        int n = 0;
        int at = from;
        while (at < end) {
            long hash = Notes.longAt(bytes, at);
            int kind = Notes.intAt(bytes, at + 8);
            n++;
            if (kind == 0) {
                drop(hash);
                at += ShardJournal.DROPPED_ENTRY;
                continue;
            }
            int why = at + ShardJournal.KEPT_ENTRY;
            int next = why + Math.abs(kind) - 1;
            kept.add(new KeptIn(
                    hash,
                    life,
                    shard,
                    Notes.intAt(bytes, at + 16),
                    Notes.intAt(bytes, at + 20),
                    new Kept(
                            Arrays.copyOfRange(bytes, why, next),
                            kind < 0,
                            Notes.longAt(bytes, at + 24),
                            Notes.longAt(bytes, at + 32),
                            Notes.intAt(bytes, at + 12))));
            at = next;
        }
        return n;
    }

    private void drop(long hash) {
        if (drops == dropped.length) {
            dropped = Arrays.copyOf(dropped, 2 * drops);
        }
        dropped[drops++] = hash;
    }

    private void handing(long id, byte[] bytes, int from, int end, int life, int shard) {
        long before = Math.min(id, Notes.longAt(bytes, from));
        int batch = Notes.intAt(bytes, from + Long.BYTES);
        int at = from + ShardJournal.HANDING_HEAD - TraceJournal.HEAD;
        for (; at + ShardJournal.HANDING_ENTRY <= end; at += ShardJournal.HANDING_ENTRY) {
            int first = batch - Notes.intAt(bytes, at + Long.BYTES);
            handed.add(new Handed(Notes.longAt(bytes, at), before, life, shard, first, batch));
        }
    }

    private void forwarded(long id, byte[] bytes, int from, int end) {
        long before = Math.min(id, Notes.longAt(bytes, from));
        int spans = index(bytes, from + Long.BYTES, end);
        for (int span = 0; span < spans; span++) {
            forwardedBefore.merge(hash(index, span), before, Math::max);
        }
    }

    /** How many spans the index has then; 0 if the bytes are no request, which was counted. */
    private int index(byte[] bytes, int from, int end) {
        try {
            index.index(bytes, from, end - from);
            return index.spans();
        } catch (MalformedOtlpException e) {
            malformed++;
            return 0;
        }
    }

    /** Finds out which traces are other gateways' now, and which kept ones were not delivered. */
    private void settle() {
        for (Handed trace : handed) {
            boolean gone = true;
            for (int batch = trace.firstBatch; batch <= trace.lastBatch; batch++) {
                gone &= delivered.contains(new Delivered(trace.life, trace.shard, batch));
            }
            if (gone) {
                forwardedBefore.merge(trace.hash, trace.before, Math::max);
            }
        }
        Arrays.sort(dropped, 0, drops);
        for (KeptIn in : kept) {
            // A life that ended before it had noted anew what it found is not to be asked alone.
            Integer asked = started.floor(in.life);
            int life = asked == null ? 0 : asked;
            Fate fate = fates.computeIfAbsent(in.hash, _ -> new Fate(life, in.kept));
            if (life > fate.life) {
                fate.life = life;
                fate.undelivered = false;
                fate.kept = in.kept;
            }
            for (int batch = in.firstBatch; life == fate.life && batch <= in.lastBatch; batch++) {
                fate.undelivered |= !delivered.contains(new Delivered(in.life, in.shard, batch));
            }
        }
    }

    /** The seed of all hashes. */
    long seed() {
        return seed;
    }

    /** The number of the life that begins now. */
    int life() {
        return lastLife + 1;
    }

    long hash(TraceIndex of, int span) {
        return TraceHash.of(of.traceIdHigh(span), of.traceIdLow(span), seed);
    }

    /** How to mark the spans of a trace that was kept and not delivered; null if it is no such trace. */
    @Nullable
    Kept undelivered(long hash) {
        Fate fate = fates.get(hash);
        return fate == null || !fate.undelivered ? null : fate.kept;
    }

    /** Whether a process before this one had decided a trace; what is decided during the replay does not count. */
    private boolean isDecided(long hash) {
        return fates.containsKey(hash) || Arrays.binarySearch(dropped, 0, drops, hash) >= 0;
    }

    /** Puts spans of kept traces that were not delivered into another array; how many. */
    int undelivered(TraceIndex of, int[] spans, int[] into) {
        int n = 0;
        for (int span : spans) {
            if (undelivered(hash(of, span)) != null) {
                into[n++] = span;
            }
        }
        return n;
    }

    /** Puts the spans of undecided traces before the others; how many. */
    int undecided(TraceIndex of, int[] spans) {
        int n = 0;
        for (int span : spans) {
            if (!isDecided(hash(of, span))) {
                spans[n++] = span;
            }
        }
        return n;
    }

    /** Gives the shards what is theirs. */
    void run(TraceShard[] shards, Logger log) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < drops; i++) {
            shards[TraceHash.shard(dropped[i], shards.length)].recall(dropped[i], false, 0);
        }
        for (KeptIn in : kept) {
            shards[TraceHash.shard(in.hash, shards.length)].recall(in.hash, true, in.kept.policy);
        }
        long[] spans = new long[2];
        journal.records().replay((id, type, bytes, offset, length) -> {
            boolean request = type == TraceJournal.REQUEST;
            if (request || type == TraceJournal.FORWARD) {
                int from = offset + (request ? 0 : TraceJournal.HEAD + Long.BYTES);
                spans[0]++;
                spans[1] += spans(id, bytes, from, offset + length, shards);
                journal.found(id);
            }
        });
        byte[] note = new byte[TraceJournal.HEAD];
        Notes.putHead(note, life(), 0, seed);
        for (TraceShard shard : shards) {
            shard.turn();
        }
        if (!journal.note(TraceJournal.STARTED, note, note.length, 0)) {
            log.log(Level.WARNING, "the journal is full, so a crash before it is not may send spans twice");
        }
        if (spans[0] > 0 || malformed > 0) {
            log.log(
                    Level.INFO,
                    "took up {0} spans from {1} records of the journal in {2} ms{3}",
                    spans[1],
                    spans[0],
                    (System.nanoTime() - begin) / 1_000_000,
                    malformed == 0 ? "" : "; " + malformed + " records are no requests");
        }
    }

    private int spans(long id, byte[] bytes, int from, int end, TraceShard[] shards) {
        int n = index(bytes, from, end);
        int[][] mine = new int[shards.length][];
        int[] counts = new int[shards.length];
        for (int span = 0; span < n; span++) {
            long hash = hash(index, span);
            Long before = forwardedBefore.isEmpty() ? null : forwardedBefore.get(hash);
            if (before == null || id >= before) {
                int shard = TraceHash.shard(hash, shards.length);
                if (counts[shard] == 0) {
                    mine[shard] = new int[n];
                }
                mine[shard][counts[shard]++] = span;
            }
        }
        int taken = 0;
        for (int s = 0; s < shards.length; s++) {
            if (counts[s] > 0) {
                taken += shards[s].replay(index, id, Arrays.copyOf(mine[s], counts[s]), this);
            }
        }
        return taken;
    }
}
