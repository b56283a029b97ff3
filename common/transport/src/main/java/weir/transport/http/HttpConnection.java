package weir.transport.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import weir.transport.compress.Encoding;
import weir.transport.compress.TooLargeException;

/**
 * One connection, one request at a time: what a client sends ahead waits, at most a read of it. Belongs to its event loop.
 *
 * <pre>
 * HEAD -> BODY -> HANDLING -> WRITING -> IDLE -> HEAD ...
 *    \______\____ refused ______/ \-> DISCARDING (the rest of a body that nobody wants) -> IDLE or closed
 * </pre>
 *
 * Each phase but HANDLING has a deadline; who is late is closed.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty closes the channel of a write that fails, which ends the exchange.
final class HttpConnection extends ChannelDuplexHandler {
    private enum Phase {
        HEAD,
        BODY,
        HANDLING,
        WRITING,
        DISCARDING,
        IDLE
    }

    /** Bodies beyond this are decompressed by a virtual thread, so that a loop is never held up by one of them. */
    private static final int DECODE_HERE_BYTES = 16 << 10;

    /** How long the rest of a refused body is taken and thrown away, so that the client gets to read the answer. */
    private static final Duration DISCARD_TIME = Duration.ofSeconds(5);

    /**
     * Parts of requests that may wait for the one before them; clients of OTLP send none ahead. A head of 70 bytes takes a
     * KiB when it is decoded, so a read full of them would take far more than is counted.
     */
    private static final int MAX_AHEAD = 64;

    private static final DefaultFullHttpResponse CONTINUE =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);

    private final HttpListener listener;
    private final HttpServerConfig config;

    /** What was decoded of the bytes of one read while the phase does not allow to take it. */
    private final Queue<HttpObject> ahead = new ArrayDeque<>();

    private final Deadline deadline = new Deadline();

    private boolean proceeding;
    private Phase phase = Phase.HEAD;
    private long discardedBytes;

    private @Nullable HttpHead head;
    private @Nullable RequestBody body;
    private Encoding encoding = Encoding.NONE;
    private boolean keepAlive;

    /** The write of the answer to the request that is being discarded. */
    private @Nullable ChannelFuture refusal;

    HttpConnection(HttpListener listener) {
        this.listener = listener;
        this.config = listener.config;
    }

    /** Stands before the decoder, which tells of a head only when it is whole: a slow one must have begun some time. */
    ChannelInboundHandlerAdapter firstBytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (phase == Phase.IDLE) {
                    enter(Phase.HEAD, config.headerTimeout());
                }
                context.fireChannelRead(message);
            }
        };
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        enter(Phase.HEAD, config.headerTimeout());
        deadline.watch(context, shortest(), () -> late(context));
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!context.channel().isActive()) {
            ReferenceCountUtil.release(message);
            return;
        }
        ahead.add((HttpObject) message);
        proceed(context);
        if (ahead.size() > MAX_AHEAD) {
            reset(context);
        }
    }

    /** Takes what was decoded as far as the phase allows; asks for more when there is nothing left. */
    private void proceed(ChannelHandlerContext context) {
        if (proceeding) {
            return;
        }
        proceeding = true;
        while (reads() && !ahead.isEmpty()) {
            HttpObject part = ahead.remove();
            try {
                take(context, part);
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
        proceeding = false;
        if (reads()) {
            context.read();
        }
    }

    private boolean reads() {
        return phase != Phase.HANDLING && phase != Phase.WRITING;
    }

    private void take(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            undecodable(context, part.decoderResult().cause());
            return;
        }
        if (part instanceof io.netty.handler.codec.http.HttpRequest request) {
            head(context, request);
        }
        if (part instanceof HttpContent content) {
            content(context, content);
        }
    }

    private void head(ChannelHandlerContext context, io.netty.handler.codec.http.HttpRequest request) {
        HttpHead came = new HttpHead(
                request.method().name(),
                request.uri(),
                request.headers(),
                context.channel().remoteAddress());
        head = came;
        keepAlive = config.keepAlives() && HttpUtil.isKeepAlive(request);
        HttpReply refused = refusal(came, request);
        if (refused != null) {
            if (HttpUtil.is100ContinueExpected(request)) {
                // Whether the client sends its body after this answer is up to it, so the next request has no sure
                // place.
                keepAlive = false;
            }
            discard(context, refused);
            return;
        }
        enter(Phase.BODY, config.bodyTimeout());
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(CONTINUE.retainedDuplicate(), context.voidPromise());
        }
    }

    private @Nullable HttpReply refusal(HttpHead came, io.netty.handler.codec.http.HttpRequest request) {
        HttpReply refusal = listener.handler.refuse(came);
        if (refusal != null) {
            return refusal;
        }
        long length = HttpUtil.getContentLength(request, -1L);
        if (length > config.maxRequestBodyBytes()) {
            return tooLarge(came);
        }
        Encoding named = Encoding.of(came.header("content-encoding"));
        if (named == null || !config.encodings().contains(named)) {
            return listener.handler.error(
                    came, 400, "unsupported Content-Encoding \"" + came.header("content-encoding") + "\"");
        }
        encoding = named;
        body = new RequestBody(listener.budget, config.maxRequestBodyBytes(), (int) length);
        return null;
    }

    private HttpReply tooLarge(HttpHead came) {
        return listener.handler.error(
                came, 413, "the body is larger than max_request_body_size, " + config.maxRequestBodyBytes() + " bytes");
    }

    private HttpReply overBudget(HttpHead came) {
        HttpReply reply = listener.handler.error(came, 503, "too many bytes of requests are in flight; try again");
        return reply.headers().containsKey("retry-after") ? reply : reply.with("retry-after", "1");
    }

    private void content(ChannelHandlerContext context, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (phase == Phase.DISCARDING) {
            discardedBytes += content.content().readableBytes();
            if (last && keepAlive) {
                enter(Phase.WRITING, config.writeTimeout());
                thenNext(context, refusal);
            } else if (last || discardedBytes > config.maxRequestBodyBytes()) {
                context.close();
            }
            return;
        }
        RequestBody coming = body;
        HttpHead came = head;
        if (phase != Phase.BODY || coming == null || came == null) {
            return;
        }
        switch (coming.add(content.content())) {
            case OK -> {}
            case TOO_LARGE -> {
                discardUnlessLast(context, tooLarge(came), last);
                return;
            }
            case OVER_BUDGET -> {
                discardUnlessLast(context, overBudget(came), last);
                return;
            }
        }
        if (last) {
            whole(context, came, coming);
        }
    }

    private void whole(ChannelHandlerContext context, HttpHead came, RequestBody coming) {
        enterHandling();
        body = null;
        HttpExchange exchange = new HttpExchange(this, context, came, coming, listener.inFlight::decrementAndGet);
        listener.inFlight.incrementAndGet();
        if (encoding == Encoding.NONE) {
            handle(exchange, came, coming.exact());
        } else if (coming.length() <= DECODE_HERE_BYTES) {
            decode(exchange, came, coming, encoding);
        } else {
            Encoding how = encoding;
            Thread.ofVirtual().name("weir-http-decode").start(() -> decode(exchange, came, coming, how));
        }
    }

    /** Event loop or virtual thread. */
    private void decode(HttpExchange exchange, HttpHead came, RequestBody coming, Encoding how) {
        byte[] decoded;
        try {
            decoded = how.decode(coming.bytes(), coming.length(), config.maxRequestBodyBytes());
        } catch (TooLargeException e) {
            exchange.send(listener.handler.error(came, 413, "the body is " + e.getMessage()));
            return;
        } catch (IOException e) {
            exchange.send(listener.handler.error(came, 400, "the body is not " + how.label() + ": " + e.getMessage()));
            return;
        }
        if (coming.reserve(decoded.length)) {
            handle(exchange, came, decoded);
        } else {
            exchange.send(overBudget(came));
        }
    }

    private void handle(HttpExchange exchange, HttpHead came, byte[] content) {
        try {
            listener.handler.handle(new HttpRequest(came, content), exchange);
        } catch (RuntimeException e) {
            HttpExchange.LOG.log(System.Logger.Level.ERROR, "an HTTP handler failed", e);
            exchange.send(listener.handler.error(came, 500, "internal error"));
        }
    }

    /** Answers a request whose body was not read, and takes the rest of the body as far as it is not too long. */
    private void discard(ChannelHandlerContext context, HttpReply reply) {
        discardUnlessLast(context, reply, false);
    }

    private void discardUnlessLast(ChannelHandlerContext context, HttpReply reply, boolean last) {
        dropBody();
        HttpResponse response = response(reply);
        if (last) {
            enter(Phase.WRITING, config.writeTimeout());
            write(context, response);
            return;
        }
        discardedBytes = 0;
        enter(Phase.DISCARDING, DISCARD_TIME);
        refusal = context.writeAndFlush(response);
    }

    private void undecodable(ChannelHandlerContext context, Throwable cause) {
        int status = 400;
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
        } else if (cause instanceof TooLongFrameException) {
            status = 431;
        }
        dropBody();
        keepAlive = false;
        enter(Phase.WRITING, config.writeTimeout());
        context.writeAndFlush(response(HttpReply.text(status, "not a request: " + cause.getMessage() + "\n")))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Event loop: writes the answer to a request that was read to its end, then goes on. */
    void answer(ChannelHandlerContext context, HttpReply reply) {
        enter(Phase.WRITING, config.writeTimeout());
        write(context, response(reply));
    }

    private void write(ChannelHandlerContext context, HttpResponse response) {
        thenNext(context, context.writeAndFlush(response));
    }

    /** Goes on once an answer was taken: a client that reads none must not have more made for it. */
    private void thenNext(ChannelHandlerContext context, @Nullable ChannelFuture written) {
        Objects.requireNonNull(written).addListener(future -> {
            if (future.isSuccess()) {
                next(context);
            } else {
                context.close();
            }
        });
    }

    /** Event loop: an answer was written whole. */
    void next(ChannelHandlerContext context) {
        if (!keepAlive) {
            context.close();
            return;
        }
        head = null;
        enter(
                ahead.isEmpty() ? Phase.IDLE : Phase.HEAD,
                ahead.isEmpty() ? config.idleTimeout() : config.headerTimeout());
        proceed(context);
    }

    /** Event loop: another part of a streamed answer is being written. */
    void streaming() {
        enter(Phase.WRITING, config.writeTimeout());
    }

    /** Event loop: that part was written, and the handler makes the next one in its own time. */
    void handling() {
        if (phase == Phase.WRITING) {
            enterHandling();
        }
    }

    private HttpResponse response(HttpReply reply) {
        boolean toHead = head != null && head.method().equals("HEAD");
        byte[][] parts = reply.body().toArray(new byte[0][]);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                toHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(Math.max(16, parts.length), parts));
        prepare(reply, response);
        if (reply.status() != 204 && reply.status() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.length());
        }
        return response;
    }

    /** Sets what every answer carries. */
    void prepare(HttpReply reply, HttpResponse response) {
        reply.headers().forEach(response.headers()::set);
        if (listener.draining) {
            keepAlive = false;
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** The handler may take its time. */
    private void enterHandling() {
        phase = Phase.HANDLING;
        deadline.never();
    }

    private void enter(Phase next, Duration limit) {
        phase = next;
        deadline.in(limit);
    }

    private Duration shortest() {
        Duration shortest = DISCARD_TIME;
        for (Duration other : new Duration[] {
            config.headerTimeout(), config.bodyTimeout(), config.writeTimeout(), config.idleTimeout()
        }) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        return shortest;
    }

    private void late(ChannelHandlerContext context) {
        if (phase != Phase.IDLE) {
            listener.timeouts.increment();
        }
        dropBody();
        if (phase == Phase.WRITING) {
            reset(context);
        } else {
            context.close();
        }
    }

    /** Closes without waiting until a client that takes nothing has taken what the system holds for it. */
    private static void reset(ChannelHandlerContext context) {
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        context.close();
    }

    /** What came of a body that is not passed on. */
    private void dropBody() {
        RequestBody came = body;
        if (came != null) {
            came.release();
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        dropBody();
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that resets its connection or fails its handshake: its own affair.
        HttpExchange.LOG.log(System.Logger.Level.DEBUG, "connection closed", cause);
        context.close();
    }
}
