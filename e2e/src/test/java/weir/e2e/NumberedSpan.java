package weir.e2e;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A span of a test's own traces, whose id says of which trace it is and the how many-th, as {@link weir.load.Arrivals} reads
 * ids: {@code number << 8 | index + 1}. The first span of a trace is its root.
 *
 * @param startNanos of Unix time, as is the end
 */
record NumberedSpan(long number, int index, boolean error, long startNanos, long endNanos) {
    private static final long TRACES_HIGH = 0x5eed_0000_0000_0001L;
    private static final int INDEX_BITS = 8;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** One that took 4 ms until now. */
    static NumberedSpan now(long number, int index, boolean error) {
        long end = System.currentTimeMillis() * MILLI;
        return new NumberedSpan(number, index, error, end - 4 * MILLI, end);
    }

    static long numberOf(long id) {
        return id >>> INDEX_BITS;
    }

    static int indexOf(long id) {
        return (int) (id & (1 << INDEX_BITS) - 1) - 1;
    }

    /** All of them under one resource and scope. */
    static byte[] request(List<NumberedSpan> spans) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        spans.forEach(span -> scope.addSpans(span.builder()));
        return request(scope);
    }

    static byte[] request(ScopeSpans.Builder scope) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "checkout")))
                .addScopeSpans(scope);
        return request.build().toByteArray();
    }

    Span.Builder builder() {
        Span.Builder span = Span.newBuilder()
                .setTraceId(eight(TRACES_HIGH).concat(eight(number + 1)))
                .setSpanId(eight(id(index)))
                .setName("GET /api/v2/products/{productId}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(startNanos)
                .setEndTimeUnixNano(endNanos)
                .addAttributes(attribute("http.request.method", "GET"))
                .addAttributes(attribute("url.path", "/api/v2/products/4711"));
        if (index > 0) {
            span.setParentSpanId(eight(id(0)));
        }
        if (error) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        return span;
    }

    private long id(int ofIndex) {
        return number << INDEX_BITS | (ofIndex + 1);
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ByteString eight(long value) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(value).flip());
    }
}
