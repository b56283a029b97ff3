package weir.transport.receiver;

import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** What a client is told, whatever it speaks. */
sealed interface Answer {
    /** Success, with an empty body. */
    record Ok() implements Answer {}

    /** Success but for some items. */
    record Partial(long rejectedItems, String message) implements Answer {}

    /** Failure. */
    record Failed(int httpStatus, RpcStatus status) implements Answer {}

    Answer OK = new Ok();

    /** Told to clients when the pipeline does not say how long to wait. */
    Duration DEFAULT_DELAY = Duration.ofSeconds(1);

    /** The answer to a delivery's end; codes as the collector's receiver has them (a permanent error is Internal there). */
    static Answer to(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Accepted() -> OK;
            case Delivery.Partial(var rejected, var _, var message) -> new Partial(rejected, message);
            case Delivery.RetryLater(var after, var _, var message) -> later(after, message);
            case Delivery.Rejected(var reason, var message) -> rejected(reason, message);
        };
    }

    private static Answer rejected(Reason reason, String message) {
        String text = message.isEmpty() ? reason.label() : message;
        return switch (reason) {
            case MALFORMED, UNSUPPORTED -> malformed(text);
            case TOO_LARGE -> tooLarge(text);
            default -> failed(500, Status.Code.INTERNAL, text);
        };
    }

    /** To be sent again, after a while that differs a little from client to client, so that they do not come all at once. */
    static Answer later(Duration after, String message) {
        Duration least = after.isPositive() ? after : DEFAULT_DELAY;
        long jitter = ThreadLocalRandom.current().nextLong(least.toNanos() / 4 + 1);
        return new Failed(503, new RpcStatus(Status.Code.UNAVAILABLE.value(), message, least.plusNanos(jitter)));
    }

    static Answer malformed(String message) {
        return failed(400, Status.Code.INVALID_ARGUMENT, message);
    }

    /** Without a delay, so that clients drop it: it will be too large the next time as well. */
    static Answer tooLarge(String message) {
        return failed(413, Status.Code.RESOURCE_EXHAUSTED, message);
    }

    static Answer shuttingDown() {
        return to(Delivery.retryLater(Duration.ZERO, Reason.SHUTTING_DOWN, "shutting down; send it again"));
    }

    static Answer failed(int httpStatus, Status.Code code, String message) {
        return new Failed(httpStatus, new RpcStatus(code.value(), message, null));
    }

    /** The {@code Export*ServiceResponse} of a partial success, {@code { partial_success = 1 { rejected = 1; message = 2 } }}. */
    static byte[] partialProtobuf(Partial partial) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        RpcStatus.number(inner, 1, partial.rejectedItems());
        RpcStatus.bytes(inner, 2, partial.message().getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RpcStatus.bytes(out, 1, inner.toByteArray());
        return out.toByteArray();
    }

    /** The same as JSON: its field is {@code rejectedSpans}, {@code rejectedDataPoints} or {@code rejectedLogRecords}. */
    static byte[] partialJson(Signal signal, Partial partial) {
        String field = switch (signal) {
            case TRACES -> "rejectedSpans";
            case METRICS -> "rejectedDataPoints";
            case LOGS -> "rejectedLogRecords";
        };
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT, "{\"partialSuccess\":{\"%s\":\"%d\",\"errorMessage\":", field, partial.rejectedItems()));
        RpcStatus.quote(out, partial.message());
        return out.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
