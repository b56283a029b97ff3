package weir.processor.batch;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;
import weir.pipeline.Reason;

/**
 * Gathers requests until there are enough items or the first has waited long enough, and sends them on as one.
 *
 * <pre>
 * consume -> gathered -> (size, timeout, drain) -> under way -> accepted or rejected: gone
 *                                                     ^  |
 *                                                     |  v retry later
 *                                                   waiting
 * </pre>
 *
 * A request is acknowledged as soon as it is gathered, because it is held here until the next component has taken it; one whose
 * sender waits for the backend is passed on as it is. The
 * lock is held for a few field accesses per request; bytes are copied and batches sent outside it, by the thread that brought the
 * last request or by the timer's.
 */
final class BatchProcessor implements Processor {
    private static final Duration FULL_RETRY = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** A request of much more would be larger than servers of gRPC take by default (4 MiB), and be cut again by exporters. */
    private static final long ENOUGH_BYTES = 3 << 20;

    /** A batch on its way to the next component; {@code attempts} and {@code retry} are the lock's. */
    private static final class Outgoing {
        private final Batch batch;
        private int attempts;
        private Timer.@Nullable Cancellable retry;

        Outgoing(Batch batch) {
            this.batch = batch;
        }
    }

    private final ComponentContext context;
    private final BatchConfig config;
    private final Consumer next;
    private final BatchMetrics metrics;
    private final long maxHeldBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Set<Outgoing> waiting = new HashSet<>();
    private List<Batch> gathered = new ArrayList<>();
    private long gatheredItems;
    private long gatheredBytes;
    private long heldBytes;
    private int underWay;
    private Timer.@Nullable Cancellable flush;
    private volatile boolean draining;
    private boolean closed;
    private volatile String trouble = "";

    BatchProcessor(ComponentContext context, BatchConfig config, Consumer next) {
        this.context = context;
        this.config = config;
        this.next = next;
        this.metrics = new BatchMetrics(context);
        this.maxHeldBytes = (long) config.weir().maxHeldMib() << 20;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        if (batch.items() == 0) {
            done.complete(Delivery.ACCEPTED);
            return;
        }
        if (done.awaitsBackend()) {
            context.ledger().pass(batch, next, done);
            return;
        }
        Delivery answer;
        List<Batch> full = List.of();
        lock.lock();
        try {
            answer = admit(batch);
            if (answer instanceof Delivery.Accepted) {
                gather(batch.withoutIndex());
                if (isEnough()) {
                    full = takeGathered();
                }
            }
        } finally {
            lock.unlock();
        }
        done.complete(answer);
        if (!full.isEmpty()) {
            metrics.sizeTriggers.increment();
            sendAll(full, false);
        }
    }

    private Delivery admit(Batch batch) {
        if (draining) {
            context.ledger().receivedAndRefused(Reason.SHUTTING_DOWN, batch.items());
            return Delivery.retryLater(Duration.ZERO, Reason.SHUTTING_DOWN, "the batch processor is shutting down");
        }
        // A request larger than the bound must get through too, alone.
        if (heldBytes > 0 && heldBytes + batch.length() > maxHeldBytes) {
            context.ledger().receivedAndRefused(Reason.QUEUE_FULL, batch.items());
            if (!waiting.isEmpty()) {
                trouble = "holds " + config.weir().maxHeldMib()
                        + " MiB (weir.max_held_mib) because the next component takes nothing";
            }
            return Delivery.retryLater(FULL_RETRY, Reason.QUEUE_FULL, "the batch processor is full");
        }
        return Delivery.ACCEPTED;
    }

    private void gather(Batch batch) {
        context.ledger().received(batch.items());
        context.held().add(batch.length());
        heldBytes += batch.length();
        gathered.add(batch);
        gatheredItems += batch.items();
        gatheredBytes += batch.length();
        if (flush == null && !isEnough()) {
            flush = context.timer().after(config.timeout(), this::timeout);
        }
    }

    private boolean isEnough() {
        return gatheredItems >= config.sendBatchSize()
                || (gatheredBytes >= ENOUGH_BYTES && config.sendBatchMaxSize() == 0)
                || config.timeout().isZero()
                || draining;
    }

    private List<Batch> takeGathered() {
        if (flush != null) {
            flush.cancel();
            flush = null;
        }
        List<Batch> taken = gathered;
        gathered = new ArrayList<>();
        gatheredItems = 0;
        gatheredBytes = 0;
        underWay++; // by the one who takes them, until they are sent
        return taken;
    }

    private void timeout() {
        List<Batch> taken;
        lock.lock();
        try {
            if (gathered.isEmpty()) {
                return;
            }
            taken = takeGathered();
        } finally {
            lock.unlock();
        }
        metrics.timeoutTriggers.increment();
        sendAll(taken, true);
    }

    /** Sends what was gathered in batches of the greatest size allowed; of what remains, too little goes back to wait. */
    private void sendAll(List<Batch> taken, boolean evenTooFew) {
        List<Batch> more = taken;
        boolean all = evenTooFew;
        while (!more.isEmpty()) {
            all |= config.sendBatchMaxSize() == 0 || config.timeout().isZero() || draining;
            Gathering rest = new Gathering(context.theSignal(), more);
            while (rest.items() > 0 && (all || rest.items() >= config.sendBatchSize())) {
                long before = rest.bytes();
                Batch batch = rest.next(config.sendBatchMaxSize() == 0 ? Integer.MAX_VALUE : config.sendBatchMaxSize());
                send(batch, batch.length() + rest.bytes() - before);
            }
            more = putBack(rest.remaining());
        }
    }

    /** @param growth how many bytes cutting has added: both parts of a request that is cut name its resource and scope */
    private void send(Batch batch, long growth) {
        context.held().add(growth);
        lock.lock();
        try {
            heldBytes += growth;
            underWay++;
        } finally {
            lock.unlock();
        }
        metrics.sendSize.record(batch.items());
        metrics.sendSizeBytes.record(batch.length());
        offer(new Outgoing(batch));
    }

    private void offer(Outgoing outgoing) {
        next.consume(outgoing.batch, delivery -> settle(outgoing, delivery));
    }

    private void settle(Outgoing outgoing, Delivery delivery) {
        long items = outgoing.batch.items();
        switch (delivery) {
            case Delivery.Accepted() -> {
                context.ledger().delivered(items);
                trouble = "";
                gone(outgoing);
            }
            case Delivery.Partial(var rejected, var reason, var _) -> {
                context.ledger().dropped(reason, Math.min(items, rejected));
                context.ledger().delivered(items - Math.min(items, rejected));
                trouble = "";
                gone(outgoing);
            }
            case Delivery.Rejected(var reason, var message) -> {
                context.logger().log(Level.DEBUG, () -> "dropped " + items + " items, rejected for good: " + message);
                context.ledger().dropped(reason, items);
                gone(outgoing);
            }
            case Delivery.RetryLater(var after, var _, var _) -> {
                if (!offerLater(outgoing, after)) {
                    context.ledger().dropped(Reason.SHUTDOWN_INCOMPLETE, items);
                    gone(outgoing);
                }
            }
        }
    }

    private void gone(Outgoing outgoing) {
        context.held().release(outgoing.batch.length());
        lock.lock();
        try {
            heldBytes -= outgoing.batch.length();
            left();
        } finally {
            lock.unlock();
        }
    }

    /** One of those that were under way no longer is. */
    private void left() {
        underWay--;
        if (underWay == 0) {
            idle.signalAll();
        }
    }

    private boolean offerLater(Outgoing outgoing, Duration after) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(outgoing.attempts, 12));
            pause = pause.compareTo(LONGEST_RETRY) < 0 ? pause : LONGEST_RETRY;
            outgoing.attempts++;
            waiting.add(outgoing);
            outgoing.retry =
                    context.timer().after(pause.compareTo(after) < 0 ? after : pause, () -> offerAgain(outgoing));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void offerAgain(Outgoing outgoing) {
        lock.lock();
        try {
            if (!waiting.remove(outgoing)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        metrics.retries.increment();
        offer(outgoing);
    }

    /** What remained of the batches that were taken waits for more, unless it is enough by now: that is returned. */
    private List<Batch> putBack(List<Batch> remaining) {
        List<Batch> dropped = List.of();
        List<Batch> more = List.of();
        lock.lock();
        try {
            left();
            if (closed) {
                dropped = remaining;
            } else {
                gathered.addAll(0, remaining);
                gatheredItems += remaining.stream().mapToLong(Batch::items).sum();
                gatheredBytes += remaining.stream().mapToLong(Batch::length).sum();
                if (!gathered.isEmpty() && isEnough()) {
                    more = takeGathered();
                } else if (!gathered.isEmpty() && flush == null) {
                    flush = context.timer().after(config.timeout(), this::timeout);
                }
            }
        } finally {
            lock.unlock();
        }
        drop(dropped);
        return more;
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        List<Batch> last;
        lock.lock();
        try {
            draining = true;
            last = gathered.isEmpty() ? List.of() : takeGathered();
        } finally {
            lock.unlock();
        }
        sendAll(last, true);
        long nanos = limit.toNanos();
        lock.lock();
        try {
            while (underWay > 0 && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            return underWay == 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Batch> dropped = new ArrayList<>();
        lock.lock();
        try {
            draining = true;
            closed = true;
            if (flush != null) {
                flush.cancel();
            }
            dropped.addAll(gathered);
            gathered.clear();
            gatheredItems = 0;
            gatheredBytes = 0;
            for (Outgoing outgoing : waiting) {
                dropped.add(outgoing.batch);
                if (outgoing.retry != null) {
                    outgoing.retry.cancel();
                }
                left();
            }
            waiting.clear();
        } finally {
            lock.unlock();
        }
        drop(dropped);
    }

    private void drop(List<Batch> dropped) {
        for (Batch batch : dropped) {
            context.ledger().dropped(Reason.SHUTDOWN_INCOMPLETE, batch.items());
            context.held().release(batch.length());
        }
    }

    @Override
    public String trouble() {
        return trouble;
    }
}
