package weir.load;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;

/** A backend over OTLP/gRPC that remembers which spans came; it can be made slow, unwilling or dead. Safe for any thread. */
public final class Sink implements AutoCloseable {
    private static final ThreadLocal<TraceIndex> INDEX = ThreadLocal.withInitial(TraceIndex::new);

    private final Arrivals arrivals;
    private final @Nullable FileChannel record;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong otherRequests = new AtomicLong();
    private volatile int refuseEvery;
    private volatile long delayMillis;
    private volatile double nanosPerSpan;
    private volatile @Nullable Refusals refusals;
    private volatile Consumer<long[]> watcher = _ -> {};
    private long nextNanos = System.nanoTime();
    private Server server;
    private final int port;

    /** @param port to listen on, of loopback; 0: any */
    public Sink(Shape shape, int port) throws IOException {
        this(shape, port, null);
    }

    /** @param record where to append the id of each span before it is acknowledged; null: nowhere */
    public Sink(Shape shape, int port, @Nullable Path record) throws IOException {
        this.arrivals = new Arrivals(shape);
        this.record =
                record == null ? null : FileChannel.open(record, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.server = listen(port);
        this.port = server.getPort();
    }

    private Server listen(int onPort) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort))
                .maxInboundMessageSize(256 << 20)
                .flowControlWindow(8 << 20);
        for (Signal signal : Signal.values()) {
            MethodDescriptor<byte[], byte[]> method = Raw.method(signal);
            String service =
                    signal.grpcMethod().substring(0, signal.grpcMethod().indexOf('/'));
            builder.addService(ServerServiceDefinition.builder(ServiceDescriptor.newBuilder(service)
                            .addMethod(method)
                            .build())
                    .addMethod(method, ServerCalls.asyncUnaryCall((bytes, reply) -> {
                        if (signal != Signal.TRACES) {
                            otherRequests.incrementAndGet();
                            reply.onNext(new byte[0]);
                            reply.onCompleted();
                            return;
                        }
                        long n = requests.incrementAndGet();
                        pauseNanos(TimeUnit.MILLISECONDS.toNanos(delayMillis));
                        if (refuseEvery > 0 && n % refuseEvery == 0) {
                            reply.onError(Status.UNAVAILABLE
                                    .withDescription("asked to refuse")
                                    .asRuntimeException());
                            return;
                        }
                        Duration comeAgain = offer(bytes);
                        if (comeAgain != null) {
                            reply.onError(Refusals.unavailable(comeAgain));
                            return;
                        }
                        reply.onNext(new byte[0]);
                        reply.onCompleted();
                    }))
                    .build());
        }
        return builder.build().start();
    }

    private static void pauseNanos(long nanos) {
        if (nanos > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Refuses each n-th request of traces for now; 0: none; 1: all. */
    public void refuseEvery(int n) {
        refuseEvery = n;
    }

    /** Answers each request of traces only after a while. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** Answers requests of traces no faster than so many spans a second; 0: as fast as it can. */
    public void limit(double spansPerSecond) {
        nanosPerSpan = spansPerSecond == 0 ? 0 : 1e9 / spansPerSecond;
    }

    /** When a request of so many spans may be answered, by the limit. */
    private synchronized long turn(int spans) {
        nextNanos = Math.max(nextNanos, System.nanoTime()) + (long) (nanosPerSpan * spans);
        return nextNanos;
    }

    public int port() {
        return port;
    }

    public long spans() {
        return arrivals.spans();
    }

    public long requests() {
        return requests.get();
    }

    /** Requests of metrics and logs. */
    public long otherRequests() {
        return otherRequests.get();
    }

    /** Refuses what these say from now on; null: nothing. */
    public void refuse(@Nullable Refusals those) {
        refusals = those;
    }

    /** Shows the ids of spans that come from now on, a request's at once, on the thread that took it. */
    public void watch(Consumer<long[]> newWatcher) {
        watcher = newWatcher;
    }

    /**
     * Takes a request of traces, however it came, unless it is to be refused.
     *
     * @return null if it was taken; otherwise after what time it is to come again, zero for any
     */
    public @Nullable Duration offer(byte[] bytes) {
        TraceIndex index = INDEX.get();
        try {
            index.index(bytes, 0, bytes.length);
        } catch (MalformedOtlpException e) {
            throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
        }
        long[] ids = new long[index.spans()];
        for (int s = 0; s < ids.length; s++) {
            ids[s] = spanId(bytes, index.spanFrom(s), index.spanEnd(s));
        }
        Refusals those = refusals;
        Duration comeAgain =
                those == null ? null : those.judge(ids.length == 0 ? 0 : 31 * ids[0] + ids[ids.length - 1]);
        if (comeAgain != null) {
            return comeAgain;
        }
        if (record != null) {
            record(ids);
        }
        if (nanosPerSpan > 0) {
            pauseNanos(turn(ids.length) - System.nanoTime());
        }
        arrivals.add(ids);
        watcher.accept(ids);
        return null;
    }

    private static long spanId(byte[] b, int from, int end) {
        try {
            int at = from;
            while (at < end) {
                int after = Wire.afterVarint(b, at, end);
                int tag = Wire.tag(b, at, after);
                int next = Wire.skip(b, after, end, tag, 1);
                if (tag == (2 << 3 | Wire.BYTES) && next - after == 9) {
                    return Wire.bigEndian64(b, next - 8);
                }
                at = next;
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("was checked", e);
        }
        return 0;
    }

    private synchronized void record(long[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Long.BYTES);
        bytes.asLongBuffer().put(ids);
        try {
            while (record != null && bytes.hasRemaining()) {
                record.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** See {@link Arrivals#account}. */
    public Account account(long sent, Set<Long> unacknowledged, boolean expectAll) {
        return arrivals.account(sent, unacknowledged, expectAll);
    }

    /** Stops listening as a backend that dies does; what it had seen is kept. */
    public void down() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    /** Listens again, on the same port. */
    public void up() throws IOException {
        server = listen(port);
    }

    @Override
    public void close() throws IOException {
        server.shutdownNow();
        if (record != null) {
            record.close();
        }
    }
}
