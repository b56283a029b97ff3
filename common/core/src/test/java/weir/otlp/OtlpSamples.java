package weir.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Requests that look like those of an instrumented service, for tests of any module: same arguments, same bytes. Times
 * count from {@link #START_NANOS}.
 */
public final class OtlpSamples {
    /** 2026-01-01T00:00:00Z. */
    public static final long START_NANOS = 1_767_225_600_000_000_000L;

    private static final long MILLI = 1_000_000;

    private OtlpSamples() {}

    /** A request of one resource and one scope: traces numbered from {@code firstTrace}, each of a root and its children. */
    public static byte[] traces(long firstTrace, int traces, int spansPerTrace) {
        return traceRequest("checkout", firstTrace, traces, spansPerTrace).toByteArray();
    }

    /** The same as a batch. */
    public static Batch traceBatch(long firstTrace, int traces, int spansPerTrace) {
        return Batch.of(Signal.TRACES, traces(firstTrace, traces, spansPerTrace), traces * spansPerTrace);
    }

    /** A request of one resource for a service and one scope. */
    public static ExportTraceServiceRequest traceRequest(
            String service, long firstTrace, int traces, int spansPerTrace) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(scope());
        for (int trace = 0; trace < traces; trace++) {
            for (int span = 0; span < spansPerTrace; span++) {
                scope.addSpans(span(firstTrace + trace, span));
            }
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource(service))
                        .addScopeSpans(scope)
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0"))
                .build();
    }

    /** A request of these spans under one resource and scope. */
    public static ExportTraceServiceRequest requestOf(String service, Span... spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource(service))
                        .addScopeSpans(ScopeSpans.newBuilder().setScope(scope()).addAllSpans(List.of(spans))))
                .build();
    }

    /**
     * A span of about 340 bytes and 8 attributes, without error, of 25 ms: number 0 is the root, all others are its
     * children.
     */
    public static Span span(long trace, int number) {
        return spanBuilder(trace, number).build();
    }

    /** The same to be changed: status, times, more attributes. */
    public static Span.Builder spanBuilder(long trace, int number) {
        long start = START_NANOS + number * MILLI;
        Span.Builder span = Span.newBuilder()
                .setTraceId(traceId(trace))
                .setSpanId(spanId(trace, number))
                .setName(number == 0 ? "POST /checkout" : "SELECT shop.orders")
                .setKind(number == 0 ? Span.SpanKind.SPAN_KIND_SERVER : Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + 25 * MILLI)
                .addAttributes(text("http.request.method", "POST"))
                .addAttributes(text("url.path", "/api/v1/checkout/" + trace % 1000))
                .addAttributes(integer("http.response.status_code", 200))
                .addAttributes(text("server.address", "checkout.shop.svc.cluster.local"))
                .addAttributes(integer("server.port", 8080))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(text("user_agent.original", "okhttp/4.12.0"))
                .addAttributes(flag("cache.hit", number % 2 == 0))
                .setFlags(0x101);
        if (number > 0) {
            span.setParentSpanId(spanId(trace, 0));
        }
        return span;
    }

    /** A span that failed. */
    public static Span failedSpan(long trace, int number) {
        return spanBuilder(trace, number)
                .setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("upstream timed out"))
                .build();
    }

    /** 16 bytes that differ in both halves for each number. */
    public static ByteString traceId(long trace) {
        long mixed = (trace + 1) * 0x9e3779b97f4a7c15L;
        return ByteString.copyFrom(
                ByteBuffer.allocate(16).putLong(mixed).putLong(trace + 1).flip());
    }

    public static ByteString spanId(long trace, int number) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(8).putLong((trace + 1) << 16 | number + 1).flip());
    }

    /** A request of one resource: metrics that are cumulative sums, each of so many points. */
    public static byte[] metrics(String service, int metrics, int pointsPerMetric) {
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(scope());
        for (int metric = 0; metric < metrics; metric++) {
            Sum.Builder sum = Sum.newBuilder()
                    .setIsMonotonic(true)
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            for (int point = 0; point < pointsPerMetric; point++) {
                sum.addDataPoints(NumberDataPoint.newBuilder()
                        .setStartTimeUnixNano(START_NANOS)
                        .setTimeUnixNano(START_NANOS + 1000 * MILLI)
                        .setAsInt(point)
                        .addAttributes(text("shard", Integer.toString(point))));
            }
            scope.addMetrics(Metric.newBuilder()
                    .setName("shop.requests." + metric)
                    .setUnit("{request}")
                    .setSum(sum));
        }
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(resource(service))
                        .addScopeMetrics(scope))
                .build()
                .toByteArray();
    }

    /** A request of one resource and so many log records. */
    public static byte[] logs(String service, int records) {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder().setScope(scope());
        for (int record = 0; record < records; record++) {
            scope.addLogRecords(LogRecord.newBuilder()
                    .setTimeUnixNano(START_NANOS + record * MILLI)
                    .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO)
                    .setSeverityText("INFO")
                    .setBody(AnyValue.newBuilder().setStringValue("order " + record + " accepted"))
                    .addAttributes(text("thread.name", "worker-3"))
                    .setTraceId(traceId(record))
                    .setSpanId(spanId(record, 0)));
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder().setResource(resource(service)).addScopeLogs(scope))
                .build()
                .toByteArray();
    }

    public static Resource resource(String service) {
        return Resource.newBuilder()
                .addAttributes(text("service.name", service))
                .addAttributes(text("service.namespace", "shop"))
                .addAttributes(text("k8s.pod.ip", "10.1.2.3"))
                .addAttributes(text("telemetry.sdk.language", "java"))
                .build();
    }

    public static InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName("io.opentelemetry.netty-4.1")
                .setVersion("2.20.0")
                .build();
    }

    public static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    public static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    public static KeyValue number(String key, double value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setDoubleValue(value))
                .build();
    }

    public static KeyValue flag(String key, boolean value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setBoolValue(value))
                .build();
    }
}
