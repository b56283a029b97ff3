package weir.transport.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import weir.telemetry.Counter;

/**
 * Looks at the heads of the HTTP/2 frames that a client sends, before gRPC's handler gets them, for what that one does not
 * bound: frames that cost a client next to nothing (SETTINGS, PRIORITY, PING, CONTINUATION, DATA with next to no data, and those that
 * nobody knows), of which it may send some at once and then some a second, more with each call that it makes; streams that
 * have to be reset for what the client does; and heads of calls that are begun and not ended. Who does more, or takes no
 * headers of answers, is told GOAWAY with ENHANCE_YOUR_CALM, and closed. Belongs to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails to be written or scheduled belongs to a closed connection.
public final class FrameWatch extends ChannelDuplexHandler {
    /** Cheap frames that may come at once. Clients send a handful of them when they connect, and a ping now and then. */
    static final int MAX_AT_ONCE = 1000;

    /** Cheap frames that may come each second from then on. */
    static final int MAX_PER_SECOND = 50;

    /** Cheap frames that each call makes room for. */
    static final int PER_CALL = 4;

    /** Data in smaller pieces costs more to keep than it is. */
    static final int MIN_DATA_BYTES = 64;

    /** Frames that the head of a call may go on in: proper ones fit in the first. */
    static final int MAX_CONTINUATIONS = 16;

    /** As many cheap frames as a stream that has to be reset counts for, unless because its call was answered early. */
    static final int PER_RESET = 10;

    /** Headers of answers take some hundred bytes; a client that allows for less has each of its calls fail. */
    static final int MIN_HEADER_LIST_BYTES = 1024;

    /** A connection that was told to go is read, and what comes thrown away, for so long: a reset would take the word back. */
    private static final Duration GOODBYE = Duration.ofMillis(500);

    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int RST_STREAM_BYTES = 13;
    private static final int SETTINGS = 4;
    private static final int SETTING_BYTES = 6;
    private static final int MAX_HEADER_LIST_SIZE = 6;
    private static final int NO_ERROR = 0;
    private static final int CANCEL = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final byte[] GOAWAY = {
        0, 0, 8, 7, 0, 0, 0, 0, 0, /* any call may have been taken */ 0x7f, -1, -1, -1, /* ENHANCE_YOUR_CALM */ 0, 0, 0,
        11
    };

    /** Pieces of a read that are not smaller than this are given a buffer of their own when memory is short. */
    private static final int MIN_PIECE_BYTES = 4096;

    private static final int MAX_PIECES = 32;

    private final Bounds bounds;
    private final Counter sentAway;

    /** Where frames begin in the read that is looked at, as offsets into its buffer: as many as are worth to be told apart. */
    private final int[] cuts = new int[MAX_PIECES];

    private int cutCount;
    private boolean bounded;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headLength;
    /** Bytes to come of what is not looked at: the preface, or a frame's payload. */
    private int skip = PREFACE_BYTES;

    private boolean inData;
    private boolean inSettings;
    private final byte[] setting = new byte[SETTING_BYTES];
    private int settingLength;
    private boolean inHeaders;
    private int continuations;
    private double allowed = MAX_AT_ONCE;
    private long filledNanos = System.nanoTime();
    /** When the frame that is coming began; of a head in several frames, the first one. */
    private long begunNanos = filledNanos;

    private boolean unfinished;
    private boolean scheduled;
    private boolean ended;

    /**
     * What a connection may take.
     *
     * @param head how long the head of a call, or a frame that is no data, may take to come whole
     * @param streams calls that may be open at once; more are reset as soon as they begin
     * @param crowded whether requests that are not whole yet take so much memory that none may be wasted
     */
    public record Bounds(Duration head, int streams, BooleanSupplier crowded) {}

    private FrameWatch(Bounds bounds, Counter sentAway) {
        this.bounds = bounds;
        this.sentAway = sentAway;
    }

    /**
     * Has a new connection watched, whether it will be encrypted or not.
     *
     * @param sentAway counts connections
     */
    public static void over(Channel connection, Bounds bounds, Counter sentAway) {
        connection.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                var pipeline = context.pipeline();
                ChannelHandlerContext ssl = pipeline.context(SslHandler.class);
                pipeline.addAfter((ssl == null ? context : ssl).name(), null, new FrameWatch(bounds, sentAway));
                context.fireChannelRead(message);
                pipeline.remove(this);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!bounded) {
            bounded = boundStreams(context);
        }
        if (message instanceof ByteBuf bytes && !look(bytes, System.nanoTime())) {
            ReferenceCountUtil.release(message);
            sendAway(context);
            return;
        }
        if (message instanceof ByteBuf bytes && cutCount > 0 && bounds.crowded().getAsBoolean()) {
            passPieces(context, bytes);
        } else {
            context.fireChannelRead(message);
        }
        watchTime(context);
    }

    /**
     * gRPC keeps the parts of a message that is not whole as slices of the reads they came in. When a client sends several
     * messages at once a read has parts of each, and stays whole for the last of them: four times the bytes that are counted.
     */
    private void passPieces(ChannelHandlerContext context, ByteBuf bytes) {
        try {
            for (int i = 0; i <= cutCount; i++) {
                int length = (i < cutCount ? cuts[i] : bytes.writerIndex()) - bytes.readerIndex();
                ByteBuf piece = context.alloc().buffer(length, length);
                piece.writeBytes(bytes, length);
                context.fireChannelRead(piece);
            }
        } finally {
            bytes.release();
        }
    }

    /** Netty's own bound holds only once the client has acknowledged it, which an abusive one never does. */
    private boolean boundStreams(ChannelHandlerContext context) {
        Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null) {
            return false;
        }
        http2.connection().remote().maxActiveStreams(bounds.streams());
        return true;
    }

    /** Whether what came is within bounds. */
    private boolean look(ByteBuf bytes, long now) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        int piece = at;
        cutCount = 0;
        while (at < end) {
            int n = Math.min(skip, end - at);
            if (inSettings && !settings(bytes, at, at + n)) {
                return false;
            }
            skip -= n;
            at += n;
            if (skip == 0 && headLength == 0 && !inHeaders) {
                begunNanos = now;
            }
            while (skip == 0 && headLength < HEAD_BYTES && at < end) {
                head[headLength++] = bytes.getByte(at++);
            }
            if (headLength == HEAD_BYTES) {
                headLength = 0;
                if (at - HEAD_BYTES - piece >= MIN_PIECE_BYTES && cutCount < MAX_PIECES) {
                    piece = at - HEAD_BYTES;
                    cuts[cutCount++] = piece;
                }
                if (!frame()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean frame() {
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int type = head[3];
        int flags = head[4];
        skip = length;
        inData = type == DATA;
        inSettings = type == SETTINGS;
        settingLength = 0;
        return switch (type) {
            case DATA -> length >= MIN_DATA_BYTES || (flags & END_STREAM) != 0 || isAllowed();
            case HEADERS -> {
                continuations = 0;
                inHeaders = (flags & END_HEADERS) == 0;
                allowed = Math.min(MAX_AT_ONCE, allowed + PER_CALL);
                yield true;
            }
            case CONTINUATION -> {
                inHeaders = (flags & END_HEADERS) == 0;
                yield ++continuations <= MAX_CONTINUATIONS && isAllowed();
            }
            default -> isAllowed();
        };
    }

    private boolean settings(ByteBuf bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            setting[settingLength++] = bytes.getByte(i);
            if (settingLength == SETTING_BYTES) {
                settingLength = 0;
                int id = (setting[0] & 0xff) << 8 | (setting[1] & 0xff);
                boolean small = setting[2] == 0 && setting[3] == 0 && (setting[4] & 0xff) < MIN_HEADER_LIST_BYTES >> 8;
                if (id == MAX_HEADER_LIST_SIZE && small) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isAllowed() {
        return isAllowed(1);
    }

    private boolean isAllowed(int frames) {
        if (allowed < frames) {
            long now = System.nanoTime();
            allowed = Math.min(MAX_AT_ONCE, allowed + (now - filledNanos) * (MAX_PER_SECOND / 1e9));
            filledNanos = now;
        }
        allowed -= frames;
        return allowed >= 0;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean reset = message instanceof ByteBuf frame && isReset(frame);
        context.write(message, promise);
        if (reset && !ended && !isAllowed(PER_RESET)) {
            sendAway(context);
        }
    }

    /** Whether this is a reset for what a client did wrong; the encoder writes each as a buffer of its own. */
    private static boolean isReset(ByteBuf frame) {
        if (frame.readableBytes() != RST_STREAM_BYTES || frame.getByte(frame.readerIndex() + 3) != RST_STREAM) {
            return false;
        }
        int code = frame.getInt(frame.readerIndex() + 9);
        return code != NO_ERROR && code != CANCEL;
    }

    /** Looks again later when a head is not whole; most become so with the next read, so nothing is cancelled. */
    private void watchTime(ChannelHandlerContext context) {
        unfinished = inHeaders || headLength > 0 || (skip > 0 && !inData);
        if (unfinished && !scheduled) {
            scheduled = true;
            context.executor().schedule(() -> lookAgain(context), bounds.head().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void lookAgain(ChannelHandlerContext context) {
        scheduled = false;
        if (!unfinished || ended || !context.channel().isActive()) {
            return;
        }
        long left = bounds.head().toNanos() - (System.nanoTime() - begunNanos);
        if (left <= 0) {
            sendAway(context);
        } else {
            scheduled = true;
            context.executor().schedule(() -> lookAgain(context), left, TimeUnit.NANOSECONDS);
        }
    }

    private void sendAway(ChannelHandlerContext context) {
        ended = true;
        sentAway.increment();
        context.writeAndFlush(Unpooled.wrappedBuffer(GOAWAY));
        context.executor().schedule(() -> context.close(), GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
