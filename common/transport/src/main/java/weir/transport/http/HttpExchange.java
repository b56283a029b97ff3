package weir.transport.http;

import io.netty.channel.ChannelHandlerContext;
import java.io.OutputStream;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request that waits for its answer; any thread may give it. Its bytes are in flight until then. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty closes the channel of a write that fails, which ends the exchange.
final class HttpExchange implements HttpResponder {
    static final System.Logger LOG = System.getLogger("weir.transport.http");

    private final HttpConnection connection;
    private final ChannelHandlerContext context;
    private final HttpHead head;
    private final RequestBody body;
    private final Runnable answered;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final AtomicBoolean unfinished = new AtomicBoolean(true);

    HttpExchange(
            HttpConnection connection,
            ChannelHandlerContext context,
            HttpHead head,
            RequestBody body,
            Runnable answered) {
        this.connection = connection;
        this.context = context;
        this.head = head;
        this.body = body;
        this.answered = answered;
    }

    @Override
    public void send(HttpReply reply) {
        if (taken()) {
            onLoop(() -> connection.answer(context, reply));
            finished();
        }
    }

    @Override
    public OutputStream stream(HttpReply reply) {
        if (!taken()) {
            throw new IllegalStateException("answered already");
        }
        return new StreamedBody(connection, context, reply, head, this::finished);
    }

    @Override
    public void abort() {
        if (open.compareAndSet(true, false)) {
            body.release();
        }
        finished();
        context.close();
    }

    private void finished() {
        if (unfinished.compareAndSet(true, false)) {
            answered.run();
        }
    }

    private boolean taken() {
        if (!open.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.ERROR, "a request was answered twice", new IllegalStateException());
            return false;
        }
        body.release();
        return true;
    }

    private void onLoop(Runnable task) {
        if (context.executor().inEventLoop()) {
            task.run();
        } else {
            try {
                context.executor().execute(task);
            } catch (RejectedExecutionException _) {
                LOG.log(System.Logger.Level.DEBUG, "an answer came after the listener was closed");
            }
        }
    }
}
