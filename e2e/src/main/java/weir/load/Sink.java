package weir.load;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;

/** A backend over OTLP/gRPC that remembers, per trace number, which of its spans came and how often. Safe for any thread. */
public final class Sink implements AutoCloseable {
    private static final ThreadLocal<TraceIndex> INDEX = ThreadLocal.withInitial(TraceIndex::new);

    private final Shape shape;
    private final AtomicLong spans = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong otherRequests = new AtomicLong();
    private volatile int refuseEvery;
    private volatile long delayMillis;
    private long[] seen = new long[1 << 16];
    private long twice;
    private long foreign;
    private Server server;
    private final int port;

    /** @param port to listen on, of loopback; 0: any */
    public Sink(Shape shape, int port) throws IOException {
        this.shape = shape;
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
                        pause();
                        if (refuseEvery > 0 && n % refuseEvery == 0) {
                            reply.onError(Status.UNAVAILABLE
                                    .withDescription("asked to refuse")
                                    .asRuntimeException());
                            return;
                        }
                        take(bytes);
                        reply.onNext(new byte[0]);
                        reply.onCompleted();
                    }))
                    .build());
        }
        return builder.build().start();
    }

    private void pause() {
        if (delayMillis > 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(delayMillis);
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

    public int port() {
        return port;
    }

    public long spans() {
        return spans.get();
    }

    public long requests() {
        return requests.get();
    }

    /** Requests of metrics and logs. */
    public long otherRequests() {
        return otherRequests.get();
    }

    private void take(byte[] bytes) {
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
        spans.addAndGet(ids.length);
        remember(ids);
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

    private synchronized void remember(long[] ids) {
        for (long id : ids) {
            int index = (int) (id & 0xff);
            long number = id >>> 8;
            if (index == 0 || index > shape.spans() || number >= 1L << 28) {
                foreign++;
                continue;
            }
            int at = (int) number;
            if (at >= seen.length) {
                seen = Arrays.copyOf(seen, Math.max(at + 1, 2 * seen.length));
            }
            long bit = 1L << (index - 1);
            if ((seen[at] & bit) != 0) {
                twice++;
            }
            seen[at] |= bit;
        }
    }

    /**
     * Compares what came with what was acknowledged.
     *
     * @param sent numbers 0 to sent-1 were sent
     * @param unacknowledged numbers of traces of which a part was given up
     * @param expectAll every trace must arrive; otherwise those with an error or a slow span
     */
    public synchronized Account account(long sent, Set<Long> unacknowledged, boolean expectAll) {
        long whole = 0;
        long split = 0;
        long must = 0;
        long missing = 0;
        long incomplete = 0;
        for (long number = 0; number < sent; number++) {
            long bits = number < seen.length ? seen[(int) number] : 0;
            boolean given = unacknowledged.contains(number);
            if (bits == shape.whole()) {
                whole++;
            } else if (bits != 0 && !given) {
                split++;
            }
            if (!given && (expectAll || shape.isError(number) || shape.isSlow(number))) {
                must++;
                missing += bits == 0 ? 1 : 0;
                incomplete += bits == shape.whole() ? 0 : 1;
            }
        }
        return new Account(spans.get(), whole, split, twice, foreign, must, missing, incomplete, sent);
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
    public void close() {
        server.shutdownNow();
    }
}
