package weir.members;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.hash.Member;
import weir.hash.Membership;
import weir.hash.Ring;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;

/**
 * Who the members are, as one snapshot after the other.
 *
 * <p>A member of a stable name that is not found any more stays a member for a grace period: it is restarting, and what it
 * owns is held for it. One that is new joins when it is ready; one that is a member stays one, ready or not. A look that fails or
 * finds nobody changes nothing.
 *
 * <p>The first snapshot holds at once. Later ones wait for a random part of a second, so that many processes that see a change
 * at the same moment do not all connect at once. Safe for use by any thread.
 */
public final class Roster implements MemberSource.Listener, AutoCloseable {
    private static final Duration SPREAD = Duration.ofSeconds(1);
    private static final long QUIET_NANOS = Duration.ofSeconds(30).toNanos();

    /** What is known of one name. */
    private static final class Known {
        private Member member;
        private boolean stable;
        private boolean missing;
        private long missingSinceNanos;

        private Known(Sighting seen) {
            member = seen.member();
            stable = seen.stable();
        }
    }

    private final ComponentContext context;
    private final MemberSource source;
    private final Ring ring;
    private final Duration grace;
    private final Consumer<Membership> changed;
    private final Executor worker;
    private final DoubleSupplier random;
    private final Timer timer;
    private final Counter found;
    private final Counter failed;
    private final Counter updates;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> known = new TreeMap<>();
    private boolean planned;
    private boolean closed;
    private Timer.@Nullable Cancellable graceEnd;
    private long quietUntilNanos;

    /** Held while a change is carried out, so that they come one after the other. */
    private final ReentrantLock carrying = new ReentrantLock();

    private volatile Membership current;
    private volatile String trouble = "";

    /** The thread that is inside of {@link #start}: only that one may be kept waiting. */
    private volatile @Nullable Thread starter;

    /**
     * A roster that is empty until {@link #start}.
     *
     * @param grace how long a member of a stable name may be away; zero: not at all
     * @param changed is told of each snapshot, one at a time; may block
     */
    public Roster(
            ComponentContext context, MemberSource source, Ring ring, Duration grace, Consumer<Membership> changed) {
        this(
                context,
                source,
                ring,
                grace,
                changed,
                task -> Thread.ofVirtual().name("weir-members").start(task),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random from 0 to 1: which part of a second a change waits */
    Roster(
            ComponentContext context,
            MemberSource source,
            Ring ring,
            Duration grace,
            Consumer<Membership> changed,
            Executor worker,
            DoubleSupplier random) {
        this.context = context;
        this.source = source;
        this.ring = ring;
        this.grace = grace;
        this.changed = changed;
        this.worker = worker;
        this.random = random;
        this.timer = context.timer();
        this.quietUntilNanos = timer.nanoTime();
        this.current = Membership.of(List.of(), 0, ring);
        String component = context.id().toString();
        var metrics = context.metrics();
        found = resolutions("true");
        failed = resolutions("false");
        updates = metrics.counter(
                "otelcol_loadbalancer_num_backend_updates",
                "Times that the backends changed",
                "resolver",
                source.kind(),
                "component",
                component);
        metrics.gauge(
                "otelcol_loadbalancer_num_backends",
                "Backends in use",
                () -> current.size(),
                "resolver",
                source.kind(),
                "component",
                component);
        metrics.gauge(
                "weir_members_away",
                "Members that are not found at the moment and that are waited for",
                this::away,
                "resolver",
                source.kind(),
                "component",
                component);
    }

    private Counter resolutions(String success) {
        return context.metrics()
                .counter(
                        "otelcol_loadbalancer_num_resolutions",
                        "Times that the backends were looked up",
                        "resolver",
                        source.kind(),
                        "success",
                        success,
                        "component",
                        context.id().toString());
    }

    /**
     * Begins to look. Members that are known at once are told of before this returns.
     *
     * @throws Exception whose message is for the user
     */
    public void start() throws Exception {
        starter = Thread.currentThread();
        try {
            source.start(this);
        } finally {
            starter = null;
        }
    }

    /** The members now; nobody before the first look has succeeded. */
    public Membership current() {
        return current;
    }

    /** Why there is nobody; empty when there is somebody. */
    public String trouble() {
        if (current.size() > 0) {
            return "";
        }
        return trouble.isEmpty() ? source.kind() + ": no backend was found yet" : source.kind() + ": " + trouble;
    }

    @Override
    public void found(List<Sighting> sightings) {
        if (sightings.isEmpty()) {
            failed("nobody was found");
            return;
        }
        found.increment();
        boolean first;
        lock.lock();
        try {
            first = known.isEmpty();
            merge(sightings, first);
            planGrace();
        } finally {
            lock.unlock();
        }
        trouble = "";
        change(first);
    }

    private void merge(List<Sighting> sightings, boolean first) {
        long now = timer.nanoTime();
        Set<String> seen = new HashSet<>();
        for (Sighting sighting : sightings) {
            Member member = sighting.member();
            Known before = known.get(member.name());
            if (!seen.add(member.name())) {
                continue;
            }
            if (before != null) {
                before.member = member;
                before.stable = sighting.stable();
                before.missing = false;
            } else if (first || sighting.ready()) {
                known.put(member.name(), new Known(sighting));
            }
        }
        for (Map.Entry<String, Known> entry : known.entrySet()) {
            Known member = entry.getValue();
            if (!seen.contains(entry.getKey()) && !member.missing) {
                member.missing = true;
                member.missingSinceNanos = now;
            }
        }
        forget(now);
    }

    /** Lets those go who were away for too long; the last one stays, for somebody must own what comes. */
    private void forget(long now) {
        Iterator<Known> all = known.values().iterator();
        while (all.hasNext()) {
            Known member = all.next();
            if (member.missing
                    && known.size() > 1
                    && (!member.stable || now - member.missingSinceNanos >= grace.toNanos())) {
                all.remove();
            }
        }
    }

    private void planGrace() {
        if (graceEnd != null) {
            graceEnd.cancel();
            graceEnd = null;
        }
        long now = timer.nanoTime();
        known.values().stream()
                .filter(m -> m.missing && known.size() > 1)
                .mapToLong(m -> m.missingSinceNanos + grace.toNanos() - now)
                .min()
                .ifPresent(nanos -> graceEnd = timer.after(Duration.ofNanos(Math.max(0, nanos)), this::graceEnded));
    }

    private void graceEnded() {
        lock.lock();
        try {
            forget(timer.nanoTime());
            planGrace();
        } finally {
            lock.unlock();
        }
        change(false);
    }

    @Override
    public void failed(String why) {
        failed.increment();
        boolean say;
        lock.lock();
        try {
            long now = timer.nanoTime();
            say = now - quietUntilNanos >= 0 && !why.equals(trouble);
            quietUntilNanos = say ? now + QUIET_NANOS : quietUntilNanos;
        } finally {
            lock.unlock();
        }
        trouble = why;
        if (say) {
            context.logger().log(Level.WARNING, "cannot look up the backends, those known before stay: {0}", why);
        }
    }

    private void change(boolean atOnce) {
        lock.lock();
        try {
            if (planned || closed || same()) {
                return;
            }
            planned = true;
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread().equals(starter)) {
            carryOut();
        } else if (atOnce) {
            worker.execute(this::carryOut);
        } else {
            long nanos = (long) (random.getAsDouble() * SPREAD.toNanos());
            timer.after(Duration.ofNanos(nanos), () -> worker.execute(this::carryOut));
        }
    }

    private boolean same() {
        return current.members().equals(members());
    }

    /** Sorted by name, as the snapshot's are. */
    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        known.values().forEach(k -> members.add(k.member));
        return members;
    }

    private void carryOut() {
        carrying.lock();
        try {
            Membership next;
            lock.lock();
            try {
                planned = false;
                if (closed || same()) {
                    return;
                }
                next = Membership.of(members(), current.generation() + 1, ring);
            } finally {
                lock.unlock();
            }
            current = next;
            updates.increment();
            if (next.generation() > 1) {
                context.logger().log(Level.INFO, "the backends changed, {0}", next);
            }
            changed.accept(next);
        } finally {
            carrying.unlock();
        }
    }

    private long away() {
        lock.lock();
        try {
            return known.values().stream().filter(m -> m.missing).count();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        source.close();
        // A change that is being carried out comes to its end first, so that nothing is made after the close.
        carrying.lock();
        try {
            end();
        } finally {
            carrying.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
            if (graceEnd != null) {
                graceEnd.cancel();
            }
        } finally {
            lock.unlock();
        }
    }
}
