package weir.launcher.samples;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;

/** A span under construction whose times are told rather than taken, so that nobody has to wait for slow ones. */
final class Call {
    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
    private static final AttributeKey<String> EXCEPTION_MESSAGE = AttributeKey.stringKey("exception.message");

    private final Span span;
    private final Instant begun;

    private Call(Span span, Instant begun) {
        this.span = span;
        this.begun = begun;
    }

    /** The root of a trace. */
    static Call begin(PretendService service, String name, SpanKind kind, Instant begun) {
        return new Call(
                service.tracer()
                        .spanBuilder(name)
                        .setNoParent()
                        .setSpanKind(kind)
                        .setStartTimestamp(begun)
                        .startSpan(),
                begun);
    }

    /** What another service does for this span. */
    Call calls(PretendService service, String name, Instant at) {
        return new Call(
                service.tracer()
                        .spanBuilder(name)
                        .setParent(Context.root().with(span))
                        .setSpanKind(SpanKind.SERVER)
                        .setStartTimestamp(at)
                        .startSpan(),
                at);
    }

    Instant begun() {
        return begun;
    }

    Call attribute(String name, String value) {
        span.setAttribute(name, value);
        return this;
    }

    Call attribute(String name, long value) {
        span.setAttribute(name, value);
        return this;
    }

    void fail(String why) {
        span.setStatus(StatusCode.ERROR, why);
        if (!why.isEmpty()) {
            span.addEvent(
                    "exception",
                    Attributes.of(EXCEPTION_TYPE, "shop.OrderException", EXCEPTION_MESSAGE, why),
                    begun.plusMillis(1));
        }
    }

    void end(Instant at) {
        span.end(at);
    }
}
