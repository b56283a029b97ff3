package weir.benchmarks;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** What benchmarks are given: 512 spans of about 340 bytes and 9 attributes, 8 to a trace, as otlpload sends them. */
public final class SampleRequests {
    /** Spans of a request. */
    public static final int SPANS = 512;

    private static final int SPANS_PER_TRACE = 8;
    private static final long START_NANOS = 1_767_225_600_000_000_000L;

    private SampleRequests() {}

    /** The same request at every call. */
    public static ExportTraceServiceRequest traces() {
        SplittableRandom random = new SplittableRandom(7);
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder()
                        .setName("io.opentelemetry.netty-4.1")
                        .setVersion("2.20.0"));
        long high = 0;
        long low = 0;
        for (int i = 0; i < SPANS; i++) {
            if (i % SPANS_PER_TRACE == 0) {
                high = random.nextLong();
                low = random.nextLong();
            }
            scope.addSpans(span(i, high, low));
        }
        Resource.Builder resource = Resource.newBuilder()
                .addAttributes(text("service.name", "checkout"))
                .addAttributes(text("service.namespace", "shop"))
                .addAttributes(text("k8s.pod.name", "checkout-5d9c7b6f4-x2x7q"))
                .addAttributes(text("telemetry.sdk.language", "java"));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
                .build();
    }

    private static Span span(int i, long high, long low) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putLong(high).putLong(low).flip()))
                .setSpanId(id(i))
                .setName("GET /api/v1/items/{id}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(START_NANOS + i)
                .setEndTimeUnixNano(START_NANOS + i + 25_000_000)
                .setFlags(0x101)
                .addAttributes(text("http.request.method", "GET"))
                .addAttributes(text("url.path", "/api/v1/items/" + i))
                .addAttributes(text("http.route", "/api/v1/items/{id}"))
                .addAttributes(integer("http.response.status_code", i % 50 == 0 ? 500 : 200))
                .addAttributes(text("server.address", "items.shop.svc"))
                .addAttributes(integer("server.port", 8080))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(text("user_agent.original", "okhttp/4.12.0"))
                .addAttributes(integer("thread.id", i % 16));
        if (i % SPANS_PER_TRACE != 0) {
            span.setParentSpanId(id(i - i % SPANS_PER_TRACE));
        }
        return span.build();
    }

    private static ByteString id(int i) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(8).putLong((i + 1L) << 20).flip());
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
