package weir.transport.receiver;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One unary Export call, without a stub. Its callbacks come on the connection's event loop; the answer comes from any thread,
 * once.
 */
final class ExportCall extends ServerCall.Listener<byte[]> {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final byte[] EMPTY = {};

    private final ServerCall<byte[], byte[]> call;
    private final long members;
    private final boolean forwarded;
    private final CallBytes bytes;
    private final Intake intake;
    private final GrpcListener listener;
    private volatile long sinceNanos;
    private volatile boolean answered;

    /** Whether somebody has taken on to answer. */
    private final AtomicBoolean taken = new AtomicBoolean();

    private byte @Nullable [] message;

    /**
     * A call that has begun.
     *
     * @param members see {@link weir.otlp.Batch#routedBy}
     * @param forwarded see {@link weir.otlp.Batch#isForwarded}
     */
    ExportCall(
            ServerCall<byte[], byte[]> call,
            long members,
            boolean forwarded,
            CallBytes bytes,
            Intake intake,
            GrpcListener listener,
            long begunNanos) {
        this.call = call;
        this.members = members;
        this.forwarded = forwarded;
        this.bytes = bytes;
        this.intake = intake;
        this.listener = listener;
        this.sinceNanos = begunNanos;
    }

    void begin() {
        bytes.onOver(() -> refuse(Answer.later(Answer.DEFAULT_DELAY, "too many bytes of requests are in flight")));
        // One message, and room to see a second one, which is against the protocol.
        call.request(2);
    }

    /** Where it comes from; null once its connection is gone. */
    @Nullable
    SocketAddress client() {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    /** Whether what the call waits for now is its client, and has been since before this time. */
    boolean waitsSince(long nanos) {
        return (answered || !taken.get()) && sinceNanos - nanos <= 0;
    }

    /** Ends the wait for a client that takes too long, to send the message or to take the answer. */
    void giveUp() {
        if (answered) {
            listener.close(client());
        } else if (taken.compareAndSet(false, true)) {
            listener.timedOut();
            answer(Answer.later(Answer.DEFAULT_DELAY, "the message did not come within body_timeout"));
        }
    }

    @Override
    public void onMessage(byte[] came) {
        if (message != null) {
            refuse(Answer.malformed("a unary call with more than one message"));
        }
        message = came;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Failures are arrays known by their identity.
    public void onHalfClose() {
        byte[] whole = message;
        message = null;
        if (whole == null) {
            refuse(Answer.malformed("a call without a message"));
        } else if (whole == GrpcBytes.TOO_LARGE) {
            refuse(Answer.tooLarge("the message is larger than " + listener.maxMessageBytes() + " bytes"));
        } else if (whole == GrpcBytes.BROKEN) {
            refuse(Answer.malformed("the message is not in the compression that the call names"));
        } else if (!bytes.reserve(Math.max(0, whole.length - bytes.reservedBytes()))) {
            refuse(Answer.later(Answer.DEFAULT_DELAY, "too many bytes of requests are in flight"));
        } else if (taken.compareAndSet(false, true)) {
            bytes.handOver();
            intake.take(whole, members, forwarded, answer -> {
                bytes.release();
                answer(answer);
            });
        }
    }

    @Override
    public void onCancel() {
        listener.done(this);
        message = null;
        // What was passed on goes its way; only the answer has nobody to go to.
        taken.set(true);
    }

    @Override
    public void onComplete() {
        listener.done(this);
    }

    /** Answers a call that is not passed on, unless somebody answers it already. Any thread. */
    void refuse(Answer answer) {
        if (taken.compareAndSet(false, true)) {
            answer(answer);
        }
    }

    private void answer(Answer answer) {
        if (call.isCancelled()) {
            return;
        }
        sinceNanos = listener.nanoTime();
        answered = true;
        try {
            switch (answer) {
                case Answer.Ok() -> success(EMPTY);
                case Answer.Partial partial -> success(Answer.partialProtobuf(partial));
                case Answer.Failed(var _, var status) -> {
                    Metadata trailers = new Metadata();
                    if (status.retryDelay() != null) {
                        trailers.put(DETAILS, status.toProtobuf());
                    }
                    call.close(Status.fromCodeValue(status.code()).withDescription(status.message()), trailers);
                }
            }
        } catch (IllegalStateException | UnsupportedOperationException e) {
            listener.log().log(System.Logger.Level.DEBUG, "a call ended before it was answered", e);
        }
    }

    private void success(byte[] response) {
        call.sendHeaders(new Metadata());
        call.sendMessage(response);
        call.close(Status.OK, new Metadata());
    }
}
