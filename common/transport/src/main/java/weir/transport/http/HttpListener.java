package weir.transport.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;
import weir.transport.net.ByteBudget;
import weir.transport.net.ConnectionLimit;
import weir.transport.net.Endpoint;
import weir.transport.net.EventLoops;
import weir.transport.net.ListenException;
import weir.transport.tls.TlsContext;

/**
 * An HTTP/1.1 listener. {@link #start}, {@link #drain} and {@link #close} are called by one thread at a time and may block.
 *
 * <p>Metrics, with kind, component and listener: {@code weir_listener_connections},
 * {@code weir_listener_refused_connections}, {@code weir_listener_over_budget_requests},
 * {@code weir_listener_timeouts}.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty closes the channel of a write that fails, which ends the exchange.
public final class HttpListener implements AutoCloseable {
    private static final int READ_BYTES = 64 << 10;
    private static final int MAX_LINE_BYTES = 8 << 10;

    final HttpServerConfig config;
    final HttpHandler handler;
    final ByteBudget budget;
    final Counter timeouts;
    final AtomicInteger inFlight = new AtomicInteger();
    volatile boolean draining;

    private final ComponentContext component;
    private final ConnectionLimit connections;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private @Nullable EventLoops loops;
    private @Nullable TlsContext tls;
    private @Nullable Channel server;

    public HttpListener(HttpServerConfig config, ComponentContext component, HttpHandler handler) {
        this(
                config,
                component,
                handler,
                new ByteBudget(
                        config.maxInFlightBytes(),
                        component.held(),
                        component
                                .metrics()
                                .counter(
                                        "weir_listener_over_budget_requests",
                                        "Requests refused for max_in_flight_mib",
                                        labels(component, config.name()))));
    }

    /** @param budget shared with other listeners, in place of the configuration's own */
    public HttpListener(HttpServerConfig config, ComponentContext component, HttpHandler handler, ByteBudget budget) {
        this.config = config;
        this.component = component;
        this.handler = handler;
        var metrics = component.metrics();
        String[] labels = labels(component, config.name());
        this.budget = budget;
        timeouts = metrics.counter("weir_listener_timeouts", "Connections closed because a client was slow", labels);
        connections = new ConnectionLimit(
                config.maxConnections(),
                metrics.counter("weir_listener_refused_connections", "Connections closed for max_connections", labels));
        metrics.gauge("weir_listener_connections", "Connections that are open", connections::open, labels);
    }

    /** The labels of a listener's metrics. */
    public static String[] labels(ComponentContext component, String listener) {
        return new String[] {
            "kind", component.kind(), "component", component.id().toString(), "listener", listener
        };
    }

    /**
     * Listens from now on.
     *
     * @throws IOException with a message for the user
     */
    public void start() throws IOException {
        Endpoint endpoint = Endpoint.parse(config.endpoint());
        EventLoops share = EventLoops.share();
        loops = share;
        var tlsConfig = config.tls();
        if (tlsConfig != null) {
            tls = TlsContext.server(tlsConfig, component, config.name(), TlsContext.HTTP_1_1);
        }
        var bind = new ServerBootstrap()
                .group(share.group())
                .channelFactory(connections.channels(share))
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childHandler(new Connections())
                .bind(endpoint.address())
                .awaitUninterruptibly();
        Throwable failure = bind.cause();
        if (failure != null) {
            close();
            throw new ListenException(config.option(), config.endpoint(), failure);
        }
        server = bind.channel();
    }

    /** Where it listens, with the port that was chosen if the endpoint said 0. */
    public InetSocketAddress address() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return (InetSocketAddress) server.localAddress();
    }

    /** How many requests wait for the handler's answer. */
    public int inFlight() {
        return inFlight.get();
    }

    /** From now on each answer closes its connection, so that clients go to another one. Goes on listening. */
    public void drain() {
        draining = true;
    }

    /** Stops accepting connections; those that stand go on. */
    public void stopAccepting() {
        if (server != null) {
            server.close().awaitUninterruptibly();
        }
    }

    /** Closes the listener and all its connections. Idempotent. */
    @Override
    public void close() {
        stopAccepting();
        open.close().awaitUninterruptibly(5_000);
        if (tls != null) {
            tls.close();
        }
        if (loops != null) {
            loops.close();
        }
    }

    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            open.add(channel);
            var pipeline = channel.pipeline();
            if (tls != null) {
                SslHandler ssl = tls.netty().newHandler(channel.alloc());
                ssl.setHandshakeTimeoutMillis(config.handshakeTimeout().toMillis());
                pipeline.addLast(ssl);
            }
            HttpConnection connection = new HttpConnection(HttpListener.this);
            pipeline.addLast(connection.firstBytes());
            pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_LINE_BYTES)
                    .setMaxHeaderSize(config.maxHeaderBytes())
                    .setMaxChunkSize(READ_BYTES)));
            pipeline.addLast(connection);
        }
    }
}
