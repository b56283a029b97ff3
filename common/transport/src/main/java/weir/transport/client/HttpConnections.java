package weir.transport.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.transport.net.EventLoops;

/**
 * The kept connections to one backend: a request takes the one that was used last, or a new one. The host's name is looked up
 * for each new connection, on a thread of its own because the system's resolver blocks, and its addresses take turns.
 */
final class HttpConnections {
    /** Far more than requests are in flight at once, unless the sending queue is off. */
    static final int MAX_CONNECTIONS = 256;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int CHUNK_BYTES = 8192;

    /** A connection that nobody uses. */
    private record Idle(HttpConnection connection, long sinceNanos) {}

    private final ComponentContext context;
    private final HttpSettings settings;
    private final HttpHeaders headers;
    private final @Nullable SslContext tls;
    private final Bootstrap bootstrap;
    private final Timer.Cancellable sweeping;
    private final AtomicInteger turn = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private final Set<HttpConnection> open = new HashSet<>();
    private int connecting;
    private boolean closed;

    HttpConnections(
            ComponentContext context,
            HttpSettings settings,
            HttpHeaders headers,
            EventLoops loops,
            @Nullable SslContext tls) {
        this.context = context;
        this.settings = settings;
        this.headers = headers;
        this.tls = tls;
        EventLoopGroup group = loops.group();
        Duration connect = settings.timeout().compareTo(LONGEST_CONNECT) < 0 ? settings.timeout() : LONGEST_CONNECT;
        bootstrap = new Bootstrap()
                .group(group)
                .channel(loops.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initialize(channel);
                    }
                });
        sweeping = context.timer().every(settings.idleTimeout(), this::sweep);
    }

    private void initialize(Channel channel) {
        if (tls != null) {
            String name = settings.tls().serverNameOverride().isEmpty()
                    ? settings.target().host()
                    : settings.tls().serverNameOverride();
            channel.pipeline()
                    .addLast(tls.newHandler(
                            channel.alloc(), name, settings.target().port()));
        }
        channel.pipeline().addLast(new HttpClientCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, CHUNK_BYTES));
        channel.pipeline().addLast("connection", new HttpConnection(this, channel, headers));
    }

    HttpTarget target() {
        return settings.target();
    }

    Instant now() {
        return context.process().clock().instant();
    }

    /** Sends on a kept connection, or on a new one. */
    void send(HttpTry next) {
        HttpConnection kept = null;
        lock.lock();
        try {
            while (kept == null && !idle.isEmpty()) {
                HttpConnection last = idle.pop().connection();
                kept = last.isActive() ? last : null;
            }
        } finally {
            lock.unlock();
        }
        if (kept == null) {
            connect(next);
        } else {
            next.onKeptConnection = true;
            kept.send(next);
        }
    }

    private void connect(HttpTry next) {
        String refusal = "";
        lock.lock();
        try {
            if (closed) {
                refusal = "the exporter was closed";
            } else if (open.size() + connecting >= MAX_CONNECTIONS) {
                refusal = "all " + MAX_CONNECTIONS + " connections are in use";
            } else {
                connecting++;
            }
        } finally {
            lock.unlock();
        }
        if (refusal.isEmpty()) {
            Thread.ofVirtual().name("weir-http-connect").start(() -> lookUpAndConnect(next));
        } else {
            next.end(unavailable(refusal));
        }
    }

    private void lookUpAndConnect(HttpTry next) {
        try {
            List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getAllByName(target().host())));
            Collections.rotate(addresses, -(turn.getAndIncrement() & 0xffff));
            connect(next, addresses, 0);
        } catch (UnknownHostException _) {
            notConnected(next, "the host \"" + target().host() + "\" is not known");
        } catch (RuntimeException e) {
            notConnected(next, innermost(e));
        }
    }

    private void connect(HttpTry next, List<InetAddress> addresses, int at) {
        ChannelFuture attempt = bootstrap.connect(new InetSocketAddress(addresses.get(at), target().port()));
        attempt.addListener(_ -> {
            if (attempt.isSuccess()) {
                connected(next, attempt.channel().pipeline().get(HttpConnection.class));
            } else if (at + 1 < addresses.size() && !next.hasEnded()) {
                connect(next, addresses, at + 1);
            } else {
                notConnected(next, innermost(attempt.cause()));
            }
        });
    }

    private void connected(HttpTry next, HttpConnection connection) {
        boolean late;
        lock.lock();
        try {
            connecting--;
            late = closed;
            if (!late) {
                open.add(connection);
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            connection.close();
            next.end(unavailable("the exporter was closed"));
        } else {
            connection.send(next);
        }
    }

    private void notConnected(HttpTry next, String why) {
        lock.lock();
        try {
            connecting--;
        } finally {
            lock.unlock();
        }
        next.end(unavailable(why));
    }

    /** A connection whose answer has come can be used again. */
    void release(HttpConnection connection) {
        boolean keep;
        lock.lock();
        try {
            keep = !closed && open.contains(connection);
            if (keep) {
                idle.push(new Idle(connection, context.timer().nanoTime()));
            }
        } finally {
            lock.unlock();
        }
        if (!keep) {
            connection.close();
        }
    }

    /** A connection was closed. */
    void gone(HttpConnection connection) {
        lock.lock();
        try {
            open.remove(connection);
            idle.removeIf(i -> i.connection().equals(connection));
        } finally {
            lock.unlock();
        }
    }

    /**
     * A request found no answer. One that was put on a kept connection that turned out to be closed is sent again at once:
     * servers close idle connections whenever they like, and that says nothing about the backend's state.
     */
    void failed(HttpTry failed, Throwable cause, boolean unanswered) {
        if (failed.onKeptConnection && unanswered && !failed.hasEnded()) {
            failed.onKeptConnection = false;
            connect(failed);
        } else {
            failed.end(unavailable(innermost(cause)));
        }
    }

    Delivery unavailable(String why) {
        return Answers.unavailable(Duration.ZERO, Answers.printable(target() + ": " + why));
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void sweep() {
        long now = context.timer().nanoTime();
        List<HttpConnection> old = new ArrayList<>();
        lock.lock();
        try {
            while (!idle.isEmpty()
                    && now - idle.peekLast().sinceNanos()
                            >= settings.idleTimeout().toNanos()) {
                old.add(idle.removeLast().connection());
            }
        } finally {
            lock.unlock();
        }
        old.forEach(HttpConnection::close);
    }

    /** How many connections there are. */
    int open() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<HttpConnection> all;
        sweeping.cancel();
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(open);
            idle.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(HttpConnection::close);
    }
}
