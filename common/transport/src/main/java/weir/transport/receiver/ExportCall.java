package weir.transport.receiver;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
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
    private final CallBytes bytes;
    private final Intake intake;
    private final GrpcListener listener;
    private final long begunNanos;

    /** Whether somebody has taken on to answer. */
    private final AtomicBoolean taken = new AtomicBoolean();

    private byte @Nullable [] message;

    ExportCall(
            ServerCall<byte[], byte[]> call, CallBytes bytes, Intake intake, GrpcListener listener, long begunNanos) {
        this.call = call;
        this.bytes = bytes;
        this.intake = intake;
        this.listener = listener;
        this.begunNanos = begunNanos;
    }

    void begin() {
        bytes.onOver(() -> refuse(Answer.later(Answer.DEFAULT_DELAY, "too many bytes of requests are in flight")));
        // One message, and room to see a second one, which is against the protocol.
        call.request(2);
    }

    /** When the call began, for those that never send their message whole. */
    long begunNanos() {
        return begunNanos;
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
            listener.done(this);
            bytes.handOver();
            intake.take(whole, answer -> {
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

    /** Answers a call that is not passed on, unless somebody answers it already. Any thread. */
    void refuse(Answer answer) {
        if (taken.compareAndSet(false, true)) {
            listener.done(this);
            answer(answer);
        }
    }

    private void answer(Answer answer) {
        if (call.isCancelled()) {
            return;
        }
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
