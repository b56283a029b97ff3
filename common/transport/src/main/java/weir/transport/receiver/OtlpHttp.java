package weir.transport.receiver;

import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpJson;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Reason;
import weir.telemetry.Counter;
import weir.transport.http.Cors;
import weir.transport.http.HttpHandler;
import weir.transport.http.HttpHead;
import weir.transport.http.HttpReply;
import weir.transport.http.HttpRequest;
import weir.transport.http.HttpResponder;

/**
 * OTLP over HTTP: what a path, a method and a content type mean, and how answers look. Error bodies are a
 * {@code google.rpc.Status} in the request's encoding (OTLP specification, "Failures"), but for those of a request that is
 * none of ours, which are plain text as the collector's.
 */
final class OtlpHttp implements HttpHandler {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    /** JSON beyond this is read by a virtual thread, so that a loop is never held up by one request. */
    private static final int CONVERT_HERE_BYTES = 64 << 10;

    private static final HttpReply OK_PROTOBUF = HttpReply.of(200, PROTOBUF, new byte[0]);
    private static final HttpReply OK_JSON =
            HttpReply.of(200, JSON, "{\"partialSuccess\":{}}".getBytes(StandardCharsets.UTF_8));

    private final Map<String, Intake> intakes;
    private final InFlight inFlight;
    private final @Nullable Cors cors;
    private final Counter malformed;
    private final Counter tooLarge;

    /** @param intakes by path */
    OtlpHttp(Map<String, Intake> intakes, InFlight inFlight, @Nullable Cors cors, ComponentContext context) {
        this.intakes = intakes;
        this.inFlight = inFlight;
        this.cors = cors;
        malformed = Intake.refusedRequests(context, "http", Reason.MALFORMED);
        tooLarge = Intake.refusedRequests(context, "http", Reason.TOO_LARGE);
    }

    @Override
    public @Nullable HttpReply refuse(HttpHead head) {
        if (!intakes.containsKey(head.path())) {
            return HttpReply.text(404, "404 page not found\n");
        }
        if (cors != null && Cors.isPreflight(head)) {
            return cors.preflight(head);
        }
        if (!head.method().equals("POST")) {
            return HttpReply.text(405, "405 method not allowed, supported: [POST]\n")
                    .with("allow", "POST");
        }
        String type = head.contentType();
        if (!type.equals(PROTOBUF) && !type.equals(JSON)) {
            return HttpReply.text(
                    415, "415 unsupported media type, supported: [application/json, application/x-protobuf]\n");
        }
        return inFlight.isClosing() ? reply(head, Answer.shuttingDown()) : null;
    }

    @Override
    public void handle(HttpRequest request, HttpResponder responder) {
        HttpHead head = request.head();
        Intake intake = intakes.get(head.path());
        if (intake == null) {
            throw new IllegalStateException("refuse() lets no other path pass");
        }
        byte[] body = request.body();
        if (isJson(head) && body.length > CONVERT_HERE_BYTES) {
            Thread.ofVirtual().name("weir-otlp-json").start(() -> convert(head, intake, body, responder));
        } else if (isJson(head)) {
            convert(head, intake, body, responder);
        } else {
            intake.take(body, answer -> responder.send(reply(head, answer)));
        }
    }

    private void convert(HttpHead head, Intake intake, byte[] body, HttpResponder responder) {
        byte[] protobuf;
        try {
            protobuf = OtlpJson.toProtobuf(intake.signal(), body);
        } catch (MalformedOtlpException e) {
            malformed.increment();
            responder.send(reply(head, Answer.malformed("not OTLP/JSON: " + e.getMessage())));
            return;
        }
        intake.take(protobuf, answer -> responder.send(reply(head, answer)));
    }

    @Override
    public HttpReply error(HttpHead head, int status, String message) {
        switch (status) {
            case 400 -> malformed.increment();
            case 413 -> tooLarge.increment();
            default -> {}
        }
        return reply(
                head,
                switch (status) {
                    case 400 -> Answer.malformed(message);
                    case 413 -> Answer.tooLarge(message);
                    case 503 -> Answer.later(Answer.DEFAULT_DELAY, message);
                    default -> Answer.failed(status, Status.Code.INTERNAL, message);
                });
    }

    private HttpReply reply(HttpHead head, Answer answer) {
        boolean asJson = isJson(head);
        HttpReply reply = switch (answer) {
            case Answer.Ok() -> asJson ? OK_JSON : OK_PROTOBUF;
            case Answer.Partial partial ->
                asJson
                        ? HttpReply.of(200, JSON, Answer.partialJson(signal(head), partial))
                        : HttpReply.of(200, PROTOBUF, Answer.partialProtobuf(partial));
            case Answer.Failed(var code, var status) ->
                withDelay(
                        asJson
                                ? HttpReply.of(code, JSON, status.toJson())
                                : HttpReply.of(code, PROTOBUF, status.toProtobuf()),
                        status.retryDelay());
        };
        if (cors != null) {
            for (var header : cors.headers(head).entrySet()) {
                reply = reply.with(header.getKey(), header.getValue());
            }
        }
        return reply;
    }

    private Signal signal(HttpHead head) {
        Intake intake = intakes.get(head.path());
        return intake == null ? Signal.TRACES : intake.signal();
    }

    /** Retry-After has whole seconds; rounded up, for sooner is what it must not be. */
    private static HttpReply withDelay(HttpReply reply, @Nullable Duration delay) {
        return delay == null
                ? reply
                : reply.with(
                        "retry-after",
                        Long.toString(delay.plusNanos(999_999_999).toSeconds()));
    }

    private static boolean isJson(HttpHead head) {
        return head.contentType().equals(JSON);
    }
}
