package weir.gateway.sampling;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.ottl.Environment;
import weir.ottl.context.LivePrograms;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.HandsOver;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;
import weir.pipeline.TraceOwners;
import weir.pipeline.TraceVerdicts;

/**
 * Holds the spans of a trace until they are likely complete, and passes the trace on or drops it, whole. A request is
 * accepted when its spans are in the logs of their shards; until then it waits in bounded queues, beyond which, and beyond
 * the byte budget, senders are asked to retry.
 */
final class TailSamplingProcessor
        implements Processor,
                Reloadable<TailSamplingConfig>,
                HandsOver,
                TraceVerdicts,
                ShadowDifference.Source,
                Why.Source {
    private static final Duration RETRY_FULL_QUEUE = Duration.ofMillis(200);
    private static final Duration RETRY_FULL_BUFFER = Duration.ofSeconds(1);
    private static final Duration RETRY_ELSEWHERE = Duration.ofMillis(100);
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(5);
    private static final int MAX_QUEUED_REQUESTS = 8192;

    private final ComponentContext context;
    private final TraceShard[] shards;
    private final @Nullable DecisionFile file;
    private final @Nullable TraceJournal journal;
    private @Nullable JournalReplay replay;
    /** Why the journal could not be opened; told at the start. */
    private final @Nullable IOException failure;

    private final long seed;
    /** What is undecided when the process stops is left to the next one. */
    private final boolean keepsUndecided;

    private final long maxQueuedBytes;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicInteger queuedRequests = new AtomicInteger();
    private final Queue<TraceIndex> scratch = new ArrayBlockingQueue<>(64);
    private final PolicyVersions versions;
    private final SamplerState state;
    private final ForeignDecisions foreign;
    private final SharedDecisions shared;
    /** Held while policies are replaced. */
    private final ReentrantLock policiesInForce = new ReentrantLock();

    private @Nullable TraceOwners owners;
    private volatile List<String> policyNames;
    private volatile boolean draining;
    private volatile boolean started;

    /** One that begins with what the one before it in the same data directory had decided. */
    TailSamplingProcessor(ComponentContext context, TailSamplingConfig config, Consumer next) {
        this(context, config, next, Past.of(context, config));
    }

    /** One that knows nothing of others, for tests. */
    TailSamplingProcessor(ComponentContext context, TailSamplingConfig config, Consumer next, long seed) {
        this(context, config, next, Past.none(seed));
    }

    private TailSamplingProcessor(ComponentContext context, TailSamplingConfig config, Consumer next, Past past) {
        this.context = context;
        this.seed = past.seed();
        this.file = past.file();
        this.journal = past.journal();
        this.replay = past.replay();
        this.failure = past.failure();
        this.keepsUndecided = past.journal() != null && !config.dropPendingTracesOnShutdown();
        this.maxQueuedBytes = (long) config.weir().maxQueuedMib() << 20;
        List<PolicySet> policies = policies(config);
        policyNames = policies.getFirst().names();
        versions = new PolicyVersions(context);
        PolicyInstruments instruments = versions.announce(policies.getFirst());
        SamplingMetrics metrics = new SamplingMetrics(context);
        Limits limits = Limits.of(config);
        foreign = ForeignDecisions.of(context, config.weir());
        shards = new TraceShard[config.numShards()];
        for (int i = 0; i < shards.length; i++) {
            ShardJournal part = past.journalOf(i, metrics.unnotedDecisions);
            shards[i] = new TraceShard(
                    i, seed, limits, policies.get(i), instruments, metrics, context, next, part, foreign);
            if (journal != null) {
                journal.watch(shards[i]::neededFrom);
            }
        }
        String name = (context.pipeline() + " " + context.id()).strip();
        shared = new SharedDecisions(name, seed, shards, () -> policyNames, policiesInForce, foreign);
        state = new SamplerState(shards);
        state.show(context, config, queuedBytes::get);
        DecisionFile.Content before = past.decisions();
        if (before != null) {
            recall(before);
        }
    }

    private void recall(DecisionFile.Content before) {
        if (before.shards().size() != shards.length) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "num_shards was {0} before the restart and is {1} now, so what was decided then is not known",
                            before.shards().size(),
                            shards.length);
            return;
        }
        for (int i = 0; i < shards.length; i++) {
            shards[i].recall(before.shards().get(i), before.policies());
        }
        context.logger().log(Level.INFO, "knows what was decided before the restart");
    }

    @Override
    public void reload(TailSamplingConfig config) {
        List<PolicySet> policies = policies(config);
        PolicyInstruments instruments = versions.announce(policies.getFirst());
        policiesInForce.lock();
        try {
            policyNames = policies.getFirst().names();
            for (int i = 0; i < shards.length; i++) {
                shards[i].use(policies.get(i), instruments);
            }
        } finally {
            policiesInForce.unlock();
        }
        context.logger()
                .log(
                        Level.INFO,
                        "decides by policies {0}, version {1}",
                        policies.getFirst().hash(),
                        versions.count());
    }

    /** The policies of each shard. */
    private List<PolicySet> policies(TailSamplingConfig config) {
        Environment environment = LivePrograms.environment(context);
        return IntStream.range(0, config.numShards())
                .mapToObj(i -> new PolicySet(
                        config.policies(),
                        config.weir().shadowPolicies(),
                        config.rules(),
                        config.numShards(),
                        environment))
                .toList();
    }

    /** Its shards, for tests that let them take turns by hand instead of {@link #start}. */
    List<TraceShard> shards() {
        return List.of(shards);
    }

    @Override
    public void handOverTo(TraceOwners owners) {
        this.owners = owners;
        owners.share(shared);
        for (TraceShard shard : shards) {
            shard.handOverTo(owners, owners.bytesPerSecond() / shards.length);
        }
    }

    @Override
    public void start() throws IOException {
        if (failure != null) {
            throw failure;
        }
        JournalReplay before = replay;
        if (before != null) {
            replay = null;
            before.run(shards, context.logger());
        }
        started = true;
        for (int i = 0; i < shards.length; i++) {
            shards[i].start("weir-sampling-" + context.id() + "-" + i);
        }
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        int items = batch.items();
        if (draining) {
            refuse(items, Delivery.retryLater(RETRY_ELSEWHERE, Reason.SHUTTING_DOWN, "the gateway is draining"), done);
            return;
        }
        if (items == 0) {
            done.complete(Delivery.ACCEPTED);
            return;
        }
        if (state.isFull()) {
            refuse(
                    items,
                    Delivery.retryLater(
                            RETRY_FULL_BUFFER,
                            Reason.MEMORY_LIMIT,
                            "the sampler holds as much as weir.max_held_mib allows"),
                    done);
            return;
        }
        int bytes = batch.length();
        long queued = queuedBytes.addAndGet(bytes);
        int requests = queuedRequests.incrementAndGet();
        if (requests > MAX_QUEUED_REQUESTS || (queued > maxQueuedBytes && requests > 1)) {
            leave(bytes);
            refuse(
                    items,
                    Delivery.retryLater(
                            RETRY_FULL_QUEUE, Reason.QUEUE_FULL, "requests come faster than the sampler takes them in"),
                    done);
            return;
        }
        TraceIndex spare = scratch.poll();
        TraceIndex mine = spare == null ? new TraceIndex() : spare;
        try {
            TraceIndex index = batch.index(mine);
            boolean lent = index != mine;
            if (lent) {
                scratch.offer(mine);
            }
            context.held().add(bytes);
            context.ledger().received(items);
            Runnable takenIn = () -> {
                leave(bytes);
                context.held().release(bytes);
                if (!lent) {
                    scratch.offer(mine);
                }
            };
            if (journal != null) {
                store(journal, batch, index, takenIn, done);
                return;
            }
            submit(index, TraceJournal.NO_RECORD, submission -> {
                takenIn.run();
                done.complete(submission.outcome());
            });
        } catch (MalformedOtlpException e) {
            leave(bytes);
            scratch.offer(mine);
            refuse(items, Delivery.rejected(Reason.MALFORMED, String.valueOf(e.getMessage())), done);
        }
    }

    private void store(TraceJournal to, Batch batch, TraceIndex index, Runnable takenIn, DeliveryCallback done) {
        Acknowledgement acknowledgement = new Acknowledgement(to, done, takenIn);
        long record = to.append(batch, acknowledgement);
        if (record >= 0) {
            submit(index, record, acknowledgement);
            return;
        }
        takenIn.run();
        Delivery refusal = to.refusal(record);
        context.ledger().settle(batch.items(), refusal);
        done.complete(refusal);
    }

    private void submit(TraceIndex index, long record, java.util.function.Consumer<Submission> whenDone) {
        if (shards.length == 1) {
            shards[0].submit(new Submission(index, record, null, null, 1, whenDone));
            return;
        }
        int n = index.spans();
        int[] shardOf = new int[n];
        int[] starts = new int[shards.length + 1];
        for (int i = 0; i < n; i++) {
            int shard = TraceHash.shard(TraceHash.of(index.traceIdHigh(i), index.traceIdLow(i), seed), shards.length);
            shardOf[i] = shard;
            starts[shard + 1]++;
        }
        int concerned = 0;
        for (int s = 0; s < shards.length; s++) {
            concerned += starts[s + 1] > 0 ? 1 : 0;
            starts[s + 1] += starts[s];
        }
        int[] order = new int[n];
        int[] at = starts.clone();
        for (int i = 0; i < n; i++) {
            order[at[shardOf[i]]++] = i;
        }
        Submission submission = new Submission(index, record, order, starts, concerned, whenDone);
        for (int s = 0; s < shards.length; s++) {
            if (starts[s + 1] > starts[s]) {
                shards[s].submit(submission);
            }
        }
    }

    private void leave(int bytes) {
        queuedBytes.addAndGet(-bytes);
        queuedRequests.decrementAndGet();
    }

    private void refuse(int items, Delivery delivery, DeliveryCallback done) {
        Reason reason = switch (delivery) {
            case Delivery.RetryLater(var _, var why, var _) -> why;
            case Delivery.Rejected(var why, var _) -> why;
            case Delivery.Accepted(), Delivery.Partial(var _, var _, var _) -> Reason.INTERNAL_ERROR;
        };
        context.ledger().receivedAndRefused(reason, items);
        done.complete(delivery);
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        if (!started) {
            return true;
        }
        long most = keepsUndecided ? Math.min(limit.toNanos(), LONGEST_FLUSH.toNanos()) : limit.toNanos();
        long end = System.nanoTime() + most;
        for (TraceShard shard : shards) {
            shard.drain();
        }
        boolean drained = true;
        for (TraceShard shard : shards) {
            drained &= shard.awaitDrained(end - System.nanoTime());
        }
        if (owners != null) {
            owners.tellAll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        if (!drained && keepsUndecided) {
            context.logger().log(Level.INFO, "what the next component has not taken yet is left to the next start");
            return true;
        }
        if (!drained) {
            context.logger().log(Level.WARNING, "not done after {0}: {1}", limit, open());
        }
        if (file != null) {
            file.write(new DecisionFile.Content(
                    seed,
                    policyNames,
                    Arrays.stream(shards)
                            .map(shard -> shard.decisions(Decisions::words))
                            .toList()));
        }
        return drained;
    }

    /** What keeps it from being drained. */
    String open() {
        return state.open();
    }

    @Override
    public void close() {
        draining = true;
        for (TraceShard shard : shards) {
            shard.close();
        }
        if (journal != null) {
            journal.close();
        }
    }

    @Override
    public String trouble() {
        if (journal != null && !journal.trouble().isEmpty()) {
            return journal.trouble();
        }
        for (TraceShard shard : shards) {
            String trouble = shard.trouble();
            if (!trouble.isEmpty()) {
                return trouble;
            }
        }
        return "";
    }

    @Override
    public List<ShadowDifference> shadowDifferences() {
        return Arrays.stream(shards)
                .flatMap(s -> s.shadowDifferences().stream())
                .sorted(Comparator.comparingLong(ShadowDifference::decidedAtUnixMillis)
                        .reversed())
                .toList();
    }

    @Override
    public Why why(long idHigh, long idLow) {
        return shards[TraceHash.shard(TraceHash.of(idHigh, idLow, seed), shards.length)].why(idHigh, idLow);
    }

    @Override
    public Verdict[] verdicts(long[] traceIds) {
        return new Verdicts(shards, seed).verdicts(traceIds);
    }
}
