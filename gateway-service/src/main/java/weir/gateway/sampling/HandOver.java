package weir.gateway.sampling;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.pipeline.Ledger;
import weir.pipeline.TraceOwners;

/**
 * When the members change, gives the undecided traces of a shard that others own now to these, so that a trace whose spans
 * come there from now on is decided once, with all of them. The wait of a trace begins anew there: spans that are on their way
 * while the members change take longer than others.
 *
 * <p>It goes through the table of traces one part after the other, a bounded piece in each turn and not faster than the
 * owners allow, and a second time a little later, for what was on its way into the shard. Traces whose wait is over before
 * they were given away are decided here: they are complete as far as anybody expects. Belongs to who holds the shard's lock.
 */
final class HandOver {
    private static final long MAX_TURN_NANOS = 2_000_000;
    private static final long SECOND_ROUND_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int ROUNDS = 2;
    private static final long LEAST_CREDIT_BYTES = 1 << 20;
    private static final long NOBODY = 0;

    private final TraceBuffer buffer;
    private final TraceTable table;
    private final TraceSummary trace;
    private final SpanLog log;
    private final long seed;
    private final int shard;
    private final Timer timer;
    private final Ledger ledger;
    private final SamplingMetrics metrics;
    private final ShardJournal journal;
    private final Departures departures;
    private final TraceIndex scratch = new TraceIndex();
    private final HandOverReport report;

    private @Nullable TraceOwners owners;
    private long bytesPerSecond;

    /** The members of this round, and the position of this process among them. */
    private Membership members = Membership.of(List.of(), 0);

    private int self;
    private @Nullable Parcel[] parcels = {};
    private int[] entries = new int[64];
    /** The part of the table that is next. */
    private int part = TraceTable.PARTS;

    private int roundsLeft;
    private long nextRoundNanos;
    private long creditBytes;
    private long creditedNanos;

    HandOver(
            TraceBuffer buffer,
            TraceTable table,
            SpanLog log,
            long seed,
            int shard,
            Timer timer,
            Ledger ledger,
            SamplingMetrics metrics,
            ShardJournal journal,
            Departures departures,
            HandOverReport report) {
        this.buffer = buffer;
        this.table = table;
        this.trace = new TraceSummary(table);
        this.log = log;
        this.seed = seed;
        this.shard = shard;
        this.timer = timer;
        this.ledger = ledger;
        this.metrics = metrics;
        this.journal = journal;
        this.departures = departures;
        this.report = report;
    }

    /** @param shareBytesPerSecond what this shard may give away */
    void to(TraceOwners whom, long shareBytesPerSecond) {
        owners = whom;
        bytesPerSecond = shareBytesPerSecond;
    }

    /** Does a bounded piece of what there is to do; whether there is more at once. */
    boolean turn(long nowNanos, int tick) {
        TraceOwners whom = owners;
        if (whom == null) {
            return false;
        }
        look(whom, nowNanos);
        if (!departures.isEmpty()) {
            departures.settle(nowNanos, members.fingerprint(), (batch, from) -> takeBack(batch, from, tick));
        }
        if (part == TraceTable.PARTS && departures.isEmpty()) {
            report.done(nowNanos);
        }
        if (members.size() == 0 || !isDue(nowNanos)) {
            return false;
        }
        return sweep(whom, nowNanos);
    }

    /** Takes back all that nobody has taken yet, because the process stops and decides it itself. */
    void end(long nowNanos, int tick) {
        if (owners != null && !departures.isEmpty()) {
            departures.settle(nowNanos, NOBODY, (batch, from) -> takeBack(batch, from, tick));
        }
    }

    private void look(TraceOwners whom, long nowNanos) {
        Membership now = whom.members();
        if (now.fingerprint() != members.fingerprint()) {
            members = now;
            self = now.indexOf(whom.self());
            parcels = new Parcel[now.size()];
            part = TraceTable.PARTS;
            roundsLeft = ROUNDS;
            nextRoundNanos = nowNanos;
            creditedNanos = nowNanos;
            creditBytes = LEAST_CREDIT_BYTES;
        }
    }

    /** Whether a round has been begun and not ended, or is to be begun now. */
    private boolean isDue(long nowNanos) {
        if (part == TraceTable.PARTS && roundsLeft > 0 && nowNanos - nextRoundNanos >= 0) {
            roundsLeft--;
            part = 0;
            report.begin(nowNanos);
        }
        return part < TraceTable.PARTS;
    }

    private boolean sweep(TraceOwners whom, long nowNanos) {
        long until = timer.nanoTime() + MAX_TURN_NANOS;
        credit(nowNanos);
        boolean inTime = true;
        while (inTime && part < TraceTable.PARTS && mayGive()) {
            part += give(part, until, whom) ? 1 : 0;
            inTime = timer.nanoTime() - until < 0;
        }
        for (int to = 0; to < parcels.length; to++) {
            send(to, whom);
        }
        if (part == TraceTable.PARTS) {
            nextRoundNanos = nowNanos + SECOND_ROUND_NANOS;
            parcels = new Parcel[members.size()];
            return false;
        }
        return mayGive();
    }

    private boolean mayGive() {
        return creditBytes > 0 && !departures.isFull();
    }

    private void credit(long nowNanos) {
        double earned = (double) bytesPerSecond * (double) (nowNanos - creditedNanos) / 1e9;
        long most = Math.max(LEAST_CREDIT_BYTES, bytesPerSecond / 10);
        creditBytes = Math.min(most, creditBytes + (long) earned);
        creditedNanos = nowNanos;
    }

    /** Gives away what others own of a part of the table, at least one trace; whether that was all. */
    private boolean give(int ofTable, long untilNanos, TraceOwners whom) {
        entries = table.entries(ofTable, entries);
        int n = table.count(ofTable);
        for (int i = 0; i < n; i++) {
            trace.at(entries[i]);
            int owner = members.ownerOf(trace.idHigh(), trace.idLow());
            if (owner != self) {
                give(entries[i], owner, whom);
                if (!mayGive() || timer.nanoTime() - untilNanos >= 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void give(int entry, int owner, TraceOwners whom) {
        Parcel to = parcel(owner);
        if (!to.isEmpty() && !to.hasRoom(trace.bytes())) {
            send(owner, whom);
        }
        int pieces = 0;
        for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(log.bytesOf(p), log.offset(p))) {
            if (!to.isEmpty() && !to.hasRoom(log.bytesOf(p), log.offset(p))) {
                send(owner, whom);
                pieces++;
            }
            to.add(log.bytesOf(p), log.offset(p), log.neededFrom(p));
        }
        creditBytes -= trace.bytes();
        long hash = trace.hash(seed);
        to.end(hash, pieces);
        if (pieces > 0) {
            // The numbers of its pieces must follow each other.
            send(owner, whom);
        }
        buffer.forget(entry, hash);
    }

    private Parcel parcel(int owner) {
        Parcel there = parcels[owner];
        if (there == null) {
            there = new Parcel(journal.isOn());
            parcels[owner] = there;
        }
        return there;
    }

    private void send(int owner, TraceOwners whom) {
        Parcel parcel = parcels[owner];
        if (parcel == null || parcel.isEmpty()) {
            return;
        }
        parcel.note(journal, departures.nextNumber());
        int traces = parcel.traces();
        long from = parcel.neededFrom();
        Batch batch = parcel.finish().routed(members.fingerprint(), false);
        report.gave(traces, batch.items(), batch.length());
        departures.send(batch, owner, traces, from, whom);
    }

    private void takeBack(Batch batch, long neededFrom, int tick) {
        try {
            TraceIndex index = batch.index(scratch);
            int missing = buffer.append(new Submission(index, neededFrom, null, null, 1, _ -> {}), shard, tick);
            metrics.takenBackSpans.add(batch.items() - missing);
            if (missing > 0) {
                ledger.dropped(buffer.failure(), missing);
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("what was gathered from the log is no request", e);
        }
    }
}
