package weir.transport.receiver;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import weir.telemetry.Counter;
import weir.transport.net.ByteBudget;

/**
 * Books the bytes of one call as they come in, before they make a message: grpc-java gives bytes of a message that is not
 * whole yet back to flow control at once, so windows do not bound what many slow calls make it keep. Belongs to the call's
 * event loop until {@link #handOver}.
 */
final class CallBytes extends ServerStreamTracer {
    static final Context.Key<CallBytes> KEY = Context.key("weir-call-bytes");

    private final ByteBudget budget;
    private final Counter tooLarge;
    private long reserved;
    private boolean over;
    private boolean handedOver;
    private @Nullable Runnable refuse;

    private CallBytes(ByteBudget budget, Counter tooLarge) {
        this.budget = budget;
        this.tooLarge = tooLarge;
    }

    /** @param tooLarge counts messages over their limit, whoever refused them: this is told of those that grpc-java does */
    static Factory factory(ByteBudget budget, Counter tooLarge) {
        return new Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return new CallBytes(budget, tooLarge);
            }
        };
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    /** What to do when there is no room for this call. */
    void onOver(Runnable task) {
        refuse = task;
    }

    @Override
    public void inboundWireSize(long bytes) {
        if (over || handedOver || reserve(bytes)) {
            return;
        }
        over = true;
        Runnable task = refuse;
        if (task != null) {
            task.run();
        }
    }

    /** Takes more of the budget, for what is made of the bytes. */
    boolean reserve(long bytes) {
        if (!budget.reserve(bytes)) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    long reservedBytes() {
        return reserved;
    }

    /** From now on the bytes are in flight until {@link #release}, also when the client goes away. */
    void handOver() {
        handedOver = true;
    }

    /** Gives back what was handed over; once, from any thread. */
    void release() {
        budget.release(reserved);
    }

    @Override
    public void streamClosed(Status status) {
        if (!handedOver) {
            handedOver = true;
            release();
            if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                tooLarge.increment();
            }
        }
    }
}
