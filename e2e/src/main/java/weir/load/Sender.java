package weir.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends whole groups of traces over several connections side by side, each one request at a time. What is refused for now is
 * sent again for up to a minute; a group that was begun is finished, so that every trace is sent whole.
 */
public final class Sender implements AutoCloseable {
    /** What a sender does when it is refused for now. */
    public enum Patience {
        /** Waits as it is told, and longer each time. */
        AS_TOLD,
        /** Comes back ten times a second, whatever it is told. */
        NONE
    }

    private static final Duration GIVE_UP = Duration.ofSeconds(60);
    private static final long IMPATIENT_MILLIS = 100;
    private static final long MAX_BEHIND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int VARIANTS = 16;

    private final Shape shape;
    private final List<Group> groups = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();
    private final Set<Long> unacknowledged = ConcurrentHashMap.newKeySet();
    private final Latencies latencies = new Latencies();
    private volatile Patience patience = Patience.AS_TOLD;
    private volatile double spansPerSecond;
    private volatile boolean stopped;
    private volatile @Nullable LongSupplier arrived;
    private volatile long mostAhead;

    /**
     * Begins to send.
     *
     * @param addresses taken in turn by the connections
     * @param connections how many send side by side
     * @param spansPerSecond in all; 0: as fast as answers come
     */
    public Sender(Shape shape, List<String> addresses, int connections, double spansPerSecond, long seed) {
        this.shape = shape;
        this.spansPerSecond = spansPerSecond;
        for (int variant = 0; variant < VARIANTS; variant++) {
            groups.add(new Group(shape, variant));
        }
        for (int i = 0; i < connections; i++) {
            Target target = Target.dial(addresses.get(i % addresses.size()));
            targets.add(target);
            threads.add(Thread.ofPlatform().name("sender-" + i).daemon().start(() -> run(target, connections, seed)));
        }
    }

    /** Sends at another rate from now on; see the constructor. */
    public void rate(double newSpansPerSecond) {
        spansPerSecond = newSpansPerSecond;
    }

    /** Behaves otherwise from now on. */
    public void patience(Patience newPatience) {
        patience = newPatience;
    }

    private void run(Target target, int connections, long seed) {
        long due = System.nanoTime();
        try {
            for (int n = 0; !stopped; n++) {
                Group group = groups.get(n % groups.size());
                long first = next.getAndAdd(shape.tracesPerGroup());
                long now = System.currentTimeMillis() * 1_000_000;
                for (int part = 0; part < group.requests(); part++) {
                    awaitArrivals();
                    if (!deliver(target, group.stamp(part, first, seed, now))) {
                        for (int t = 0; t < shape.tracesPerGroup(); t++) {
                            unacknowledged.add(first + t);
                        }
                    }
                    double rate = spansPerSecond / connections;
                    if (rate > 0) {
                        due = Math.max(due, System.nanoTime() - MAX_BEHIND_NANOS)
                                + (long) (shape.perRequest() / rate * 1e9);
                        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                    }
                }
            }
        } catch (InterruptedException _) {
            // closed while it waited
        }
    }

    /**
     * From now on never sends more spans ahead of what has arrived at the other end: what is measured then is the way through,
     * and not how a queue grows in it.
     */
    void keepWithin(long spans, LongSupplier whatArrived) {
        mostAhead = spans;
        arrived = whatArrived;
    }

    private void awaitArrivals() throws InterruptedException {
        LongSupplier other = arrived;
        while (other != null && !stopped && acknowledged.get() - other.getAsLong() > mostAhead) {
            TimeUnit.MICROSECONDS.sleep(100);
        }
    }

    private boolean deliver(Target target, byte[] request) throws InterruptedException {
        long begin = System.nanoTime();
        long pauseMillis = 50;
        while (true) {
            long sent = System.nanoTime();
            Target.Answer answer = target.send(request);
            if (answer.taken()) {
                acknowledged.addAndGet(shape.perRequest());
                latencies.record(System.nanoTime() - sent);
                return true;
            }
            if (!answer.again() || System.nanoTime() - begin > GIVE_UP.toNanos()) {
                errors.computeIfAbsent(answer.error(), e -> new AtomicLong()).incrementAndGet();
                givenUp.addAndGet(shape.perRequest());
                return false;
            }
            refusals.incrementAndGet();
            Thread.sleep(
                    patience == Patience.NONE
                            ? IMPATIENT_MILLIS
                            : Math.max(answer.after().toMillis(), pauseMillis));
            pauseMillis = Math.min(2 * pauseMillis, 2000);
        }
    }

    /** Ends sending when each connection has finished its group; waits for that. */
    public void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Traces begun so far. */
    public long traces() {
        return next.get();
    }

    /** Spans acknowledged so far. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Requests that were refused for now, each time anew. */
    public long refusals() {
        return refusals.get();
    }

    /** Spans given up after a permanent refusal, or a minute of others. */
    public long givenUp() {
        return givenUp.get();
    }

    public Map<String, Long> errors() {
        Map<String, Long> all = new TreeMap<>();
        errors.forEach((error, n) -> all.put(error, n.get()));
        return all;
    }

    /** Numbers of traces of which a part was given up. */
    public Set<Long> unacknowledged() {
        return unacknowledged;
    }

    /** Of the requests that were taken, the last attempt. */
    public Latencies latencies() {
        return latencies;
    }

    /** Bytes of one request. */
    public int requestBytes() {
        return groups.getFirst().bytes();
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
        targets.forEach(Target::close);
    }
}
