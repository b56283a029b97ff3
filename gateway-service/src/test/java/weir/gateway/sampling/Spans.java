package weir.gateway.sampling;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import weir.otlp.Batch;
import weir.otlp.Signal;

/** Requests of spans, written with the official classes. */
final class Spans {
    private Spans() {}

    static ByteString traceId(long high, long low) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(16).putLong(high).putLong(low).flip());
    }

    static ByteString spanId(long id) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip());
    }

    /** A child span of 5 ms, whose id is its number. */
    static Span.Builder span(long trace, long number) {
        return Span.newBuilder()
                .setTraceId(traceId(0xabcd, trace))
                .setSpanId(spanId(number))
                .setParentSpanId(spanId(number + 1_000_000_000L))
                .setName("span-" + number)
                .setStartTimeUnixNano(1_700_000_000_000_000_000L)
                .setEndTimeUnixNano(1_700_000_000_005_000_000L);
    }

    static Span.Builder root(long trace, long number) {
        return span(trace, number).clearParentSpanId();
    }

    static Span.Builder error(long trace, long number) {
        return span(trace, number).setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    }

    static Span.Builder padded(Span.Builder span, int bytes) {
        return span.addAttributes(attribute("padding", "x".repeat(bytes)));
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    /** All spans under one resource and scope. */
    static Batch batch(Span.Builder... spans) {
        ScopeSpans.Builder scope = scope("lib");
        for (Span.Builder span : spans) {
            scope.addSpans(span);
        }
        return batch(ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(resource("svc").addScopeSpans(scope))
                .build());
    }

    static Batch batch(ExportTraceServiceRequest request) {
        return Batch.of(Signal.TRACES, request.toByteArray(), spansOf(request).size());
    }

    static ResourceSpans.Builder resource(String service) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", service)))
                .setSchemaUrl("https://schema/" + service);
    }

    static ScopeSpans.Builder scope(String name) {
        return ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName(name).setVersion("1"))
                .setSchemaUrl("https://schema/scope/" + name);
    }

    /** The spans under several resources and scopes, as random says. */
    static Batch scattered(List<Span> spans, SplittableRandom random) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        int i = 0;
        while (i < spans.size()) {
            ResourceSpans.Builder resource = resource("svc-" + random.nextInt(3));
            for (int scopes = random.nextInt(1, 4); scopes > 0 && i < spans.size(); scopes--) {
                ScopeSpans.Builder scope = scope("lib-" + random.nextInt(3));
                for (int n = random.nextInt(1, 6); n > 0 && i < spans.size(); n--) {
                    scope.addSpans(spans.get(i++));
                }
                resource.addScopeSpans(scope);
            }
            request.addResourceSpans(resource);
        }
        return batch(request.build());
    }

    static ExportTraceServiceRequest parse(Batch batch) {
        try {
            return ExportTraceServiceRequest.parser().parseFrom(batch.bytes(), batch.offset(), batch.length());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError("not a request", e);
        }
    }

    static List<Span> spansOf(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream()
                .flatMap(r -> r.getScopeSpansList().stream())
                .flatMap(s -> s.getSpansList().stream())
                .toList();
    }
}
