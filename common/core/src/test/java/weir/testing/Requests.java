package weir.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.List;
import weir.otlp.Batch;
import weir.otlp.Signal;

/** Requests made by the official classes: one resource, one scope, numbered items. */
public final class Requests {
    private Requests() {}

    /** A request of a signal; its items are named after the prefix and their number. */
    public static Batch of(Signal signal, String prefix, int items) {
        return switch (signal) {
            case TRACES -> traces(prefix, items);
            case METRICS -> metrics(prefix, items);
            case LOGS -> logs(prefix, items);
        };
    }

    /** Spans of one service, {@code service.name} being the prefix; each is a trace of its own. */
    public static Batch traces(String prefix, int spans) {
        var request = ExportTraceServiceRequest.newBuilder();
        var scope =
                request.addResourceSpansBuilder().setResource(resource(prefix)).addScopeSpansBuilder();
        scope.setScope(scope());
        for (int i = 0; i < spans; i++) {
            scope.addSpans(Span.newBuilder()
                    .setTraceId(id(16, prefix.hashCode(), i + 1))
                    .setSpanId(id(8, 0, i + 1))
                    .setName(prefix + i)
                    .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                    .setStartTimeUnixNano(1_000_000_000L + i)
                    .setEndTimeUnixNano(2_000_000_000L + i)
                    .addAttributes(text("http.route", "/" + prefix)));
        }
        return Batch.of(Signal.TRACES, request.build().toByteArray(), spans);
    }

    /** Data points of one gauge. */
    public static Batch metrics(String prefix, int points) {
        var request = ExportMetricsServiceRequest.newBuilder();
        var scope = request.addResourceMetricsBuilder()
                .setResource(resource(prefix))
                .addScopeMetricsBuilder();
        Metric.Builder metric =
                scope.setScope(scope()).addMetricsBuilder().setName(prefix).setUnit("1");
        for (int i = 0; i < points; i++) {
            metric.getGaugeBuilder()
                    .addDataPoints(
                            NumberDataPoint.newBuilder().setTimeUnixNano(i).setAsInt(i));
        }
        return Batch.of(Signal.METRICS, request.build().toByteArray(), points);
    }

    public static Batch logs(String prefix, int records) {
        var request = ExportLogsServiceRequest.newBuilder();
        var scope =
                request.addResourceLogsBuilder().setResource(resource(prefix)).addScopeLogsBuilder();
        scope.setScope(scope());
        for (int i = 0; i < records; i++) {
            scope.addLogRecords(LogRecord.newBuilder()
                    .setTimeUnixNano(i)
                    .setSeverityText("INFO")
                    .setBody(AnyValue.newBuilder().setStringValue(prefix + i)));
        }
        return Batch.of(Signal.LOGS, request.build().toByteArray(), records);
    }

    /** How many items a request holds, counted by the official classes. */
    public static int count(Batch batch) throws InvalidProtocolBufferException {
        ByteString bytes = ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length());
        return switch (batch.signal()) {
            case TRACES ->
                ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList().stream()
                        .flatMap(r -> r.getScopeSpansList().stream())
                        .mapToInt(ScopeSpans::getSpansCount)
                        .sum();
            case METRICS ->
                ExportMetricsServiceRequest.parseFrom(bytes).getResourceMetricsList().stream()
                        .flatMap(r -> r.getScopeMetricsList().stream())
                        .flatMap(s -> s.getMetricsList().stream())
                        .mapToInt(m -> m.getGauge().getDataPointsCount())
                        .sum();
            case LOGS ->
                ExportLogsServiceRequest.parseFrom(bytes).getResourceLogsList().stream()
                        .flatMap(r -> r.getScopeLogsList().stream())
                        .mapToInt(ScopeLogs::getLogRecordsCount)
                        .sum();
        };
    }

    /** The first attribute of each resource of a request of traces, which {@link #traces} makes its service's name. */
    public static List<String> services(Batch batch) throws InvalidProtocolBufferException {
        ByteString bytes = ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length());
        return ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList().stream()
                .map(r -> r.getResource().getAttributes(0).getValue().getStringValue())
                .toList();
    }

    public static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    /** An id of 8 or 16 bytes that ends with a number. */
    public static ByteString id(int bytes, long high, long low) {
        ByteBuffer id = ByteBuffer.allocate(bytes);
        if (bytes == 16) {
            id.putLong(high);
        }
        return ByteString.copyFrom(id.putLong(low).flip());
    }

    private static Resource resource(String service) {
        return Resource.newBuilder()
                .addAttributes(text("service.name", service))
                .build();
    }

    private static InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName("tests")
                .setVersion("1")
                .build();
    }
}
