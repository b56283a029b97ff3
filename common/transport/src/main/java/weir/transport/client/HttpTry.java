package weir.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;

/** One try at one request: whoever ends it first, the answer, an error or the timeout, completes the delivery. */
final class HttpTry {
    private final byte[] body;
    private final int offset;
    private final int length;
    private final int items;
    private final DeliveryCallback done;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Timer.@Nullable Cancellable timeout;

    /** The connection in use; closed when the try ends before its answer does. */
    volatile @Nullable Channel channel;

    /** Whether it was put on a connection that had been kept, which the backend may have closed at that moment. */
    volatile boolean onKeptConnection;

    HttpTry(byte[] body, int offset, int length, int items, DeliveryCallback done) {
        this.body = body;
        this.offset = offset;
        this.length = length;
        this.items = items;
        this.done = done;
    }

    int items() {
        return items;
    }

    /** The body, not copied; the caller releases it. */
    ByteBuf content() {
        return Unpooled.wrappedBuffer(body, offset, length);
    }

    void endsBy(Timer.Cancellable planned) {
        timeout = planned;
        if (ended.get()) {
            planned.cancel();
        }
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Only the first end counts; says whether this was it. */
    boolean end(Delivery delivery) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        Timer.Cancellable planned = timeout;
        if (planned != null) {
            planned.cancel();
        }
        done.complete(delivery);
        return true;
    }

    /** Ends it while its answer may still come: then its connection is of no more use. */
    void abandon(Delivery delivery) {
        Channel in = channel;
        if (end(delivery) && in != null) {
            var _ = in.close();
        }
    }
}
