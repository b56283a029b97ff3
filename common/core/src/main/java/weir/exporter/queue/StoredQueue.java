package weir.exporter.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.exporter.queue.Backlog.Handing;
import weir.exporter.queue.Backlog.Stored;
import weir.flow.Timer;
import weir.journal.Journal;
import weir.journal.JournalStorage;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/**
 * A sending queue on disk. A batch is acknowledged when it is in the journal; a {@link SendingQueue} in memory behind it gets
 * a few at a time and sends and retries them; a batch leaves the journal when the backend has answered for good. What was in
 * the journal when the process ended is sent by the next one.
 *
 * <p>Batches stay in memory as long as there is room; beyond that only their ids do, and they are read back when it is their
 * turn. Safe for use by any thread.
 */
public final class StoredQueue implements ExporterQueue {
    private static final int RECORD = 1;
    private static final int HEAD = Integer.BYTES;
    private static final long LOOK_NANOS = 50_000_000;
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration BUSY_AGAIN_AFTER = Duration.ofMillis(200);

    private final ComponentContext context;
    private final SendingQueueConfig config;
    private final long maxBytes;
    private final SendingQueue sending;
    private final Counter notEnqueued;
    private final Ledger ledger;
    private final Timer timer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final Backlog backlog;
    private final AtomicInteger pumping = new AtomicInteger();
    private volatile @Nullable Journal journal;
    /** Why the last batch was not taken; empty if it was. */
    private volatile String refusing = "";

    private long size;
    private int appending;
    private boolean draining;
    private boolean closed;

    /**
     * @param maxBytes how much of what is in the journal may be in memory too
     * @param sender makes one try; see {@link SendingQueue#of}
     */
    public StoredQueue(
            ComponentContext context, SendingQueueConfig config, RetryPolicy retry, long maxBytes, Consumer sender) {
        this.context = context;
        this.config = config;
        this.maxBytes = maxBytes;
        this.ledger = context.ledger();
        this.timer = context.timer();
        this.backlog = new Backlog(context.held(), maxBytes, config.numConsumers());
        SendingQueueConfig inMemory = new SendingQueueConfig(
                true, config.numConsumers(), Long.MAX_VALUE, SendingQueueConfig.Sizer.REQUESTS, false, true, "");
        sending = SendingQueue.of(withOtherAccount(context), inMemory, retry, Long.MAX_VALUE, sender);
        String[] labels = {"exporter", context.id().toString()};
        notEnqueued = context.metrics()
                .counter(
                        "otelcol_exporter_enqueue_failed_" + context.theSignal().items(),
                        "Items refused because the sending queue was full",
                        labels);
        registerGauges();
    }

    /** The queue in memory books each batch that it is given; the account of the component is kept here. */
    private static ComponentContext withOtherAccount(ComponentContext c) {
        Ledger other = new Ledger(new Metrics(), c.kind(), c.id().toString(), c.theSignal());
        return new ComponentContext(
                c.kind(),
                c.id(),
                c.signal(),
                c.pipeline(),
                c.metrics(),
                other,
                c.held(),
                c.timer(),
                c.process(),
                c.extensions());
    }

    private void registerGauges() {
        String[] labels = {
            "exporter",
            context.id().toString(),
            "data_type",
            context.theSignal().label()
        };
        Metrics metrics = context.metrics();
        metrics.gauge("otelcol_exporter_queue_size", "What the sending queue holds, in its unit", this::size, labels);
        metrics.gauge("otelcol_exporter_queue_capacity", "queue_size, in its unit", config::queueSize, labels);
        metrics.gauge("weir_exporter_queue_bytes", "The bytes that a queue holds", this::bytesInMemory, labels);
        metrics.gauge("weir_exporter_queue_max_bytes", "The most bytes a queue may hold", () -> maxBytes, labels);
    }

    /**
     * Opens the journal and takes up what it holds.
     *
     * @throws IOException if the extension that {@code storage} names is missing, or cannot open it
     */
    @Override
    public void start() throws IOException {
        if (!(context.extensions().get(ComponentId.parse(config.storage())) instanceof JournalStorage storage)) {
            throw new IOException("sending_queue.storage of " + context.kind() + " " + context.id() + " names '"
                    + config.storage() + "', which is no storage that service.extensions starts;"
                    + " configure file_storage in extensions and name it in service.extensions");
        }
        String name = context.kind() + "_" + context.id().type() + "_"
                + context.id().name() + "_" + context.theSignal().label();
        Journal opened = storage.open(name);
        opened.register(
                context.metrics(),
                "component",
                context.id().toString(),
                "signal",
                context.theSignal().label());
        opened.replay((id, _, bytes, offset, length) -> recovered(id, bytes, offset, length));
        journal = opened;
        pump();
    }

    private void recovered(long id, byte[] bytes, int offset, int length) {
        Stored stored = new Stored(id, ByteBuffer.wrap(bytes, offset, HEAD).getInt(), length - HEAD);
        ledger.recovered(stored.items);
        lock.lock();
        try {
            size += sizeOf(stored);
            backlog.add(stored, () -> batch(Arrays.copyOfRange(bytes, offset, offset + length), stored.items));
        } finally {
            lock.unlock();
        }
    }

    private static byte[] head(int items) {
        return ByteBuffer.allocate(HEAD).putInt(items).array();
    }

    private Batch batch(byte[] record, int items) {
        return Batch.of(context.theSignal(), record, HEAD, record.length - HEAD, items);
    }

    private long sizeOf(Stored stored) {
        return config.sizer().of(stored.items, stored.length);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        int items = batch.items();
        ledger.received(items);
        Journal to;
        Delivery refusal = null;
        long asked = config.sizer().of(items, batch.length());
        lock.lock();
        try {
            to = journal;
            if (draining || to == null) {
                refusal = Delivery.retryLater(TRY_AGAIN_AFTER, Reason.SHUTTING_DOWN, "the exporter is shutting down");
            } else if (asked > config.queueSize()) {
                refusal = Delivery.rejected(
                        Reason.TOO_LARGE,
                        "a request of " + asked + " " + config.sizer()
                                + " is more than the sending queue's queue_size of " + config.queueSize());
            } else if (asked > config.queueSize() - size) {
                refusal = Delivery.retryLater(TRY_AGAIN_AFTER, Reason.QUEUE_FULL, "sending queue is full");
            } else {
                size += asked;
                appending++;
            }
        } finally {
            lock.unlock();
        }
        if (refusal == null && to != null) {
            Batch mine = batch.withoutIndex();
            context.held().add(mine.length());
            long id = to.append(
                    RECORD,
                    head(items),
                    HEAD,
                    batch.bytes(),
                    batch.offset(),
                    batch.length(),
                    (stored, safe) -> appended(stored, safe, mine, done));
            if (id >= 0) {
                refusing = "";
                return;
            }
            context.held().release(mine.length());
            appendEnded(asked);
            refusal = refusal(id, to, batch.length());
        }
        if (refusal != null) {
            refuse(items, refusal, done);
        }
    }

    private static Delivery refusal(long why, Journal journal, int length) {
        if (why == Journal.TOO_LARGE) {
            return Delivery.rejected(
                    Reason.TOO_LARGE,
                    "a request of " + length + " bytes is more than the storage takes at once, "
                            + journal.maxRecordBytes());
        }
        if (why == Journal.BUSY) {
            return Delivery.retryLater(
                    BUSY_AGAIN_AFTER, Reason.QUEUE_FULL, "requests come faster than the storage writes them");
        }
        String trouble = journal.trouble();
        return Delivery.retryLater(
                TRY_AGAIN_AFTER,
                Reason.QUEUE_FULL,
                trouble.isEmpty() ? "the storage of the sending queue is full" : trouble);
    }

    private void refuse(int items, Delivery refusal, DeliveryCallback done) {
        ledger.settle(items, refusal);
        if (refusal instanceof Delivery.RetryLater(var _, var reason, var why) && reason == Reason.QUEUE_FULL) {
            notEnqueued.add(items);
            refusing = why;
        }
        done.complete(refusal);
    }

    private void appendEnded(long asked) {
        lock.lock();
        try {
            appending--;
            size -= asked;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void appended(long id, boolean safe, Batch batch, DeliveryCallback done) {
        Stored stored = new Stored(id, batch.items(), batch.length());
        context.held().release(batch.length());
        if (!safe) {
            appendEnded(sizeOf(stored));
            refuse(
                    batch.items(),
                    Delivery.retryLater(TRY_AGAIN_AFTER, Reason.QUEUE_FULL, "the storage could not write"),
                    done);
            return;
        }
        done.complete(Delivery.ACCEPTED);
        lock.lock();
        try {
            appending--;
            backlog.add(stored, () -> batch);
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Hands batches to the queue in memory as long as it wants some. Calls from within itself leave it to the first one. */
    private void pump() {
        if (pumping.getAndIncrement() > 0) {
            return;
        }
        int calls = 1;
        do {
            for (Handing next = take(); next != null; next = take()) {
                Stored stored = next.stored();
                Batch batch = next.batch();
                if (batch != null) {
                    hand(stored, batch);
                } else {
                    Thread.ofVirtual().name("weir-stored-queue").start(() -> readBack(stored));
                }
            }
            calls = pumping.addAndGet(-calls);
        } while (calls > 0);
    }

    private @Nullable Handing take() {
        lock.lock();
        try {
            return closed || journal == null ? null : backlog.take();
        } finally {
            lock.unlock();
        }
    }

    private void hand(Stored stored, Batch batch) {
        sending.consume(batch, delivery -> answered(stored, delivery));
    }

    private void readBack(Stored stored) {
        Journal from = journal;
        byte[] record = null;
        try {
            record = from == null ? null : from.read(stored.id);
        } catch (IOException e) {
            putBack(stored);
            return;
        }
        if (record == null) {
            context.logger()
                    .log(System.Logger.Level.ERROR, "lost {0} items: a record of the storage is damaged", stored.items);
            ledger.dropped(Reason.INTERNAL_ERROR, stored.items);
            gone(stored);
            return;
        }
        hand(stored, batch(record, stored.items));
    }

    private void answered(Stored stored, Delivery delivery) {
        switch (delivery) {
            case Delivery.Accepted() -> ledger.delivered(stored.items);
            case Delivery.Partial(var rejected, var reason, var _) -> {
                long lost = Math.min(stored.items, rejected);
                ledger.dropped(reason, lost);
                ledger.delivered(stored.items - lost);
            }
            case Delivery.Rejected(var reason, var _) -> ledger.dropped(reason, stored.items);
            case Delivery.RetryLater(var _, var reason, var _) -> {
                if (reason == Reason.SHUTDOWN_INCOMPLETE || reason == Reason.SHUTTING_DOWN) {
                    keep(stored);
                    return;
                }
                if (reason == Reason.QUEUE_FULL) {
                    putBack(stored);
                    return;
                }
                ledger.dropped(reason, stored.items);
            }
        }
        gone(stored);
    }

    private void gone(Stored stored) {
        Journal from = journal;
        if (from != null) {
            from.release(stored.id);
        }
        lock.lock();
        try {
            backlog.done(stored);
            size -= sizeOf(stored);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** The process ends; the next one will send it. */
    private void keep(Stored stored) {
        lock.lock();
        try {
            backlog.putBack(stored);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Stored stored) {
        keep(stored);
        timer.after(TRY_AGAIN_AFTER, this::pump);
    }

    /**
     * Takes nothing more, and sends what it holds as long as the backend takes it.
     *
     * @return whether all that it acknowledged was sent, or is in the journal
     */
    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        lock.lock();
        try {
            draining = true;
            while (isBusy() && System.nanoTime() - begin < limit.toNanos()) {
                progress.awaitNanos(LOOK_NANOS);
            }
            return appending == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean isBusy() {
        return appending > 0 || (!backlog.isEmpty() && sending.trouble().isEmpty());
    }

    /** Ends it; what it holds stays in the journal. */
    @Override
    public void close() {
        Journal open;
        lock.lock();
        try {
            draining = true;
            if (closed) {
                return;
            }
            closed = true;
            open = journal;
        } finally {
            lock.unlock();
        }
        sending.close();
        if (open != null) {
            open.close();
        }
        lock.lock();
        try {
            backlog.forgetAll();
        } finally {
            lock.unlock();
        }
    }

    /** How much it holds, in its unit. */
    public long size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes of it are in memory. */
    public long bytesInMemory() {
        lock.lock();
        try {
            return backlog.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing can be stored; empty while there is room, whatever the backend does. */
    @Override
    public String trouble() {
        Journal open = journal;
        String trouble = open == null ? "" : open.trouble();
        if (!trouble.isEmpty() || refusing.isEmpty()) {
            return trouble;
        }
        return sending.trouble().isEmpty() ? refusing : refusing + ": " + sending.trouble();
    }
}
