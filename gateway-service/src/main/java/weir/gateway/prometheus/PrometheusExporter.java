package weir.gateway.prometheus;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Reason;
import weir.telemetry.Counter;
import weir.transport.http.HttpListener;

/**
 * Keeps the newest value of every series and shows them to scrapes.
 *
 * <p>Batches wait in a queue, bounded in bytes, for one thread that takes them in: a batch of many new series takes
 * milliseconds, scrapes hold the lock now and then, and an event loop can wait for neither. A batch is accepted when its
 * points are in the store. Points that the store cannot take are dropped with a reason, and the sender is not told: it could
 * not help it, and the other exporters of its pipeline have them.
 */
final class PrometheusExporter implements Exporter {
    /** What a batch takes in the queue besides its bytes, so that empty ones cannot fill the memory either. */
    private static final long WAITING_BYTES = 256L;

    private static final long MIB = 1 << 20;
    private static final Duration FULL_RETRY = Duration.ofSeconds(1);

    /** What the writer's thread does next. */
    private sealed interface Work {
        record Take(Batch batch, DeliveryCallback done) implements Work {}

        record Expire() implements Work {}

        record Tell(CountDownLatch reached) implements Work {}

        record Stop() implements Work {}
    }

    private final ComponentContext context;
    private final PrometheusConfig config;
    private final SeriesStore store;
    private final Drops drops;
    private final BatchReader reader;
    private final HttpListener listener;
    private final Counter expired;
    private final System.Logger log;
    private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean refusing;
    private volatile boolean closed;
    private @Nullable Thread writer;
    private Timer.@Nullable Cancellable sweeps;

    PrometheusExporter(ComponentContext context, PrometheusConfig config) {
        this.context = context;
        this.config = config;
        log = context.logger();
        store = new SeriesStore(
                config.weir(), context.held(), config.metricExpiration().toNanos());
        drops = new Drops(log, context.timer()::nanoTime);
        reader = new BatchReader(config, store, drops);
        listener = new HttpListener(config.http(), context, new ScrapeHandler(context, config, this::scrape));
        String[] labels = {"component", context.id().toString()};
        expired = context.metrics()
                .counter("weir_prometheus_expired_series", "Series removed because no point came for long", labels);
        gauge("weir_prometheus_series", "Series that are held", store::series, labels);
        gauge("weir_prometheus_series_bytes", "Bytes that series take, estimated", store::bytes, labels);
        gauge("weir_prometheus_queue_bytes", "Bytes of batches that wait to be taken in", queuedBytes::get, labels);
    }

    private void gauge(String name, String help, LongSupplier value, String... labels) {
        context.metrics().gauge(name, help, value, labels);
    }

    @Override
    public void start() throws Exception {
        listen();
        startWriter();
    }

    void listen() throws IOException {
        listener.start();
        String scheme = config.tls() == null ? "http://" : "https://";
        String host = listener.address().getHostString();
        log.log(
                Level.INFO,
                "metrics are at {0}{1}:{2}/metrics",
                scheme,
                host,
                Integer.toString(listener.address().getPort()));
    }

    /** Where scrapes are answered, with the port that was chosen if the endpoint said 0. */
    InetSocketAddress address() {
        return listener.address();
    }

    void startWriter() {
        writer = Thread.ofPlatform().name("weir-" + context.id()).daemon().start(this::write);
        Duration period = sweepPeriod();
        sweeps = context.timer().every(period, () -> queue.add(new Work.Expire()));
    }

    /** Scrapes leave out what has expired by themselves; this is when its memory is given back. */
    private Duration sweepPeriod() {
        Duration tenth = config.metricExpiration().dividedBy(10);
        Duration least = Duration.ofSeconds(1);
        Duration most = Duration.ofSeconds(30);
        return tenth.compareTo(least) < 0 ? least : tenth.compareTo(most) > 0 ? most : tenth;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        int items = batch.items();
        long size = batch.length() + WAITING_BYTES;
        if (refusing) {
            refuse(Reason.SHUTTING_DOWN, Duration.ZERO, "shutting down", items, done);
            return;
        }
        long queued = queuedBytes.addAndGet(size);
        // One that is larger than the queue may still come when nothing else waits.
        if (queued > config.weir().maxQueueMib() * MIB && queued != size) {
            queuedBytes.addAndGet(-size);
            refuse(Reason.QUEUE_FULL, FULL_RETRY, "the queue of " + context.id() + " is full", items, done);
            return;
        }
        context.ledger().received(items);
        context.held().add(size);
        queue.add(new Work.Take(batch, done));
        if (closed) {
            giveBack();
        }
    }

    private void refuse(Reason reason, Duration after, String message, int items, DeliveryCallback done) {
        context.ledger().receivedAndRefused(reason, items);
        done.complete(Delivery.retryLater(after, reason, message));
    }

    private void write() {
        while (true) {
            try {
                switch (queue.take()) {
                    case Work.Take(Batch batch, DeliveryCallback done) -> take(batch, done);
                    case Work.Expire() ->
                        expired.add(store.expire(context.timer().nanoTime()));
                    case Work.Tell(CountDownLatch reached) -> reached.countDown();
                    case Work.Stop() -> {
                        return;
                    }
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                log.log(Level.ERROR, "the series of " + context.id() + " could not be tended", e);
            }
        }
    }

    private void take(Batch batch, DeliveryCallback done) {
        int items = batch.items();
        Delivery delivery;
        try {
            reader.read(batch, context.timer().nanoTime());
            delivery = Delivery.ACCEPTED;
            long left = items;
            for (Map.Entry<Reason, Long> drop : drops.take().entrySet()) {
                long dropped = Math.min(left, drop.getValue());
                context.ledger().dropped(drop.getKey(), dropped);
                left -= dropped;
            }
            context.ledger().delivered(left);
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "a batch was not taken in", e);
            drops.take();
            context.ledger().refused(Reason.INTERNAL_ERROR, items);
            delivery = Delivery.rejected(
                    Reason.INTERNAL_ERROR, "a defect, which the log of " + context.id() + " tells of");
        }
        release(batch);
        done.complete(delivery);
    }

    private void release(Batch batch) {
        long size = batch.length() + WAITING_BYTES;
        queuedBytes.addAndGet(-size);
        context.held().release(size);
    }

    /** Writes what is held now; called by any thread, which may block. */
    void scrape(Format format, Set<String> names, OutputStream out) throws IOException {
        new Exposition(store, config, format).write(out, names, context.timer().nanoTime());
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        refusing = true;
        listener.drain();
        return settle(limit);
    }

    /** Waits until what was given to the writer by now is done. */
    boolean settle(Duration limit) throws InterruptedException {
        if (writer == null) {
            return true;
        }
        CountDownLatch reached = new CountDownLatch(1);
        queue.add(new Work.Tell(reached));
        return reached.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        refusing = true;
        listener.close();
        if (sweeps != null) {
            sweeps.cancel();
        }
        Thread thread = writer;
        if (thread != null) {
            queue.add(new Work.Stop());
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            writer = null;
        }
        closed = true;
        giveBack();
    }

    /** What came after the writer stopped, nobody takes any more. */
    private void giveBack() {
        for (Work left = queue.poll(); left != null; left = queue.poll()) {
            if (left instanceof Work.Take(Batch batch, DeliveryCallback done)) {
                release(batch);
                context.ledger().refused(Reason.SHUTTING_DOWN, batch.items());
                done.complete(Delivery.retryLater(Duration.ZERO, Reason.SHUTTING_DOWN, "shutting down"));
            }
        }
    }
}
