package weir.transport.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Copies what was read into a buffer of its size where it fills less than half of the one it came in. Decoders keep what came
 * until the rest has come; a client that sends a byte now and then would else have a whole buffer held for each, while only
 * the bytes are counted.
 */
@Sharable
final class ExactReads extends ChannelInboundHandlerAdapter {
    static final ExactReads HANDLER = new ExactReads();

    private ExactReads() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && bytes.readableBytes() <= bytes.capacity() / 2) {
            int length = bytes.readableBytes();
            ByteBuf exact = context.alloc().buffer(length, length);
            exact.writeBytes(bytes);
            bytes.release();
            context.fireChannelRead(exact);
        } else {
            context.fireChannelRead(message);
        }
    }
}
