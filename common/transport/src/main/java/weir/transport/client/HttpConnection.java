package weir.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection, one request at a time. All but {@link #send} runs on its event loop. */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private final HttpConnections owner;
    private final Channel channel;
    private final HttpHeaders headers;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable HttpTry current;

    /** The head of the answer that is being read. */
    private @Nullable HttpResponse head;

    HttpConnection(HttpConnections owner, Channel channel, HttpHeaders headers) {
        this.owner = owner;
        this.channel = channel;
        this.headers = headers;
    }

    boolean isActive() {
        return channel.isActive();
    }

    void close() {
        var _ = channel.close();
    }

    /** Sends a request; to be called only while the connection is idle, and from any thread. */
    void send(HttpTry next) {
        next.channel = channel;
        if (channel.eventLoop().inEventLoop()) {
            sendNow(next);
        } else {
            channel.eventLoop().execute(() -> sendNow(next));
        }
    }

    private void sendNow(HttpTry next) {
        if (next.hasEnded()) {
            owner.release(this);
            return;
        }
        current = next;
        if (!channel.isActive()) {
            fail(new IOException("the connection was closed"));
            return;
        }
        ByteBuf content = next.content();
        HttpHeaders own = headers.copy().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        var _ = channel.writeAndFlush(
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.POST,
                        owner.target().path(),
                        content,
                        own,
                        EmptyHttpHeaders.INSTANCE),
                channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                fail(new IOException(
                        "the answer is not HTTP/1.1", part.decoderResult().cause()));
                return;
            }
            if (message instanceof HttpResponse response) {
                head = response;
                body.reset();
            }
            boolean whole = message instanceof LastHttpContent;
            if (message instanceof HttpContent content) {
                whole |= !read(content.content());
            }
            if (whole) {
                finish(message instanceof LastHttpContent);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Keeps what it may of a part of the body; false when there is more. */
    private boolean read(ByteBuf content) {
        int room = Answers.MAX_BYTES - body.size();
        int n = Math.min(room, content.readableBytes());
        byte[] part = new byte[n];
        content.readBytes(part);
        body.writeBytes(part);
        return !content.isReadable();
    }

    private void finish(boolean toItsEnd) {
        HttpResponse answer = head;
        HttpTry ended = current;
        head = null;
        if (answer == null || answer.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return;
        }
        current = null;
        if (toItsEnd && HttpUtil.isKeepAlive(answer) && ended != null) {
            owner.release(this);
        } else {
            var _ = channel.close();
        }
        if (ended != null) {
            ended.end(HttpAnswer.of(
                    owner.target().toString(),
                    answer.status().code(),
                    answer.headers(),
                    body.toByteArray(),
                    ended.items(),
                    owner.now()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new IOException("the connection was closed before the answer had come"));
        owner.gone(this);
    }

    private void fail(Throwable cause) {
        HttpTry failed = current;
        boolean unanswered = head == null;
        current = null;
        head = null;
        var _ = channel.close();
        if (failed != null) {
            owner.failed(failed, cause, unanswered);
        }
    }
}
