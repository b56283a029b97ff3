package weir.exporter.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.exporter.queue.ParkedSenders.Parked;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;

/**
 * A bounded queue before one backend, which sends up to {@code num_consumers} requests at once and tries again what
 * failed for now. It has no thread: a batch is sent by the thread that brought it or by the one that freed a place. One
 * short lock per batch and step; the sender and all callbacks are called outside of it. Safe for use by any thread.
 *
 * <p>Without the queue ({@code enabled: false}), with {@code wait_for_result}, or if whoever sent it asks for that, a delivery
 * stays open until the backend has answered, and what fails for good goes back to whoever sent it; then nothing is ever
 * dropped here.
 */
public final class SendingQueue implements ExporterQueue {
    /** How long {@code block_on_overflow} keeps a sender waiting; common clients give up after 5 to 10 seconds. */
    static final Duration LONGEST_BLOCK = Duration.ofSeconds(5);

    private static final Delivery SHUTTING_DOWN =
            Delivery.retryLater(Duration.ofSeconds(1), Reason.SHUTTING_DOWN, "the exporter is shutting down");
    private static final Delivery INCOMPLETE = Delivery.retryLater(
            Duration.ofSeconds(1), Reason.SHUTDOWN_INCOMPLETE, "the process stopped before the backend had taken it");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final SendingQueueConfig config;
    private final RetryPolicy retry;
    private final Consumer sender;
    private final Timer timer;
    private final Outcomes outcomes;
    private final Capacity capacity;
    private final boolean answers;
    private final Schedule schedule;
    private final ParkedSenders parked;
    private volatile String trouble = "";

    private boolean draining;
    private boolean closed;
    private boolean retired;

    /** Who takes what this backend is perhaps not to get any more. */
    private java.util.function.@Nullable Consumer<Batch> elsewhere;

    private SendingQueue(
            ComponentContext context,
            SendingQueueConfig config,
            RetryPolicy retry,
            long maxBytes,
            Consumer sender,
            boolean last,
            String... labels) {
        this.config = config;
        this.retry = retry;
        this.sender = sender;
        this.timer = context.timer();
        this.capacity = new Capacity(config, maxBytes);
        this.answers = !config.enabled() || config.waitForResult();
        this.schedule = new Schedule(config.enabled() ? config.numConsumers() : Integer.MAX_VALUE);
        this.parked = new ParkedSenders(capacity);
        this.outcomes = new Outcomes(context, last, labels);
        QueueGauges.register(context, config.enabled(), this, capacity, schedule, labels);
    }

    /**
     * The queue of an exporter.
     *
     * @param maxBytes the most that it may hold, whatever {@code queue_size} says
     * @param sender makes one try; its answers are final but for {@link Delivery.RetryLater}. Called from any thread
     * @param labels of its metrics besides {@code exporter}: name, value, name, value
     */
    public static SendingQueue of(
            ComponentContext context,
            SendingQueueConfig config,
            RetryPolicy retry,
            long maxBytes,
            Consumer sender,
            String... labels) {
        return new SendingQueue(context, config, retry, maxBytes, sender, true, exporter(context, labels));
    }

    /** A queue in front of others of the same component: what its sender accepts is booked by those when it ends. */
    public static SendingQueue inFront(
            ComponentContext context, SendingQueueConfig config, RetryPolicy retry, long maxBytes, Consumer sender) {
        return new SendingQueue(context, config, retry, maxBytes, sender, false, exporter(context));
    }

    private static String[] exporter(ComponentContext context, String... more) {
        List<String> labels = new ArrayList<>(List.of("exporter", context.id().toString()));
        labels.addAll(List.of(more));
        return labels.toArray(String[]::new);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        outcomes.received(batch);
        Delivery refusal;
        Pending first = null;
        lock.lock();
        try {
            refusal = refusal(batch);
            if (refusal == null && parked.isEmpty() && capacity.fits(batch)) {
                capacity.add(batch);
                admit(batch, done);
                first = take();
            } else if (refusal == null && config.blockOnOverflow() && capacity.bytesFit(batch)) {
                park(new Parked(batch, done));
                return;
            } else if (refusal == null) {
                refusal = capacity.full();
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            outcomes.refused(batch, refusal);
            done.complete(refusal);
            return;
        }
        if (!waits(done)) {
            done.complete(Delivery.ACCEPTED);
        }
        send(first);
    }

    /** Whether its sender is answered when the backend has answered. */
    private boolean waits(DeliveryCallback done) {
        return answers || done.awaitsBackend();
    }

    /**
     * Takes a place for a batch that will be {@link #commit committed} or {@link #release released}, so that a request cut
     * into parts for several queues is taken by all of them or by none.
     *
     * @return why there is no place; null if there is one
     */
    public @Nullable Delivery reserve(Batch part) {
        lock.lock();
        try {
            Delivery refusal = refusal(part);
            if (refusal == null && !(parked.isEmpty() && capacity.fits(part))) {
                refusal = capacity.full();
            }
            if (refusal == null) {
                capacity.add(part);
            }
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a place that {@link #reserve} took. */
    public void release(Batch part) {
        lock.lock();
        try {
            capacity.remove(part);
        } finally {
            lock.unlock();
        }
    }

    /** Holds and sends a batch that {@link #reserve} took a place for; the caller has booked its items as received. */
    public void commit(Batch part) {
        java.util.function.@Nullable Consumer<Batch> to;
        Pending first = null;
        lock.lock();
        try {
            to = retired ? elsewhere : null;
            if (closed) {
                capacity.remove(part);
                outcomes.ended(part, INCOMPLETE);
                return;
            } else if (to != null) {
                capacity.remove(part);
            } else {
                admit(part, null);
                first = take();
            }
        } finally {
            lock.unlock();
        }
        if (to != null) {
            to.accept(part);
        }
        send(first);
    }

    /**
     * Holds and sends a batch that another queue of the component gave up, whether there is room for it or not: it is held
     * already, and to lose it would be worse.
     */
    public void adopt(Batch part) {
        lock.lock();
        try {
            capacity.add(part);
        } finally {
            lock.unlock();
        }
        commit(part);
    }

    /**
     * Gives up the backend: all that it holds goes elsewhere as with {@link #reroute}, and so does what comes later. For queues
     * that take {@link #commit committed} batches only.
     */
    public void retire(java.util.function.Consumer<Batch> to) {
        giveAway(to, true);
    }

    /**
     * Has all that it holds looked at anew, since it may be another backend's now: what is not in flight goes there at once,
     * what is in flight when its try has failed for now. The component's account goes on holding all of it.
     */
    public void reroute(java.util.function.Consumer<Batch> to) {
        giveAway(to, false);
    }

    private void giveAway(java.util.function.Consumer<Batch> to, boolean forGood) {
        List<Pending> left;
        lock.lock();
        try {
            elsewhere = to;
            retired |= forGood;
            left = schedule.takeUnsent();
            left.forEach(this::leave);
        } finally {
            lock.unlock();
        }
        left.forEach(p -> to.accept(outcomes.rest(p)));
    }

    /** Tries at once what waits for its next try: the backend can be reached again, or elsewhere. */
    public void hurry() {
        lock.lock();
        try {
            schedule.hurry();
        } finally {
            lock.unlock();
        }
        send(takeNext());
    }

    private @Nullable Delivery refusal(Batch batch) {
        return draining || retired ? SHUTTING_DOWN : capacity.neverFits(batch);
    }

    private void admit(Batch batch, @Nullable DeliveryCallback done) {
        outcomes.held(batch);
        enqueue(batch, done);
    }

    private void enqueue(Batch batch, @Nullable DeliveryCallback done) {
        schedule.add(new Pending(this, batch.withoutIndex(), done != null && waits(done) ? done : null));
    }

    private void park(Parked waiter) {
        outcomes.held(waiter.batch);
        waiter.limit = timer.after(LONGEST_BLOCK, () -> giveUp(waiter));
        parked.add(waiter);
    }

    private void giveUp(Parked waiter) {
        lock.lock();
        try {
            if (!parked.remove(waiter)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        refuseParked(waiter, capacity.full());
    }

    private void refuseParked(Parked waiter, Delivery refusal) {
        outcomes.released(waiter.batch);
        outcomes.refused(waiter.batch, refusal);
        waiter.done.complete(refusal);
    }

    private @Nullable Pending take() {
        return closed ? null : schedule.take(timer.nanoTime());
    }

    private void send(@Nullable Pending first) {
        Pending next = first;
        while (next != null) {
            next.sending = Thread.currentThread();
            sender.consume(next.rest(), next);
            next.sending = null;
            next = takeNext();
        }
    }

    private @Nullable Pending takeNext() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** A try has ended. When the sender completes within its own call, the loop that called it goes on with the next. */
    void ended(Pending pending, Delivery delivery) {
        boolean inside = Thread.currentThread().equals(pending.sending);
        Pending next = null;
        Delivery end = null;
        java.util.function.@Nullable Consumer<Batch> to = null;
        List<Parked> admitted = List.of();
        lock.lock();
        try {
            if (pending.settled) {
                return;
            }
            schedule.tryEnded();
            if (delivery instanceof Delivery.RetryLater && pending.outdated) {
                to = elsewhere;
                leave(pending);
            } else {
                end = judge(pending, delivery);
            }
            if (end != null) {
                settle(pending, end);
                admitted = parked.admit();
                admitted.forEach(a -> enqueue(a.batch, a.done));
            }
            if (!inside) {
                next = take();
            }
        } finally {
            lock.unlock();
        }
        if (end != null) {
            answer(pending, end);
        }
        if (to != null) {
            to.accept(outcomes.rest(pending));
        }
        admitted.stream().filter(a -> !waits(a.done)).forEach(a -> a.done.complete(Delivery.ACCEPTED));
        send(next);
    }

    /** How the batch ends; null when it is to be tried again, which is then planned. */
    private @Nullable Delivery judge(Pending pending, Delivery delivery) {
        if (!(delivery instanceof Delivery.RetryLater failed)) {
            schedule.reached();
            trouble = "";
            return delivery;
        }
        trouble = failed.message();
        Duration elapsed = Duration.ofNanos(timer.nanoTime() - pending.firstTryNanos);
        return switch (retry.next(failed, pending.tries, elapsed)) {
            case RetryPolicy.GiveUp(Delivery end) -> end;
            case RetryPolicy.TryAgain(Duration wait) -> {
                pending.waiting = timer.after(wait, () -> becameDue(pending));
                outcomes.warn(() -> "could not send, trying again in " + wait.toMillis() + " ms: " + failed.message());
                yield null;
            }
        };
    }

    private void becameDue(Pending pending) {
        lock.lock();
        try {
            if (pending.waiting == null || pending.settled) {
                return;
            }
            schedule.becameDue(pending);
        } finally {
            lock.unlock();
        }
        send(takeNext());
    }

    private void settle(Pending pending, Delivery end) {
        if (pending.answer == null) {
            outcomes.ended(pending.batch, pending.outcome(end));
        } else {
            outcomes.answered(pending.batch, pending.outcome(end));
        }
        leave(pending);
    }

    private void leave(Pending pending) {
        pending.settled = true;
        if (pending.waiting != null) {
            pending.waiting.cancel();
        }
        schedule.remove(pending);
        capacity.remove(pending.batch);
        outcomes.released(pending.batch);
        if (isIdle()) {
            idle.signalAll();
        }
    }

    private static void answer(Pending pending, Delivery end) {
        if (pending.answer != null) {
            pending.answer.complete(pending.outcome(end));
        }
    }

    private boolean isIdle() {
        return schedule.isEmpty() && parked.isEmpty();
    }

    /** See {@link weir.pipeline.Component#drain}. What waits for a retry is tried at once, and then as its policy says. */
    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        List<Parked> sentBack;
        lock.lock();
        try {
            draining = true;
            sentBack = parked.takeAll();
            schedule.hurry();
        } finally {
            lock.unlock();
        }
        sendBack(sentBack);
        send(takeNext());
        return awaitIdle(limit);
    }

    private boolean awaitIdle(Duration limit) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lock();
        try {
            while (!isIdle() && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            return isIdle();
        } finally {
            lock.unlock();
        }
    }

    /** See {@link weir.pipeline.Component#close}. An answer that comes later changes nothing any more. */
    @Override
    public void close() {
        List<Pending> left;
        List<Parked> sentBack;
        lock.lock();
        try {
            draining = true;
            closed = true;
            sentBack = parked.takeAll();
            left = schedule.takeAll();
            left.forEach(p -> settle(p, INCOMPLETE));
        } finally {
            lock.unlock();
        }
        sendBack(sentBack);
        left.forEach(p -> answer(p, INCOMPLETE));
    }

    private void sendBack(List<Parked> waiters) {
        waiters.forEach(w -> refuseParked(w, SHUTTING_DOWN));
    }

    /** How much it holds, in its unit. */
    public long size() {
        lock.lock();
        try {
            return capacity.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes it holds, with those of senders that wait for a place. */
    public long bytes() {
        lock.lock();
        try {
            return capacity.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing gets through, in the backend's words; empty while something does. */
    @Override
    public String trouble() {
        return trouble;
    }
}
