package weir.transport.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import weir.telemetry.Counter;

/**
 * The most connections that a listener keeps open; one more is closed as soon as it is accepted, before any of its bytes
 * are read. Stands at the head of the listening channel, so that it counts what has not shaken hands as well.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty closes the channel of a write that fails, which ends the exchange.
@Sharable
public final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final int max;
    private final Counter refused;
    private final Consumer<Channel> accepted;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionLimit(int max, Counter refused) {
        this(max, refused, _ -> {});
    }

    /** @param accepted gets each connection that is let in, before anything else is in its pipeline */
    public ConnectionLimit(int max, Counter refused, Consumer<Channel> accepted) {
        this.max = max;
        this.refused = refused;
        this.accepted = accepted;
    }

    /** Makes listening channels that keep to this limit. */
    public ChannelFactory<ServerChannel> channels(EventLoops loops) {
        return () -> {
            ServerChannel channel = loops.newServerChannel();
            channel.pipeline().addLast("connection-limit", this);
            return channel;
        };
    }

    /** How many connections are open. */
    public int open() {
        return open.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel child)) {
            context.fireChannelRead(message);
        } else if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            refused.increment();
            child.unsafe().closeForcibly();
        } else {
            child.closeFuture().addListener(_ -> open.decrementAndGet());
            child.pipeline().addLast(ExactReads.HANDLER);
            accepted.accept(child);
            context.fireChannelRead(message);
        }
    }
}
