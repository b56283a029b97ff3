package weir.transport.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A share in the event loops of the process: as many threads as there are cores, whatever the number of listeners and
 * clients. They run while anybody holds a share. Nothing may block them.
 */
public final class EventLoops implements AutoCloseable {
    private static final boolean EPOLL = Epoll.isAvailable();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static @Nullable EventLoopGroup shared;
    private static int shares;

    private final EventLoopGroup group;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private EventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** Takes a share, to be closed once. */
    public static EventLoops share() {
        LOCK.lock();
        try {
            EventLoopGroup group = shared;
            if (group == null) {
                int threads = Runtime.getRuntime().availableProcessors();
                DefaultThreadFactory factory = new DefaultThreadFactory("weir-io", true);
                group = EPOLL ? new EpollEventLoopGroup(threads, factory) : new NioEventLoopGroup(threads, factory);
                shared = group;
            }
            shares++;
            return new EventLoops(group);
        } finally {
            LOCK.unlock();
        }
    }

    /** The loops, for accepting as well as for connections. Not to be shut down by who borrows them. */
    public EventLoopGroup group() {
        return group;
    }

    /** A listening channel of the kind that these loops serve. */
    public ServerChannel newServerChannel() {
        return EPOLL ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    /** The kind of a client's channel that these loops serve. */
    public Class<? extends SocketChannel> channelType() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The kind of a datagram channel that these loops serve. */
    public Class<? extends DatagramChannel> datagramType() {
        return EPOLL ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    /** Gives the share back. Idempotent. */
    @Override
    public void close() {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        LOCK.lock();
        try {
            if (--shares == 0) {
                // The quiet period lets connections that are being closed run their last tasks.
                var _ = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
                shared = null;
            }
        } finally {
            LOCK.unlock();
        }
    }
}
