package weir.transport.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body that is written as it is made, chunked. One part is on its way while the next is filled; a third waits. Belongs to
 * the thread that writes it.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty closes the channel of a write that fails, which ends the exchange.
final class StreamedBody extends OutputStream {
    private static final int PART_BYTES = 64 << 10;

    private final HttpConnection connection;
    private final ChannelHandlerContext context;
    private final boolean wanted;
    private final Runnable answered;
    private byte[] part = new byte[PART_BYTES];
    private int filled;
    private @Nullable ChannelFuture before;
    private boolean closed;

    StreamedBody(
            HttpConnection connection,
            ChannelHandlerContext context,
            HttpReply reply,
            HttpHead head,
            Runnable answered) {
        this.connection = connection;
        this.context = context;
        this.wanted = !head.method().equals("HEAD");
        this.answered = answered;
        context.executor().execute(() -> {
            var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
            connection.prepare(reply, response);
            HttpUtil.setTransferEncodingChunked(response, true);
            connection.streaming();
            context.write(response, context.voidPromise());
        });
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int n = Math.min(end - at, PART_BYTES - filled);
            System.arraycopy(bytes, at, part, filled, n);
            at += n;
            filled += n;
            if (filled == PART_BYTES) {
                pass();
            }
        }
    }

    /** Passes a full part on, once the one before was written. The connection's write timeout bounds the wait. */
    private void pass() throws IOException {
        filled = 0;
        if (!wanted) {
            return;
        }
        byte[] full = part;
        part = new byte[PART_BYTES];
        await();
        var promise = context.newPromise();
        before = promise;
        context.executor().execute(() -> {
            connection.streaming();
            context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(full)), promise)
                    .addListener(_ -> connection.handling());
        });
    }

    private void await() throws IOException {
        ChannelFuture last = before;
        if (last == null) {
            return;
        }
        try {
            last.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (!last.isSuccess()) {
            throw new IOException("the client is gone", last.cause());
        }
    }

    /** Ends the body; a client that is gone is no failure any more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        byte[] rest = part;
        int length = wanted ? filled : 0;
        context.executor().execute(() -> {
            if (length > 0) {
                context.write(new DefaultHttpContent(Unpooled.wrappedBuffer(rest, 0, length)), context.voidPromise());
            }
            connection.streaming();
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(future -> {
                answered.run();
                if (future.isSuccess()) {
                    connection.next(context);
                } else {
                    context.close();
                }
            });
        });
    }
}
