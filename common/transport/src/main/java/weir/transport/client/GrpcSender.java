package weir.transport.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.transport.compress.GrpcCodecs;
import weir.transport.net.EventLoops;
import weir.transport.net.RouteHeaders;
import weir.transport.tls.TlsContext;

/**
 * Sends batches over gRPC as the bytes they are. Calls begin on the thread that brings the batch (compression too) and end on
 * an event loop; there is no other thread in between.
 *
 * <p>Which status is worth another try is OTLP's specification, but for RESOURCE_EXHAUSTED: it is tried again also without
 * RetryInfo. Backends that are short of memory answer so, and a sender that gives up then loses data for a state that passes.
 * Servers say the same of a message over their limit, for which no time helps: they are known by their words.
 */
public final class GrpcSender implements Sender {
    private static final int MAX_RESPONSE_BYTES = 4 << 20;
    private static final byte[] EMPTY = {};
    private static final long RECONNECT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final MethodDescriptor.Marshaller<Batch> REQUEST = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Batch batch) {
            return new BatchStream(batch);
        }

        @Override
        public Batch parse(InputStream stream) {
            throw new UnsupportedOperationException("a client reads no requests");
        }
    };

    private static final MethodDescriptor.Marshaller<byte[]> RESPONSE = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] response) {
            throw new UnsupportedOperationException("a client writes no responses");
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                // Nearly all are empty, and readNBytes would take a buffer of 16 KiB for each to find that out.
                return stream.available() == 0 ? EMPTY : stream.readNBytes(Answers.MAX_BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /** What the servers of grpc-go, grpc-java, gRPC's core and Weir say of a message over their limit. */
    private static final Pattern TOO_LARGE = Pattern.compile("(?i)message.*(larger than|exceeds maximum size) ");

    private final ComponentContext context;
    private final GrpcSettings settings;
    private final MethodDescriptor<Batch, byte[]> method;
    private final CallOptions options;
    private final Metadata headers = new Metadata();
    private final String role;
    private final boolean toMember;
    private final AtomicLong reconnectedNanos;
    private @Nullable EventLoops loops;
    private @Nullable TlsContext tls;
    private volatile @Nullable ManagedChannel channel;

    /** @param role tells several senders of a component apart in metrics; empty for the only one */
    public GrpcSender(ComponentContext context, GrpcSettings settings, String role) {
        this(context, settings, role, false);
    }

    /** One that tells a member why a request comes to it; see {@link RouteHeaders}. It sends no more at once than servers take. */
    public static Sender toMember(ComponentContext context, GrpcSettings settings, String name) {
        return new BoundedSender(new GrpcSender(context, settings, name, true), BoundedSender.GRPC_BYTES);
    }

    private GrpcSender(ComponentContext context, GrpcSettings settings, String role, boolean toMember) {
        this.context = context;
        this.toMember = toMember;
        this.settings = settings;
        this.role = role;
        this.reconnectedNanos = new AtomicLong(context.timer().nanoTime() - RECONNECT_NANOS);
        this.method = MethodDescriptor.<Batch, byte[]>newBuilder(REQUEST, RESPONSE)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(context.theSignal().grpcMethod())
                .build();
        CallOptions wanted = settings.waitForReady() ? CallOptions.DEFAULT.withWaitForReady() : CallOptions.DEFAULT;
        this.options = isCompressed(settings) ? wanted.withCompression(settings.compression()) : wanted;
        settings.headers()
                .forEach((name, value) ->
                        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value.reveal()));
    }

    private static boolean isCompressed(GrpcSettings settings) {
        return !settings.compression().isEmpty() && !settings.compression().equals("none");
    }

    @Override
    public void start() throws IOException {
        GrpcTarget target = GrpcTarget.parse(settings.endpoint());
        loops = EventLoops.share();
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target.target())
                .eventLoopGroup(loops.group())
                .channelType(loops.channelType())
                .directExecutor()
                .disableRetry()
                .defaultLoadBalancingPolicy(settings.balancerName())
                .maxInboundMessageSize(MAX_RESPONSE_BYTES)
                .compressorRegistry(GrpcCodecs.compressors())
                .decompressorRegistry(GrpcCodecs.decompressors())
                .userAgent("Weir/" + context.process().version());
        if (target.plaintext() || settings.tls().insecure()) {
            builder.negotiationType(NegotiationType.PLAINTEXT);
        } else {
            tls = TlsContext.client(settings.tls(), context, role, TlsContext.H2);
            builder.sslContext(tls.netty());
        }
        String authority = settings.tls().serverNameOverride().isEmpty()
                ? settings.authority()
                : settings.tls().serverNameOverride();
        if (!authority.isEmpty()) {
            builder.overrideAuthority(authority);
        }
        if (settings.keepalive() != null) {
            builder.keepAliveTime(settings.keepalive().time().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveTimeout(settings.keepalive().timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveWithoutCalls(settings.keepalive().permitWithoutStream());
        }
        channel = builder.build();
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        ManagedChannel to = channel;
        if (to == null) {
            done.complete(Answers.unavailable(Duration.ZERO, "the exporter does not run"));
            return;
        }
        // A batch may come on the thread of a call that it arrived by. That call's context ends with its answer, which
        // often
        // is given before this one's, and would cancel this one too.
        Context before = Context.ROOT.attach();
        try {
            send(to, batch, done);
        } finally {
            Context.ROOT.detach(before);
        }
    }

    private void send(ManagedChannel to, Batch batch, DeliveryCallback done) {
        ClientCall<Batch, byte[]> call =
                to.newCall(method, options.withDeadlineAfter(settings.timeout().toNanos(), TimeUnit.NANOSECONDS));
        Metadata own = new Metadata();
        own.merge(headers);
        if (toMember) {
            RouteHeaders.write(batch, own);
        }
        call.start(new Answer(batch.items(), done), own);
        try {
            // Two, so that an answer with a message too many is seen as one.
            call.request(2);
            call.sendMessage(batch);
            call.halfClose();
        } catch (RuntimeException | Error e) {
            call.cancel("the request could not be written", e);
        }
    }

    /** Learns how one call ended. */
    private final class Answer extends ClientCall.Listener<byte[]> {
        private final int items;
        private final DeliveryCallback done;
        private byte[] response = EMPTY;
        private boolean begun;

        private Answer(int items, DeliveryCallback done) {
            this.items = items;
            this.done = done;
        }

        @Override
        public void onHeaders(Metadata headers) {
            begun = true;
        }

        @Override
        public void onMessage(byte[] message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            done.complete(status.isOk() ? Answers.success(items, response) : failure(status, trailers, begun));
        }
    }

    /** @param begun whether an answer had begun: what is too large then is the answer */
    private Delivery failure(Status status, Metadata trailers, boolean begun) {
        String message = describe(status);
        if (!mayComeAgain(status)) {
            return Answers.rejected(message);
        }
        byte[] details = trailers.get(DETAILS);
        if (details == null && !begun && isTooLarge(status)) {
            return Delivery.rejected(Reason.TOO_LARGE, message);
        }
        reconnect();
        return Answers.unavailable(details == null ? Duration.ZERO : Answers.retryDelay(details), message);
    }

    /**
     * Whether a call that ended so may be made again. A status with a cause is none of the backend's but of this side's: when
     * a connection ends while a call is written, grpc-java says UNKNOWN.
     */
    static boolean mayComeAgain(Status status) {
        return switch (status.getCode()) {
            case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, RESOURCE_EXHAUSTED ->
                true;
            case UNKNOWN -> status.getCause() instanceof IOException;
            default -> false;
        };
    }

    private static boolean isTooLarge(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && status.getDescription() != null
                && TOO_LARGE.matcher(status.getDescription()).find();
    }

    private String describe(Status status) {
        StringBuilder message =
                new StringBuilder(settings.endpoint()).append(": ").append(status.getCode());
        if (status.getDescription() != null) {
            message.append(": ").append(status.getDescription());
        }
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause != null) {
            message.append(" (").append(cause.getMessage()).append(')');
        }
        return Answers.printable(message.toString());
    }

    /** The queue decides when to try again, so grpc's own wait before it connects, up to two minutes, is cut short. */
    private void reconnect() {
        ManagedChannel to = channel;
        long last = reconnectedNanos.get();
        long now = context.timer().nanoTime();
        if (to != null
                && now - last >= RECONNECT_NANOS
                && to.getState(false) == ConnectivityState.TRANSIENT_FAILURE
                && reconnectedNanos.compareAndSet(last, now)) {
            to.resetConnectBackoff();
        }
    }

    @Override
    public void close() {
        ManagedChannel to = channel;
        channel = null;
        if (to != null) {
            to.shutdownNow();
        }
        if (tls != null) {
            tls.close();
        }
        if (loops != null) {
            loops.close();
        }
    }
}
