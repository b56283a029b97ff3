package weir.gateway.sampling;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.TraceIndex;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.TraceOwners;

/**
 * A share of the trace ids, and the lock that one thread at a time holds to touch their spans. Its own thread takes turns:
 * it takes in what was submitted, decides what is due, and passes on what was kept, a bounded piece of each, so that none
 * keeps the others waiting for more than some milliseconds.
 *
 * <p>Who submits takes in the spans itself if nobody holds the lock: the bytes are in its cache, and no thread needs to be
 * woken. Otherwise it leaves them in the queue, and who holds the lock takes them in or wakes the shard's thread: submitting
 * never waits. What a shard shows of itself ({@link #gauges}) is as of when the lock was held last.
 */
final class TraceShard implements Runnable {
    static final long TICK_NANOS = 10_000_000;

    private static final long MAX_APPENDED_BYTES = 4 << 20;
    private static final long MAX_GUEST_BYTES = 512 << 10;
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAILURE_PAUSE_NANOS = 20_000_000;

    private final Logger logger;
    private final Timer timer;
    private final Ledger ledger;
    private final SamplingMetrics metrics;
    private final Failures failures;
    private final ShardGauges gauges;
    private final TraceBuffer buffer;
    private final DecisionRounds rounds;
    private final Explainer explainer;
    private final Outbox outbox;
    private final Departures departures;
    private final HandOver handOver;
    private final int number;
    private final long epochNanos;
    private final ShardJournal journal;
    /** What is undecided when the process stops is left to the next one. */
    private final boolean keepsUndecided;

    private final ReentrantLock owner = new ReentrantLock();
    private final Queue<Submission> queue = new ConcurrentLinkedQueue<>();
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    /** The shard's thread waits for the lock, so nobody else should take it. */
    private volatile boolean wanted;

    private volatile boolean draining;
    private volatile boolean stopped;
    private volatile long neededFrom = TraceJournal.NO_RECORD;

    private long lastShrink;

    TraceShard(
            int number,
            long seed,
            Limits limits,
            PolicySet policies,
            PolicyInstruments instruments,
            SamplingMetrics metrics,
            ComponentContext context,
            Consumer next,
            ShardJournal journal,
            ForeignDecisions elsewhere) {
        this.number = number;
        this.journal = journal;
        this.keepsUndecided = journal.isOn() && !limits.dropPending();
        this.logger = context.logger();
        this.timer = context.timer();
        this.ledger = context.ledger();
        this.metrics = metrics;
        this.failures = new Failures(logger, timer, metrics.failures, number);
        this.epochNanos = timer.nanoTime();
        this.lastShrink = epochNanos;
        this.gauges = new ShardGauges(context.held(), limits);
        this.outbox = new Outbox(
                next, ledger, metrics.retries, Math.max(2 << 20, limits.maxHeldBytes() / 8), this::wake, journal);
        this.explainer = new Explainer(context.id().toString(), limits.explainedBytes(), policies, metrics.overwritten);
        this.buffer = new TraceBuffer(
                seed,
                limits,
                policies,
                instruments,
                context.process().clock().millis(),
                new Tally(metrics),
                metrics,
                outbox,
                explainer,
                new DecisionNotes(context.process()),
                journal,
                elsewhere,
                failures::failed);
        this.rounds = buffer.rounds();
        this.departures = new Departures(ledger, metrics, journal, limits.handingBytes(), this::wake);
        this.handOver = buffer.handOver(number, timer, ledger, departures, new HandOverReport(logger, number));
    }

    /** Gives traces that others come to own to these; see {@link HandOver#to}. */
    void handOverTo(TraceOwners owners, long bytesPerSecond) {
        owner.lock();
        try {
            handOver.to(owners, bytesPerSecond);
        } finally {
            owner.unlock();
        }
    }

    /** Takes over what was decided before; see {@link Decisions#recall}. */
    void recall(long[] words, List<String> names) {
        owner.lock();
        try {
            buffer.decisions().recall(words, names);
        } finally {
            owner.unlock();
        }
    }

    /** Takes over what the journal says of a trace; see {@link Decisions#recall}. */
    void recall(long hash, boolean kept, int policy) {
        owner.lock();
        try {
            buffer.decisions().recall(hash, kept, policy);
        } finally {
            owner.unlock();
        }
    }

    /**
     * Takes up spans that a process before this one had acknowledged and not passed on or dropped; to be called before
     * {@link #start}.
     *
     * @param record of the journal that holds them
     * @param mine their numbers; put in another order
     * @return how many of them were still to be decided or passed on
     */
    int replay(TraceIndex index, long record, int[] mine, JournalReplay from) {
        owner.lock();
        try {
            int[] again = new int[mine.length];
            int undelivered = from.undelivered(index, mine, again);
            int undecided = from.undecided(index, mine);
            int taken = undecided + undelivered;
            if (taken > 0) {
                ledger.recovered(taken);
                long now = timer.nanoTime();
                neededFrom = Math.min(neededFrom, record);
                buffer.again(index, again, undelivered, record, from);
                int[] starts = new int[number + 2];
                starts[number + 1] = undecided;
                int missing = buffer.append(new Submission(index, record, mine, starts, 1, _ -> {}), number, tick(now));
                if (missing > 0) {
                    ledger.dropped(buffer.failure(), missing);
                }
                show(now);
                if (rounds.isPressed()) {
                    ownTurn(now);
                }
            }
            return taken;
        } finally {
            owner.unlock();
        }
    }

    /** No record of the journal before this one is needed. Safe for use by any thread. */
    long neededFrom() {
        return neededFrom;
    }

    /** How many batches of kept spans the next component has not taken yet. Safe for use by any thread. */
    int keptBatches() {
        return outbox.batches();
    }

    /** How many batches of undecided traces their new owners have not taken yet. Safe for use by any thread. */
    int departures() {
        return departures.batches();
    }

    /** Something of what it remembers to have decided, by the tick that it is now. */
    long[] decisions(BiFunction<Decisions, Integer, long[]> what) {
        owner.lock();
        try {
            return what.apply(buffer.decisions(), tick(timer.nanoTime()));
        } finally {
            owner.unlock();
        }
    }

    /** Gives it spans to hold; the submission's part of this shard is done now or some time later. */
    void submit(Submission submission) {
        queue.add(submission);
        if (stopped) {
            refuseQueued();
        } else if (thread != null && !wanted && !owner.isHeldByCurrentThread() && owner.tryLock()) {
            boolean wake;
            try {
                wake = takeIn();
            } finally {
                owner.unlock();
            }
            if (wake || !queue.isEmpty()) {
                wake();
            }
        }
        // Else who holds the lock looks into the queue after this: the shard's thread before it parks, others above.
    }

    /** Takes in what is queued, up to some requests, on a thread that is not the shard's; whether that one is needed now. */
    private boolean takeIn() {
        if (stopped) {
            refuseQueued();
            return false;
        }
        boolean idle = buffer.traces() == 0 && buffer.isFlushed();
        long now = timer.nanoTime();
        append(tick(now), MAX_GUEST_BYTES);
        journal.flush();
        buffer.settle(ledger);
        show(now);
        return (idle && (buffer.traces() > 0 || !buffer.isFlushed())) || rounds.isPressed();
    }

    private void refuseQueued() {
        for (Submission s = queue.poll(); s != null; s = queue.poll()) {
            int items = s.items(number);
            ledger.refused(Reason.SHUTTING_DOWN, items);
            s.done(items, Reason.SHUTTING_DOWN);
        }
    }

    /** What it shows of itself. */
    ShardGauges gauges() {
        return gauges;
    }

    /** What shadow policies would have decided otherwise lately. */
    List<ShadowDifference> shadowDifferences() {
        return buffer.decisions().shadowDifferences();
    }

    /** What became of a trace; waits for who holds the lock, unless the decision is noted. */
    Why why(long idHigh, long idLow) {
        Why noted = explainer.explain(idHigh, idLow);
        if (noted != null) {
            return noted;
        }
        owner.lock();
        try {
            return buffer.known(idHigh, idLow, explainer.sampler(), tick(timer.nanoTime()));
        } finally {
            owner.unlock();
        }
    }

    /** Decides by other policies from now on; waits for who holds the lock. */
    void use(PolicySet policies, PolicyInstruments instruments) {
        wanted = true;
        owner.lock();
        try {
            wanted = false;
            buffer.decisions().use(policies, instruments, tick(timer.nanoTime()));
        } finally {
            owner.unlock();
        }
        wake();
    }

    /** Begins its thread. */
    void start(String name) {
        Thread made = Thread.ofPlatform().name(name).daemon().unstarted(this);
        thread = made;
        made.start();
    }

    /**
     * Has it decide all there is, or with a journal, pass on what was kept; see {@link #awaitDrained}. Nothing may be submitted
     * any more.
     */
    void drain() {
        draining = true;
        wake();
    }

    /** Whether all was passed on within the time. */
    boolean awaitDrained(long nanos) throws InterruptedException {
        return drained.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Ends its thread, and counts what it still held as lost. */
    void close() {
        stopped = true;
        Thread t = thread;
        if (t != null) {
            wake();
            boolean interrupted = false;
            try {
                t.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (t.isAlive()) {
                logger.log(Level.ERROR, "shard {0} does not end; what it holds is not accounted for", number);
                return;
            }
        }
        refuseQueued();
        owner.lock();
        try {
            buffer.settle(ledger);
            long lost = buffer.abandon();
            if (lost > 0 && !keepsUndecided) {
                ledger.dropped(Reason.SHUTDOWN_INCOMPLETE, lost);
            }
            outbox.abandon();
            departures.abandon();
            show(timer.nanoTime());
        } finally {
            owner.unlock();
        }
    }

    /** Why it makes no progress; empty if it does. */
    String trouble() {
        Thread t = thread;
        if (t != null && !t.isAlive() && !stopped) {
            return "the thread of shard " + number + " has ended";
        }
        return failures.trouble();
    }

    @Override
    public void run() {
        while (!stopped) {
            long wait;
            try {
                wait = turn();
            } catch (RuntimeException | Error e) {
                failures.failed("a turn of its loop", e);
                wait = FAILURE_PAUSE_NANOS;
            }
            if (wait > 0 && !stopped) {
                park(wait);
            }
        }
    }

    private void park(long nanos) {
        if (queue.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    private void wake() {
        Thread t = thread;
        if (t != null) {
            LockSupport.unpark(t);
        }
    }

    /**
     * Does a bounded piece of what there is to do.
     *
     * @return how long nothing will need to be done unless something comes, in nanoseconds
     */
    long turn() {
        wanted = true;
        owner.lock();
        try {
            wanted = false;
            return ownTurn(timer.nanoTime());
        } finally {
            owner.unlock();
        }
    }

    private long ownTurn(long now) {
        int tick = tick(now);
        outbox.retry(now);
        boolean more = append(tick, MAX_APPENDED_BYTES);
        if (!draining) {
            more |= handOver.turn(now, tick);
        } else if (!keepsUndecided) {
            handOver.end(now, tick);
        }
        more |= decide(tick);
        buffer.recycle();
        more |= buffer.compact();
        if (now - lastShrink >= SHRINK_NANOS) {
            lastShrink = now;
            buffer.shrink();
        }
        buffer.publish();
        buffer.settle(ledger);
        show(now);
        if (journal.isOn()) {
            journal.flush();
            neededFrom = Math.min(Math.min(buffer.neededFrom(), outbox.neededFrom()), departures.neededFrom());
            journal.release();
        }
        if (draining
                && queue.isEmpty()
                && (keepsUndecided || (buffer.traces() == 0 && departures.isEmpty()))
                && buffer.isFlushed()
                && outbox.isEmpty()) {
            drained.countDown();
        }
        if (more) {
            return 0;
        }
        return buffer.traces() > 0 || !buffer.isFlushed() || outbox.hasWaiting() || !departures.isEmpty()
                ? DecisionRounds.TICKS * TICK_NANOS / 2
                : IDLE_NANOS;
    }

    private int tick(long now) {
        return (int) ((now - epochNanos) / TICK_NANOS);
    }

    private boolean append(int tick, long maxBytes) {
        long bytes = 0;
        while (bytes < maxBytes) {
            Submission next = queue.poll();
            if (next == null) {
                return false;
            }
            bytes += next.index.length();
            int missing = buffer.append(next, number, tick);
            neededFrom = Math.min(neededFrom, next.record);
            if (missing > 0) {
                ledger.refused(buffer.failure(), missing);
            }
            next.done(missing, buffer.failure());
        }
        return true;
    }

    /** Has traces decided as {@link DecisionRounds} says, and when draining all there are or, with a journal, none. */
    private boolean decide(int tick) {
        if (draining && keepsUndecided) {
            buffer.flush();
            return false;
        }
        if (!draining && !rounds.isTime(tick)) {
            return false;
        }
        long begin = System.nanoTime();
        boolean done = rounds.advance(tick, draining && queue.isEmpty());
        metrics.decisionMillis.record((System.nanoTime() - begin) / 1e6);
        if (done) {
            buffer.flush();
        }
        return !done && !outbox.full();
    }

    private void show(long now) {
        gauges.show(buffer, departures, now - epochNanos);
    }
}
