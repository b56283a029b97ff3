package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.otlp.ValueView;
import weir.ottl.Access;
import weir.ottl.Path;
import weir.ottl.PathException;
import weir.ottl.PathKey;
import weir.ottl.Value;
import weir.testing.Requests;

/** Requests with one item, and what paths read of it and write to it. */
final class OneItem {
    static final long T = 1_700_000_000_123_456_789L;
    static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
    static final String OTHER = "ffffffffffffffffffffffffffffff01";

    static final Span SPAN = Span.newBuilder()
            .setTraceId(id(TRACE))
            .setSpanId(id("0102030405060708"))
            .setTraceState("vendor=1,other=2")
            .setName("GET /")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(T)
            .setEndTimeUnixNano(T + 5)
            .addAttributes(Requests.text("k", "v"))
            .setDroppedAttributesCount(1)
            .addEvents(Span.Event.newBuilder().setName("e").setTimeUnixNano(T).setDroppedAttributesCount(4))
            .setDroppedEventsCount(2)
            .addLinks(Span.Link.getDefaultInstance())
            .addLinks(Span.Link.getDefaultInstance())
            .setDroppedLinksCount(3)
            .setStatus(Status.newBuilder()
                    .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                    .setMessage("broken"))
            .setFlags(257)
            .build();

    static final LogRecord LOG = LogRecord.newBuilder()
            .setTimeUnixNano(T)
            .setObservedTimeUnixNano(T + 1)
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
            .setSeverityText("warn")
            .setBody(AnyValue.newBuilder().setIntValue(42))
            .addAttributes(Requests.text("k", "v"))
            .setDroppedAttributesCount(6)
            .setFlags(1)
            .setTraceId(id(TRACE))
            .setEventName("click")
            .build();

    static final Metric SUM = Metric.newBuilder()
            .setName("requests")
            .setDescription("how many")
            .setUnit("1")
            .addMetadata(Requests.text("k", "v"))
            .setSum(Sum.newBuilder()
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                    .setIsMonotonic(true)
                    .addDataPoints(NumberDataPoint.newBuilder()
                            .setStartTimeUnixNano(T)
                            .setTimeUnixNano(T + 1)
                            .setAsInt(-7)
                            .addAttributes(Requests.text("k", "v"))
                            .setFlags(1)))
            .build();

    static final Metric HISTOGRAM = Metric.newBuilder()
            .setHistogram(Histogram.newBuilder()
                    .addDataPoints(HistogramDataPoint.newBuilder()
                            .setCount(6)
                            .setSum(1.5)
                            .addAllBucketCounts(List.of(1L, 2L, 3L))
                            .addAllExplicitBounds(List.of(0.5, 2.0))
                            .addAttributes(Requests.text("k", "v"))
                            .setFlags(1)))
            .build();

    static final Metric EXPONENTIAL = Metric.newBuilder()
            .setExponentialHistogram(ExponentialHistogram.newBuilder()
                    .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                            .setScale(-3)
                            .setZeroCount(9)
                            .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                    .setOffset(-2)
                                    .addAllBucketCounts(List.of(1L, 300L)))))
            .build();

    static final Metric SUMMARY = Metric.newBuilder()
            .setSummary(Summary.newBuilder()
                    .addDataPoints(SummaryDataPoint.newBuilder()
                            .setCount(2)
                            .addQuantileValues(SummaryDataPoint.ValueAtQuantile.getDefaultInstance())))
            .build();

    private OneItem() {}

    interface Step {
        void at(Item item) throws Exception;
    }

    static Batch walk(ItemContext context, Batch batch, Step step) {
        return requireNonNull(new ItemWalk(Set.of(context.level()), false, (_, item) -> {
                    try {
                        step.at(item);
                    } catch (RuntimeException | Error e) {
                        throw e;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return true;
                })
                .walk(batch));
    }

    static String read(ItemContext context, String path, Item item) throws PathException {
        Value value = new Value();
        access(context, path).get(item, value);
        return show(value);
    }

    static void write(ItemContext context, String path, Item item, Value value) throws PathException {
        access(context, path).set(item, value);
    }

    /** @param text {@code span/status.code}, {@code attributes[key]} */
    static Access<Item> access(ItemContext context, String text) throws PathException {
        int slash = text.indexOf('/');
        int bracket = text.indexOf('[');
        String names = text.substring(slash + 1, bracket < 0 ? text.length() : bracket);
        List<PathKey<Item>> keys =
                bracket < 0 ? List.of() : List.of(key(text.substring(bracket + 1, text.length() - 1)));
        List<Path.Part<Item>> parts = new ArrayList<>();
        for (String name : Arrays.asList(names.split("\\."))) {
            parts.add(new Path.Part<>(name, List.of()));
        }
        parts.set(parts.size() - 1, new Path.Part<>(parts.getLast().name(), keys));
        return context.resolve(new Path<>(slash < 0 ? context.name() : text.substring(0, slash), parts));
    }

    static PathKey<Item> key(String text) {
        return new PathKey.Text<>(text, text.getBytes(StandardCharsets.UTF_8));
    }

    static String show(Value value) {
        if (!value.is(Value.Kind.LIST)) {
            return value.is(Value.Kind.BYTES) ? hex(HexFormat.of().formatHex(value.copyOfBytes())) : value.toString();
        }
        List<String> elements = new ArrayList<>();
        FieldCursor cursor = new FieldCursor().reset(value.bytes(), value.from(), value.end());
        while (cursor.next()) {
            assertThat(cursor.isBytes(Fields.VALUES)).isTrue();
            elements.add(new Value()
                    .set(new ValueView().reset(cursor.bytes(), cursor.from(), cursor.end()))
                    .toString());
        }
        return elements.toString();
    }

    static Batch batch(Object item) {
        var resource = Resource.newBuilder().addAttributes(Requests.text("service.name", "shop"));
        var scope = InstrumentationScope.newBuilder().setName("lib");
        return switch (item) {
            case Span span -> {
                var request = ExportTraceServiceRequest.newBuilder();
                request.addResourceSpansBuilder()
                        .setResource(resource)
                        .setSchemaUrl("r")
                        .addScopeSpansBuilder()
                        .setScope(scope)
                        .addSpans(span);
                yield Batch.of(Signal.TRACES, request.build().toByteArray(), 1);
            }
            case LogRecord log -> {
                var request = ExportLogsServiceRequest.newBuilder();
                request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(log);
                yield Batch.of(Signal.LOGS, request.build().toByteArray(), 1);
            }
            case Metric metric -> {
                var request = ExportMetricsServiceRequest.newBuilder();
                request.addResourceMetricsBuilder().addScopeMetricsBuilder().addMetrics(metric);
                yield Batch.of(Signal.METRICS, request.build().toByteArray(), 1);
            }
            default -> throw new IllegalArgumentException();
        };
    }

    static Object item(Batch batch) throws Exception {
        return switch (batch.signal()) {
            case TRACES ->
                ExportTraceServiceRequest.parseFrom(batch.bytes())
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpans(0);
            case LOGS ->
                ExportLogsServiceRequest.parseFrom(batch.bytes())
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecords(0);
            case METRICS ->
                ExportMetricsServiceRequest.parseFrom(batch.bytes())
                        .getResourceMetrics(0)
                        .getScopeMetrics(0)
                        .getMetrics(0);
        };
    }

    static ByteString id(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    static KeyValue attribute(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    static String text(String text) {
        return '"' + text + '"';
    }

    static String hex(String hex) {
        return "0x" + hex;
    }
}
