package weir.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;

/**
 * Requests of every signal with attributes of every type, of which some meet the conditions of tests, because keys and values
 * are few; and with fields that are not set. The same for the same seed.
 */
final class RandomTelemetry {
    private static final long BASE = 1_700_000_000_000_000_000L;
    private static final List<String> NAMES = List.of("", "requests", "requests.total", "cpu.time", "a b", "größe");
    private static final List<String> BODIES = List.of(
            "",
            "plain",
            "{\"level\":\"warn\",\"n\":1.5,\"tags\":[\"x\",null,true]}",
            "[1,2]",
            "{broken",
            "k=v a=b",
            "ä€ text");

    private final RandomTraces random;

    RandomTelemetry(long seed) {
        random = new RandomTraces(seed);
    }

    /** Requests of a signal, with at least one item each: the collector passes no others on. */
    List<Message> requests(Signal signal, int count) {
        return anyRequests(signal, count).stream()
                .map(RandomTelemetry::tidy)
                .filter(r -> items(signal, r.toByteArray()) > 0)
                .toList();
    }

    private static int items(Signal signal, byte[] request) {
        try {
            return OtlpCheck.check(signal, request, 0, request.length).items();
        } catch (MalformedOtlpException e) {
            throw new AssertionError(e);
        }
    }

    /** No key twice, which the specification does not allow; no bytes without any, which the collector mostly takes for nil. */
    private static Message tidy(Message message) {
        Message.Builder tidy = message.toBuilder();
        if (message instanceof AnyValue value
                && value.hasBytesValue()
                && value.getBytesValue().isEmpty()) {
            return value.toBuilder().setBytesValue(ByteString.copyFromUtf8("b")).build();
        }
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (!field.isRepeated()) {
                tidy.setField(field, tidy((Message) message.getField(field)));
                continue;
            }
            Set<String> keys = new HashSet<>();
            tidy.clearField(field);
            for (Object element : (List<?>) message.getField(field)) {
                if (!(element instanceof KeyValue entry) || keys.add(entry.getKey())) {
                    tidy.addRepeatedField(field, tidy((Message) element));
                }
            }
        }
        return tidy.build();
    }

    private List<Message> anyRequests(Signal signal, int count) {
        if (signal == Signal.TRACES) {
            random.addScattered(count * 3, 3);
            List<Message> requests = new ArrayList<>(random.inTime());
            requests.addAll(random.late());
            return requests;
        }
        List<Message> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(signal == Signal.LOGS ? logs() : metrics());
        }
        return requests;
    }

    static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(bytes);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(bytes);
            case LOGS -> ExportLogsServiceRequest.parseFrom(bytes);
        };
    }

    private <T> List<T> some(int most, Supplier<T> maker) {
        List<T> made = new ArrayList<>();
        for (int n = random.oneOf(List.of(0, 1, 1, 2, most)); n > 0; n--) {
            made.add(maker.get());
        }
        return made;
    }

    private Resource resource() {
        return Resource.newBuilder()
                .addAttributes(RandomTraces.text("service.name", random.oneOf(NAMES)))
                .addAllAttributes(random.attributes(2))
                .build();
    }

    private InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName(random.oneOf(List.of("lib-1", "lib-2")))
                .addAllAttributes(random.attributes(1))
                .build();
    }

    private long time() {
        return random.oneIn(5) ? 0 : BASE + random.oneOf(List.of(1, 2, 3, 1_000_000));
    }

    private ExportLogsServiceRequest logs() {
        var request = ExportLogsServiceRequest.newBuilder();
        request.addAllResourceLogs(some(
                3,
                () -> ResourceLogs.newBuilder()
                        .setResource(resource())
                        .addAllScopeLogs(some(
                                2,
                                () -> ScopeLogs.newBuilder()
                                        .setScope(scope())
                                        .addAllLogRecords(some(8, this::log))
                                        .build()))
                        .build()));
        return request.build();
    }

    private LogRecord log() {
        LogRecord.Builder log = LogRecord.newBuilder()
                .setTimeUnixNano(time())
                .setObservedTimeUnixNano(time())
                .setSeverityNumberValue(random.oneOf(List.of(0, 1, 5, 9, 13, 17, 24)))
                .setSeverityText(random.oneOf(List.of("", "info", "WARN", "warn")))
                .addAllAttributes(random.attributes(4))
                .setDroppedAttributesCount(random.oneOf(List.of(0, 3)))
                .setFlags(random.oneOf(List.of(0, 1)));
        switch (random.oneOf(List.of(0, 1, 2, 3))) {
            case 0 -> log.getBodyBuilder().setStringValue(random.oneOf(BODIES));
            case 1 -> log.setBody(random.value(2));
            case 2 ->
                log.getBodyBuilder()
                        .getKvlistValueBuilder()
                        .addValues(RandomTraces.text("level", random.oneOf(List.of("warn", "info"))))
                        .addAllValues(random.attributes(2));
            default -> {}
        }
        if (random.oneIn(2)) {
            log.setTraceId(random.id()).setSpanId(RandomTraces.bytes(77));
        }
        return log.build();
    }

    private ExportMetricsServiceRequest metrics() {
        var request = ExportMetricsServiceRequest.newBuilder();
        request.addAllResourceMetrics(some(
                3,
                () -> ResourceMetrics.newBuilder()
                        .setResource(resource())
                        .addAllScopeMetrics(some(
                                2,
                                () -> ScopeMetrics.newBuilder()
                                        .setScope(scope())
                                        .addAllMetrics(some(6, this::metric))
                                        .build()))
                        .build()));
        return request.build();
    }

    private Metric metric() {
        Metric.Builder metric = Metric.newBuilder()
                .setName(random.oneOf(NAMES))
                .setDescription(random.oneOf(NAMES))
                .setUnit(random.oneOf(List.of("", "ms", "1")))
                .addAllMetadata(random.oneIn(3) ? random.attributes(2) : List.of());
        int temporality = random.oneOf(List.of(0, 1, 2));
        switch (random.oneOf(List.of(0, 1, 2, 3, 4))) {
            case 0 -> metric.setGauge(Gauge.newBuilder().addAllDataPoints(some(4, this::number)));
            case 1 ->
                metric.setSum(Sum.newBuilder()
                        .setAggregationTemporalityValue(temporality)
                        .setIsMonotonic(random.oneIn(2))
                        .addAllDataPoints(some(4, this::number)));
            case 2 ->
                metric.setHistogram(Histogram.newBuilder()
                        .setAggregationTemporalityValue(temporality)
                        .addAllDataPoints(some(3, this::histogram)));
            case 3 ->
                metric.setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporalityValue(temporality)
                        .addAllDataPoints(some(3, this::exponential)));
            default -> metric.setSummary(Summary.newBuilder().addAllDataPoints(some(3, this::summary)));
        }
        return metric.build();
    }

    private NumberDataPoint number() {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(time())
                .setTimeUnixNano(time())
                .setFlags(random.oneOf(List.of(0, 0, 1)))
                .addAllAttributes(random.attributes(3));
        if (random.oneIn(2)) {
            point.setAsInt(random.oneOf(List.of(-3L, 0L, 1L, 2500L)));
        } else if (!random.oneIn(6)) {
            point.setAsDouble(random.oneOf(List.of(-1.5, 0.0, 0.25, 1500.0)));
        }
        return point.addAllExemplars(some(2, this::exemplar)).build();
    }

    private Exemplar exemplar() {
        Exemplar.Builder exemplar =
                Exemplar.newBuilder().setTimeUnixNano(time()).addAllFilteredAttributes(random.attributes(2));
        if (random.oneIn(2)) {
            exemplar.setTraceId(random.id()).setSpanId(RandomTraces.bytes(5));
        }
        return random.oneIn(2)
                ? exemplar.setAsInt(3).build()
                : exemplar.setAsDouble(0.5).build();
    }

    private HistogramDataPoint histogram() {
        HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder()
                .setStartTimeUnixNano(time())
                .setTimeUnixNano(time())
                .setCount(6)
                .setFlags(random.oneOf(List.of(0, 1)))
                .addAllAttributes(random.attributes(3))
                .addAllExemplars(some(2, this::exemplar));
        if (!random.oneIn(4)) {
            point.setSum(7.5)
                    .setMin(0.5)
                    .setMax(random.oneOf(List.of(0.0, 4.5)))
                    .addAllBucketCounts(List.of(1L, 2L, 3L))
                    .addAllExplicitBounds(List.of(1.0, 2.5));
        }
        return point.build();
    }

    private ExponentialHistogramDataPoint exponential() {
        return ExponentialHistogramDataPoint.newBuilder()
                .setTimeUnixNano(time())
                .setCount(4)
                .setSum(random.oneOf(List.of(0.0, 4.5)))
                .setScale(random.oneOf(List.of(-2, 0, 5)))
                .setZeroCount(1)
                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                        .setOffset(random.oneOf(List.of(-4, 0, 9)))
                        .addAllBucketCounts(List.of(1L, 0L, 300L)))
                .setNegative(ExponentialHistogramDataPoint.Buckets.newBuilder()
                        .setOffset(random.oneOf(List.of(0, 3)))
                        .addAllBucketCounts(random.oneIn(2) ? List.of(7L) : List.of()))
                .setZeroThreshold(random.oneOf(List.of(0.0, 1e-6)))
                .addAllAttributes(random.attributes(2))
                .addAllExemplars(some(1, this::exemplar))
                .build();
    }

    private SummaryDataPoint summary() {
        return SummaryDataPoint.newBuilder()
                .setTimeUnixNano(time())
                .setCount(3)
                .setSum(9)
                .addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                        .setQuantile(0.5)
                        .setValue(2))
                .addAllAttributes(random.attributes(2))
                .build();
    }
}
