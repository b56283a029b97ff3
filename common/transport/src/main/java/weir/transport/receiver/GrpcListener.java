package weir.transport.receiver;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Reason;
import weir.telemetry.Counter;
import weir.transport.compress.GrpcCodecs;
import weir.transport.http.HttpListener;
import weir.transport.net.ByteBudget;
import weir.transport.net.ConnectionLimit;
import weir.transport.net.Endpoint;
import weir.transport.net.EventLoops;
import weir.transport.net.FrameWatch;
import weir.transport.net.ListenException;
import weir.transport.net.RouteHeaders;
import weir.transport.receiver.OtlpReceiverConfig.Grpc;
import weir.transport.receiver.OtlpReceiverConfig.Weir;
import weir.transport.tls.TlsContext;

/**
 * OTLP over gRPC: a grpc-java server whose methods take raw bytes. grpc-java has no limits on concurrent calls, resets and
 * connections unless told; all are set here.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that is closed needs nobody to wait for it.
final class GrpcListener implements AutoCloseable {
    /** Bytes that a client may send before the server has looked; {@link CallBytes} bounds what is kept, not this. */
    private static final int WINDOW_BYTES = 1 << 20;

    /**
     * Buffers of reads follow what clients send: parts of a message keep the whole buffers alive that they came in, and a
     * client that sends little at a time must not make it keep much.
     */
    private static final int MIN_READ_BYTES = 2048;

    private static final int FIRST_READ_BYTES = 16 << 10;

    /**
     * grpc-java logs, with a stack trace, each connection and stream that a client spoils and each message that is too large. Clients
     * must not be able to fill a log; both are counted. Held here, since a logger that nobody holds forgets its level.
     */
    @SuppressWarnings("unused")
    private static final List<Logger> QUIET = List.of(
            quiet("io.grpc.netty.NettyServerTransport"),
            quiet("io.grpc.netty.NettyServerStream"),
            quiet("io.grpc.netty.NettyServerHandler"));

    /** How often slow clients are looked for. */
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 30;

    private final Grpc config;
    private final Weir limits;
    private final ComponentContext context;
    private final ByteBudget budget;
    private final Collection<Intake> intakes;
    private final ConnectionLimit connections;
    private final Counter tooLarge;
    private final Counter timeouts;

    /** Calls from their begin until the client has their answer. */
    private final Set<ExportCall> open = ConcurrentHashMap.newKeySet();

    private final Map<SocketAddress, Channel> clients = new ConcurrentHashMap<>();

    /** Clients of calls that were given up in the last round. Belongs to the timer. */
    private final Set<SocketAddress> slow = new HashSet<>();

    private @Nullable EventLoops loops;
    private @Nullable TlsContext tls;
    private @Nullable Server server;
    private Timer.@Nullable Cancellable sweep;

    GrpcListener(Grpc config, Weir limits, ComponentContext context, ByteBudget budget, Collection<Intake> intakes) {
        this.config = config;
        this.limits = limits;
        this.context = context;
        this.budget = budget;
        this.intakes = intakes;
        tooLarge = Intake.refusedRequests(context, "grpc", Reason.TOO_LARGE);
        var metrics = context.metrics();
        String[] labels = HttpListener.labels(context, "grpc");
        timeouts = metrics.counter("weir_listener_timeouts", "Connections closed because a client was slow", labels);
        Counter abusive = metrics.counter(
                "weir_listener_abusive_connections", "Connections closed for frames that only cost work", labels);
        var bounds = new FrameWatch.Bounds(limits.handshakeTimeout(), config.maxConcurrentStreams(), budget::isCrowded);
        connections = new ConnectionLimit(
                limits.connections(),
                metrics.counter("weir_listener_refused_connections", "Connections closed for max_connections", labels),
                connection -> {
                    FrameWatch.over(connection, bounds, abusive);
                    remember(connection);
                });
        metrics.gauge("weir_listener_connections", "Connections that are open", connections::open, labels);
    }

    void start() throws IOException {
        Endpoint endpoint = Endpoint.parse(config.endpoint());
        EventLoops share = EventLoops.share();
        loops = share;
        var keepalive = config.keepalive();
        var age = keepalive.serverParameters();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(endpoint.address())
                .bossEventLoopGroup(share.group())
                .workerEventLoopGroup(share.group())
                .channelFactory(connections.channels(share))
                .withChildOption(
                        ChannelOption.RCVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, config.readBufferSize()))
                .directExecutor()
                .decompressorRegistry(GrpcCodecs.decompressors())
                .compressorRegistry(GrpcCodecs.compressors())
                .addStreamTracerFactory(CallBytes.factory(budget, tooLarge))
                .maxInboundMessageSize(maxMessageBytes())
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(config.maxConcurrentStreams())
                .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .flowControlWindow(WINDOW_BYTES)
                .handshakeTimeout(limits.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(keepalive.enforcementPolicy().minTime().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(keepalive.enforcementPolicy().permitWithoutStream())
                .keepAliveTime(millisOrForever(age.time()), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(age.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(millisOrForever(age.maxConnectionIdle()), TimeUnit.MILLISECONDS)
                .maxConnectionAge(millisOrForever(age.maxConnectionAge()), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(millisOrForever(age.maxConnectionAgeGrace()), TimeUnit.MILLISECONDS);
        var tlsConfig = config.tls();
        if (tlsConfig != null) {
            TlsContext made = TlsContext.server(tlsConfig, context, "grpc", TlsContext.H2);
            tls = made;
            builder.sslContext(made.netty());
        }
        intakes.forEach(intake -> builder.addService(service(intake)));
        try {
            server = builder.build().start();
        } catch (IOException e) {
            close();
            throw new ListenException("receivers." + context.id() + ".protocols.grpc.endpoint", config.endpoint(), e);
        }
        Duration body = limits.bodyTimeout();
        Duration period = body.dividedBy(4).compareTo(SWEEP) < 0 ? body.dividedBy(4) : SWEEP;
        sweep = context.timer()
                .every(period, () -> sweep(body.minus(period.multipliedBy(2)).toNanos()));
    }

    private void remember(Channel connection) {
        SocketAddress client = connection.remoteAddress();
        if (client != null) {
            clients.put(client, connection);
            connection.closeFuture().addListener(_ -> clients.remove(client, connection));
        }
    }

    /** Closes the connection of a client that is too slow at once, whatever streams it has. */
    void close(@Nullable SocketAddress client) {
        Channel connection = client == null ? null : clients.remove(client);
        if (connection != null) {
            timedOut();
            // Not by the handlers, which would wait for the streams.
            connection
                    .eventLoop()
                    .execute(() -> connection.unsafe().close(connection.unsafe().voidPromise()));
        }
    }

    /** A client was too slow. */
    void timedOut() {
        timeouts.increment();
    }

    long nanoTime() {
        return context.timer().nanoTime();
    }

    private static Logger quiet(String name) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(Level.SEVERE);
        return logger;
    }

    /** 0 means never; grpc-java takes more than a thousand days for that. */
    private static long millisOrForever(Duration duration) {
        return duration.isZero() ? TimeUnit.DAYS.toMillis(1001) : duration.toMillis();
    }

    private ServerServiceDefinition service(Intake intake) {
        Signal signal = intake.signal();
        GrpcBytes bytes = new GrpcBytes(maxMessageBytes());
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(bytes, bytes)
                .setType(MethodType.UNARY)
                .setFullMethodName(signal.grpcMethod())
                .build();
        String service = signal.grpcMethod().substring(0, signal.grpcMethod().indexOf('/'));
        return ServerServiceDefinition.builder(service)
                .addMethod(method, (call, headers) -> {
                    ExportCall export = new ExportCall(
                            call,
                            RouteHeaders.members(headers),
                            RouteHeaders.isForwarded(headers),
                            CallBytes.KEY.get(),
                            intake,
                            this,
                            context.timer().nanoTime());
                    open.add(export);
                    export.begin();
                    return export;
                })
                .build();
    }

    /**
     * Ends calls whose clients take too long to send their message or to take their answer, and then, in the next round,
     * the connections that have no other call.
     */
    private void sweep(long limitNanos) {
        if (!slow.isEmpty()) {
            open.forEach(call -> slow.remove(call.client()));
            slow.forEach(this::close);
            slow.clear();
        }
        long before = context.timer().nanoTime() - limitNanos;
        for (ExportCall call : open) {
            SocketAddress client = call.client();
            if (call.waitsSince(before) && client != null) {
                call.giveUp();
                slow.add(client);
            }
        }
    }

    /** The call is over. */
    void done(ExportCall call) {
        open.remove(call);
    }

    int maxMessageBytes() {
        return config.maxMessageBytes();
    }

    System.Logger log() {
        return context.logger();
    }

    InetSocketAddress address() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    /** Tells clients to go (GOAWAY), lets their calls end; whether all connections are closed in time. */
    boolean shutdown(Duration limit) throws InterruptedException {
        return server == null || server.shutdown().awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (sweep != null) {
            sweep.cancel();
        }
        if (server != null) {
            server.shutdownNow();
            try {
                server.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        if (tls != null) {
            tls.close();
        }
        if (loops != null) {
            loops.close();
        }
    }
}
