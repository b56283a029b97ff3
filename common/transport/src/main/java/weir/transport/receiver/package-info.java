/**
 * The OTLP receiver: {@code otlp} in a pipeline file.
 *
 * <p>{@link weir.transport.receiver.OtlpReceiverFactory} makes an {@code OtlpReceiver} of its configuration. That one opens
 * a {@code GrpcListener} and an {@link weir.transport.http.HttpListener}, whose calls end at an {@code Intake}: one per signal and protocol, which
 * checks a request, books it and passes it on. {@code RpcStatus} turns how a delivery ended into what the client is told.
 */
@NullMarked
package weir.transport.receiver;

import org.jspecify.annotations.NullMarked;
