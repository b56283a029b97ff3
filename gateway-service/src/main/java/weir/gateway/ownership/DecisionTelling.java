package weir.gateway.ownership;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.hash.Member;
import weir.hash.Membership;
import weir.pipeline.ComponentContext;
import weir.pipeline.SharesDecisions;
import weir.pipeline.ToldDecisions;
import weir.telemetry.Counter;

/**
 * Tells other gateways what was decided here, when they come to own traces: those that join, and all of them when this one is
 * no member any more or stops. What is decided here in the half minute after a change is told them too, because some of their
 * traces are decided here until all senders know the change; so is, then, what could not be told at once.
 *
 * <p>Each is told by a virtual thread of its own, at its share of what may be handed over a second. Safe for use by any thread.
 */
final class DecisionTelling implements AutoCloseable {
    /** The most decisions in a message: 128 KiB. */
    static final int MAX_DECISIONS = 1 << 14;

    private static final List<Duration> AGAIN =
            List.of(Duration.ofSeconds(3), Duration.ofSeconds(8), Duration.ofSeconds(15), Duration.ofSeconds(30));
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration OVERLAP = Duration.ofSeconds(2);

    /** Opens the way to a member. */
    @FunctionalInterface
    interface Way {
        Peer to(Member member) throws IOException;
    }

    private final ComponentContext context;
    private final String self;
    private final Way way;
    private final long bytesPerSecond;
    private final Timer timer;
    private final Counter told;
    private final Counter messages;
    private final Counter failures;
    private final List<SharesDecisions> shared = new CopyOnWriteArrayList<>();
    /** By name, until when what was decided here was told: in nanoseconds of the timer. */
    private final Map<String, Long> toldUntil = new ConcurrentHashMap<>();

    private final Set<Thread> telling = ConcurrentHashMap.newKeySet();
    private volatile Membership members = Membership.of(List.of(), 0);
    private volatile boolean closed;

    /** @param self the name of this gateway among the members */
    DecisionTelling(ComponentContext context, String self, long bytesPerSecond, Way way) {
        this.context = context;
        this.self = self;
        this.bytesPerSecond = bytesPerSecond;
        this.way = way;
        this.timer = context.timer();
        String id = context.id().toString();
        var metrics = context.metrics();
        told = metrics.counter(
                "weir_ownership_told_decisions", "Decisions that other gateways were told and took", "component", id);
        messages = metrics.counter(
                "weir_ownership_tellings",
                "Times that a gateway was told decisions",
                "component",
                id,
                "success",
                "true");
        failures = metrics.counter(
                "weir_ownership_tellings",
                "Times that a gateway was told decisions",
                "component",
                id,
                "success",
                "false");
    }

    /** Has the decisions of a component told; to be called before the start. */
    void share(SharesDecisions decisions) {
        shared.add(decisions);
    }

    /** Takes what another gateway told; see {@link HearsPeers#hear}. */
    int hear(ToldDecisions heard) {
        for (SharesDecisions decisions : shared) {
            if (decisions.sampler().equals(heard.sampler())) {
                return decisions.learn(heard);
            }
        }
        return HearsPeers.NOT_HERE;
    }

    /** The members changed. Called by one thread at a time. */
    void changed(Membership now) {
        Membership before = members;
        members = now;
        if (before.size() == 0) {
            // Nobody of them came to own what was decided here.
            return;
        }
        boolean left = before.indexOf(self) >= 0 && now.indexOf(self) < 0;
        List<Member> whom = new ArrayList<>();
        for (Member member : now.members()) {
            if (!member.name().equals(self) && (left || before.indexOf(member.name()) < 0)) {
                whom.add(member);
            }
        }
        before.members().forEach(member -> forget(member, now));
        whom.forEach(member -> toldUntil.remove(member.name()));
        if (whom.isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>();
        whom.forEach(member -> names.add(member.name()));
        tell(whom, false);
        AGAIN.forEach(after -> timer.after(after, () -> tell(present(names), false)));
    }

    private void forget(Member member, Membership now) {
        if (now.indexOf(member.name()) < 0) {
            toldUntil.remove(member.name());
        }
    }

    private List<Member> present(Set<String> names) {
        return members.members().stream()
                .filter(member -> names.contains(member.name()))
                .toList();
    }

    /**
     * Tells members on threads of their own.
     *
     * @param last whether this gateway stops: then what others told it is not told on, as they told all
     */
    private CountDownLatch tell(List<Member> whom, boolean last) {
        CountDownLatch done = new CountDownLatch(whom.size());
        long share = bytesPerSecond / Math.max(1, whom.size());
        for (Member member : whom) {
            Thread.ofVirtual().name("weir-telling-" + member.name()).start(() -> {
                telling.add(Thread.currentThread());
                try {
                    tell(member, last, share);
                } catch (InterruptedException e) {
                    failures.increment();
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    failures.increment();
                    context.logger().log(Level.ERROR, "what was decided could not be told to " + member.name(), e);
                } finally {
                    telling.remove(Thread.currentThread());
                    done.countDown();
                }
            });
        }
        return done;
    }

    private void tell(Member member, boolean last, long share) throws InterruptedException {
        long begin = timer.nanoTime();
        Long until = toldUntil.get(member.name());
        Duration lately = until == null ? null : Duration.ofNanos(begin - until).plus(OVERLAP);
        long decisions = 0;
        if (closed) {
            return;
        }
        try (Peer peer = way.to(member)) {
            for (SharesDecisions each : shared) {
                for (ToldDecisions part : parts(each, lately, until == null && !last)) {
                    decisions += tell(peer, part, share);
                }
            }
        } catch (IOException e) {
            failures.increment();
            context.logger()
                    .log(
                            Level.WARNING,
                            "what was decided could not be told to {0}, so that spans which come late may be decided there"
                                    + " anew: {1}",
                            member.name(),
                            e.getMessage());
            return;
        }
        toldUntil.put(member.name(), begin);
        messages.increment();
        if (decisions > 0) {
            context.logger()
                    .log(
                            Level.INFO,
                            "told {0} {1} decisions, {2} KiB in {3} ms",
                            member.name(),
                            decisions,
                            (decisions * Long.BYTES) >> 10,
                            (timer.nanoTime() - begin) / 1_000_000);
        }
    }

    private List<ToldDecisions> parts(SharesDecisions from, @Nullable Duration lately, boolean heard) {
        List<ToldDecisions> parts = new ArrayList<>();
        if (heard) {
            parts.addAll(from.heard());
        }
        parts.add(from.decided(lately == null ? from.toldFor() : lately, self));
        return parts;
    }

    private long tell(Peer peer, ToldDecisions all, long share) throws IOException, InterruptedException {
        long[] words = all.words();
        for (int at = 0; at < words.length; at += MAX_DECISIONS) {
            if (closed || Thread.interrupted()) {
                throw new InterruptedException();
            }
            int end = Math.min(words.length, at + MAX_DECISIONS);
            peer.tell(
                    new ToldDecisions(
                            all.gateway(),
                            all.sampler(),
                            all.seed(),
                            all.policies(),
                            Arrays.copyOfRange(words, at, end),
                            all.known()),
                    members.fingerprint(),
                    TIMEOUT);
            told.add(end - at);
            LockSupport.parkNanos((long) ((double) (end - at) * Long.BYTES / (double) share * 1e9));
        }
        return words.length;
    }

    /** Tells all others, because this gateway stops; see {@link weir.pipeline.TraceOwners#tellAll}. */
    void tellAll(Duration limit) throws InterruptedException {
        List<Member> others = members.members().stream()
                .filter(member -> !member.name().equals(self))
                .toList();
        others.forEach(member -> toldUntil.remove(member.name()));
        Duration most = limit.compareTo(LONGEST_LAST_WORDS) < 0 ? limit : LONGEST_LAST_WORDS;
        CountDownLatch done = tell(others, true);
        if (!done.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0} of {1} gateways could not be told within {2} ms what was decided",
                            done.getCount(),
                            others.size(),
                            most.toMillis());
        }
    }

    @Override
    public void close() {
        closed = true;
        telling.forEach(Thread::interrupt);
    }
}
