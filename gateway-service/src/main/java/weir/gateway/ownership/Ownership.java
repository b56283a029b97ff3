package weir.gateway.ownership;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.exporter.queue.SendingQueue;
import weir.hash.Member;
import weir.hash.Membership;
import weir.hash.Ring;
import weir.members.MemberSource;
import weir.members.Roster;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.SharesDecisions;
import weir.pipeline.ToldDecisions;
import weir.pipeline.TraceOwners;
import weir.telemetry.Counter;
import weir.transport.client.Sender;
import weir.transport.members.Backends;

/**
 * Passes on the spans of traces that this gateway owns, and sends the others to their owners, which do not send them on once
 * more. Until an owner has taken what is its own, it is held here, bounded; beyond that, senders are asked to come back.
 *
 * <p>A sender that knew the same members chose this gateway for all it sends, so that nothing is looked up. A gateway that sends
 * on by other members than are known here is refused for now: within seconds both know the same, and a trace is not split in
 * between.
 *
 * <p>What the sampler behind it holds undecided goes past all of that to who came to own it ({@link #send}).
 *
 * <p>A request is taken whole or not at all. Called by any thread; does not block.
 */
final class Ownership implements Processor, TraceOwners, HearsPeers {
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Cutters that are kept: about as many as threads bring batches at once. */
    private static final int KEPT_CUTTERS = 16;

    private final ComponentContext context;
    private final Ledger ledger;
    private final String name;
    private final Consumer next;
    private final Roster roster;
    private final Backends backends;
    /** What was held for others and is this gateway's own now. */
    private final SendingQueue own;

    private final Disagreement disagreement;
    private final Queue<Cutter> cutters = new ArrayBlockingQueue<>(KEPT_CUTTERS);
    private final Counter chosen;
    private final Counter found;
    private final Counter forwarded;
    private final Counter disagreed;
    private final Counter handedOver;
    private final long bytesPerSecond;
    /** Null if the file has no section {@code peers}. */
    private final @Nullable DecisionTelling telling;
    /** Used if nobody is told. */
    private final UntoldDecisions untold;

    private volatile boolean draining;

    /**
     * One that knows nobody until it is started.
     *
     * @param source finds the gateways
     * @param senders makes the sender to another gateway
     * @param opener of what tells other gateways what was decided
     */
    Ownership(
            ComponentContext context,
            OwnershipConfig config,
            MemberSource source,
            Function<Member, Sender> senders,
            Peer.Opener opener,
            Consumer next) {
        this.context = context;
        this.ledger = context.ledger();
        this.name = config.name().isEmpty() ? context.process().instance() : config.name();
        this.next = next;
        var protocol = config.protocol().otlp();
        backends = new Backends(
                context, protocol, config.maxQueueBytes(), name, Membership.of(List.of(), 0), senders, this::again);
        own = SendingQueue.of(
                context, protocol.queue(), protocol.retryOnFailure(), config.maxQueueBytes(), next, "endpoint", name);
        disagreement = new Disagreement(config.agreeWithin(), context.timer()::nanoTime);
        roster = new Roster(context, source, Ring.RENDEZVOUS, config.gracePeriod(), this::use);
        chosen = spans("chosen");
        found = spans("found");
        forwarded = spans("forwarded");
        disagreed = spans("disagreed");
        handedOver = spans("handed_over");
        bytesPerSecond = (long) config.maxHandOverMibPerSecond() << 20;
        untold = new UntoldDecisions(context, name);
        telling = config.peers() == null ? null : telling(config, config.peers(), opener);
    }

    private DecisionTelling telling(OwnershipConfig config, PeersConfig peers, Peer.Opener opener) {
        var client = config.protocol().otlp().client();
        return new DecisionTelling(context, name, bytesPerSecond, member -> {
            return opener.open(context, client.settings(peers.addressOf(member), member.host()), member.name());
        });
    }

    private Counter spans(String how) {
        return context.metrics()
                .counter(
                        "weir_ownership_spans",
                        "Spans by whose they were: chosen (a sender that knows the same members sent them here), found (own,"
                                + " by looking), forwarded (another's), disagreed (taken though another's), handed_over"
                                + " (held undecided here until they became another's)",
                        "component",
                        context.id().toString(),
                        "how",
                        how);
    }

    private void use(Membership members) {
        if (members.indexOf(name) < 0) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "this gateway, {0}, is not among the members, so that all traces belong to others: {1}",
                            name,
                            members.members().stream().map(Member::name).collect(Collectors.joining(", ")));
        }
        disagreement.end();
        backends.use(members);
        if (telling != null) {
            telling.changed(members);
        } else {
            untold.changed(members);
        }
    }

    @Override
    public void start() throws Exception {
        roster.start();
        if (!backends.failure().isEmpty()) {
            throw new IOException(backends.failure());
        }
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Backends.Current now = backends.current();
        int items = batch.items();
        if (draining) {
            refuse(items, Reason.SHUTTING_DOWN, "the gateway is draining", done);
        } else if (now.list().isEmpty()) {
            refuse(items, Reason.BACKEND_UNAVAILABLE, roster.trouble(), done);
        } else if (batch.routedBy() != 0 && batch.routedBy() == now.members().fingerprint()) {
            chosen.add(items);
            ledger.pass(batch, next, done);
        } else {
            look(batch, now, done);
        }
    }

    private void look(Batch batch, Backends.Current now, DeliveryCallback done) {
        int items = batch.items();
        int self = now.members().indexOf(name);
        @Nullable Batch @Nullable [] parts;
        try {
            parts = cut(batch, now, self);
        } catch (MalformedOtlpException e) {
            Delivery malformed = Delivery.rejected(Reason.MALFORMED, String.valueOf(e.getMessage()));
            ledger.receivedAndRefused(Reason.MALFORMED, items);
            done.complete(malformed);
            return;
        }
        if (parts == null) {
            found.add(items);
            ledger.pass(batch, next, done);
        } else if (!batch.isForwarded()) {
            spread(items, parts, now, self, done);
        } else if (disagreement.mayStillEnd()) {
            refuse(
                    items,
                    Reason.NOT_OWNER,
                    name + " does not own all of these traces as it knows the members, " + now.members(),
                    done);
        } else {
            disagreed.add(items);
            ledger.pass(batch, next, done);
        }
    }

    private @Nullable Batch @Nullable [] cut(Batch batch, Backends.Current now, int self)
            throws MalformedOtlpException {
        Cutter kept = cutters.poll();
        Cutter cutter = kept == null ? new Cutter() : kept;
        try {
            @Nullable Batch @Nullable [] parts = cutter.cut(batch, now.members(), self);
            for (int i = 0; parts != null && i < parts.length; i++) {
                Batch part = parts[i];
                parts[i] = part == null || i == self
                        ? part
                        : part.routed(now.members().fingerprint(), true);
            }
            return parts;
        } finally {
            cutters.offer(cutter);
        }
    }

    private void refuse(int items, Reason reason, String why, DeliveryCallback done) {
        ledger.receivedAndRefused(reason, items);
        done.complete(Delivery.retryLater(RETRY, reason, why));
    }

    /** Takes places in the others' queues, passes on the own part, and only then gives the others theirs. */
    private void spread(int items, @Nullable Batch[] parts, Backends.Current now, int self, DeliveryCallback done) {
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            Delivery refusal =
                    part == null || i == self ? null : now.at(i).queue().reserve(part);
            if (refusal != null) {
                release(parts, now, self, i);
                ledger.received(items);
                ledger.settle(items, refusal);
                done.complete(refusal);
                return;
            }
        }
        ledger.received(items);
        Batch mine = self < 0 ? null : parts[self];
        if (mine == null) {
            commit(parts, now, self);
            done.complete(Delivery.ACCEPTED);
        } else {
            next.consume(mine, delivery -> passed(items, mine.items(), delivery, parts, now, self, done));
        }
    }

    private void passed(
            int items,
            int ofMine,
            Delivery delivery,
            @Nullable Batch[] parts,
            Backends.Current now,
            int self,
            DeliveryCallback done) {
        if (delivery instanceof Delivery.RetryLater) {
            release(parts, now, self, parts.length);
            ledger.settle(items, delivery);
            done.complete(delivery);
            return;
        }
        found.add(ofMine);
        ledger.settle(ofMine, delivery);
        commit(parts, now, self);
        // What the others own is taken, also when the own part never will be.
        done.complete(
                delivery instanceof Delivery.Rejected(var reason, var message)
                        ? new Delivery.Partial(ofMine, reason, message)
                        : delivery);
    }

    private void commit(@Nullable Batch[] parts, Backends.Current now, int self) {
        for (int i = 0; i < parts.length; i++) {
            Batch part = parts[i];
            if (part != null && i != self) {
                forwarded.add(part.items());
                now.at(i).queue().commit(part);
            }
        }
        backends.placed(now);
    }

    private static void release(@Nullable Batch[] parts, Backends.Current now, int self, int end) {
        for (int i = 0; i < end; i++) {
            Batch part = parts[i];
            if (part != null && i != self) {
                now.at(i).queue().release(part);
            }
        }
    }

    /** Looks anew at what was held for a gateway, because the members changed. */
    private void again(Batch batch) {
        Backends.Current now = backends.current();
        int self = now.members().indexOf(name);
        @Nullable Batch @Nullable [] parts;
        try {
            parts = cut(batch, now, self);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("what was cut before cannot be cut any more", e);
        }
        if (parts == null) {
            own.adopt(batch);
        }
        for (int i = 0; parts != null && i < parts.length; i++) {
            Batch part = parts[i];
            if (part != null) {
                (i == self ? own : now.at(i).queue()).adopt(part);
            }
        }
        backends.placed(now);
    }

    @Override
    public Membership members() {
        return backends.current().members();
    }

    @Override
    public String self() {
        return name;
    }

    @Override
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    @Override
    public void send(Batch batch, int to, DeliveryCallback done) {
        Backends.Current now = backends.current();
        if (batch.routedBy() != now.members().fingerprint()) {
            done.complete(Delivery.retryLater(Duration.ZERO, Reason.NOT_OWNER, "the members changed"));
            return;
        }
        now.at(to).send(batch.routed(batch.routedBy(), true), done.after(delivery -> {
            if (delivery instanceof Delivery.Accepted) {
                handedOver.add(batch.items());
            }
        }));
    }

    @Override
    public void share(SharesDecisions decided) {
        if (telling != null) {
            telling.share(decided);
        } else {
            untold.decisionsAreMade();
        }
    }

    @Override
    public void tellAll(Duration limit) throws InterruptedException {
        if (telling != null) {
            telling.tellAll(limit);
        }
    }

    @Override
    public int hear(ToldDecisions told) {
        return telling == null ? NOT_HERE : telling.hear(told);
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        long end = System.nanoTime() + limit.toNanos();
        boolean done = backends.drain(limit);
        return own.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime()))) && done;
    }

    @Override
    public void close() {
        draining = true;
        roster.close();
        if (telling != null) {
            telling.close();
        }
        backends.close();
        own.close();
    }

    /** That others are away is no reason to send nothing here. */
    @Override
    public String trouble() {
        return roster.trouble();
    }
}
