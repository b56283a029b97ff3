package weir.ottl.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.otlp.ValueView;
import weir.ottl.Access;
import weir.ottl.MapAccess;
import weir.ottl.OttlException;
import weir.ottl.Path;
import weir.ottl.PathException;
import weir.ottl.PathKey;
import weir.ottl.Value;
import weir.testing.Requests;

class ContextsTest {
    private static final long T = 1_700_000_000_123_456_789L;
    private static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
    private static final String OTHER = "ffffffffffffffffffffffffffffff01";

    private static final Span SPAN = Span.newBuilder()
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

    private static final LogRecord LOG = LogRecord.newBuilder()
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

    private static final Metric SUM = Metric.newBuilder()
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

    private static final Metric HISTOGRAM = Metric.newBuilder()
            .setHistogram(Histogram.newBuilder()
                    .addDataPoints(HistogramDataPoint.newBuilder()
                            .setCount(6)
                            .setSum(1.5)
                            .addAllBucketCounts(List.of(1L, 2L, 3L))
                            .addAllExplicitBounds(List.of(0.5, 2.0))
                            .addAttributes(Requests.text("k", "v"))
                            .setFlags(1)))
            .build();

    private static final Metric EXPONENTIAL = Metric.newBuilder()
            .setExponentialHistogram(ExponentialHistogram.newBuilder()
                    .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                            .setScale(-3)
                            .setZeroCount(9)
                            .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                    .setOffset(-2)
                                    .addAllBucketCounts(List.of(1L, 300L)))))
            .build();

    private static final Metric SUMMARY = Metric.newBuilder()
            .setSummary(Summary.newBuilder()
                    .addDataPoints(SummaryDataPoint.newBuilder()
                            .setCount(2)
                            .addQuantileValues(SummaryDataPoint.ValueAtQuantile.getDefaultInstance())))
            .build();

    /** What one path reads, what is written to it, and what the item then is. */
    record Row(ItemContext context, String path, Object item, String reads, Value written, Object after) {}

    private static <T> Arguments row(
            ItemContext context, String path, T item, String reads, Value written, UnaryOperator<T> change) {
        return Arguments.argumentSet(
                context.name() + "." + path, new Row(context, path, item, reads, written, change.apply(item)));
    }

    static List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        ItemContext span = Contexts.SPAN;
        rows.add(row(
                span,
                "trace_id",
                SPAN,
                hex(TRACE),
                bytes(OTHER),
                s -> s.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                span,
                "trace_id.string",
                SPAN,
                text(TRACE),
                string(OTHER),
                s -> s.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                span,
                "span_id.string",
                SPAN,
                text("0102030405060708"),
                string("00000000000000ab"),
                s -> s.toBuilder().setSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                span,
                "parent_span_id",
                SPAN,
                hex("0000000000000000"),
                bytes("00000000000000ab"),
                s -> s.toBuilder().setParentSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                span,
                "trace_state",
                SPAN,
                text("vendor=1,other=2"),
                string("a=b"),
                s -> s.toBuilder().setTraceState("a=b").build()));
        rows.add(row(
                span,
                "trace_state[other]",
                SPAN,
                text("2"),
                string("3"),
                s -> s.toBuilder().setTraceState("other=3,vendor=1").build()));
        rows.add(row(
                span,
                "name",
                SPAN,
                text("GET /"),
                string("new"),
                s -> s.toBuilder().setName("new").build()));
        rows.add(row(
                span,
                "kind",
                SPAN,
                "int 2",
                integer(3),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_CLIENT).build()));
        rows.add(row(
                span,
                "kind.string",
                SPAN,
                text("Server"),
                string("Client"),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_CLIENT).build()));
        rows.add(row(
                span,
                "kind.deprecated_string",
                SPAN,
                text("SPAN_KIND_SERVER"),
                string("SPAN_KIND_PRODUCER"),
                s -> s.toBuilder().setKind(Span.SpanKind.SPAN_KIND_PRODUCER).build()));
        rows.add(row(
                span,
                "start_time_unix_nano",
                SPAN,
                "int " + T,
                integer(8),
                s -> s.toBuilder().setStartTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "start_time",
                SPAN,
                "time " + T,
                time(8),
                s -> s.toBuilder().setStartTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "end_time",
                SPAN,
                "time " + (T + 5),
                time(8),
                s -> s.toBuilder().setEndTimeUnixNano(8).build()));
        rows.add(row(
                span,
                "attributes[k]",
                SPAN,
                text("v"),
                integer(1),
                s -> s.toBuilder()
                        .clearAttributes()
                        .addAttributes(attribute("k", 1))
                        .build()));
        rows.add(row(
                span,
                "attributes[new]",
                SPAN,
                "nil",
                integer(1),
                s -> s.toBuilder().addAttributes(attribute("new", 1)).build()));
        rows.add(row(
                span,
                "attributes",
                SPAN,
                "map of 10 bytes",
                map(),
                s -> s.toBuilder()
                        .clearAttributes()
                        .addAttributes(attribute("m", 5))
                        .build()));
        rows.add(row(
                span,
                "dropped_attributes_count",
                SPAN,
                "int 1",
                integer(9),
                s -> s.toBuilder().setDroppedAttributesCount(9).build()));
        rows.add(row(
                span,
                "dropped_events_count",
                SPAN,
                "int 2",
                integer(9),
                s -> s.toBuilder().setDroppedEventsCount(9).build()));
        rows.add(row(
                span,
                "dropped_links_count",
                SPAN,
                "int 3",
                integer(9),
                s -> s.toBuilder().setDroppedLinksCount(9).build()));
        rows.add(row(
                span,
                "status.code",
                SPAN,
                "int 2",
                integer(1),
                s -> s.toBuilder()
                        .setStatus(s.getStatus().toBuilder().setCode(Status.StatusCode.STATUS_CODE_OK))
                        .build()));
        rows.add(row(
                span,
                "status.message",
                SPAN,
                text("broken"),
                string("mended"),
                s -> s.toBuilder()
                        .setStatus(s.getStatus().toBuilder().setMessage("mended"))
                        .build()));
        rows.add(row(
                span,
                "flags",
                SPAN,
                "int 257",
                integer(0xffff_ffffL),
                s -> s.toBuilder().setFlags(-1).build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "name",
                SPAN,
                text("e"),
                string("new"),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setName("new"))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "time_unix_nano",
                SPAN,
                "int " + T,
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setTimeUnixNano(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "time",
                SPAN,
                "time " + T,
                time(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setTimeUnixNano(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "attributes[a]",
                SPAN,
                "nil",
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().addAttributes(attribute("a", 3)))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "dropped_attributes_count",
                SPAN,
                "int 4",
                integer(3),
                s -> s.toBuilder()
                        .setEvents(0, s.getEvents(0).toBuilder().setDroppedAttributesCount(3))
                        .build()));
        rows.add(row(
                Contexts.SPAN_EVENT,
                "span/name",
                SPAN,
                text("GET /"),
                string("new"),
                s -> s.toBuilder().setName("new").build()));
        ItemContext log = Contexts.LOG;
        rows.add(row(
                log,
                "body",
                LOG,
                "int 42",
                string("x"),
                l -> l.toBuilder()
                        .setBody(AnyValue.newBuilder().setStringValue("x"))
                        .build()));
        rows.add(row(
                log,
                "body.string",
                LOG,
                text("42"),
                string("x"),
                l -> l.toBuilder()
                        .setBody(AnyValue.newBuilder().setStringValue("x"))
                        .build()));
        rows.add(row(
                log,
                "severity_number",
                LOG,
                "int 13",
                integer(17),
                l -> l.toBuilder()
                        .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_ERROR)
                        .build()));
        rows.add(row(
                log,
                "severity_text",
                LOG,
                text("warn"),
                string("x"),
                l -> l.toBuilder().setSeverityText("x").build()));
        rows.add(row(
                log,
                "time",
                LOG,
                "time " + T,
                time(3),
                l -> l.toBuilder().setTimeUnixNano(3).build()));
        rows.add(row(
                log,
                "observed_time_unix_nano",
                LOG,
                "int " + (T + 1),
                integer(3),
                l -> l.toBuilder().setObservedTimeUnixNano(3).build()));
        rows.add(row(
                log,
                "attributes[k]",
                LOG,
                text("v"),
                integer(3),
                l -> l.toBuilder().setAttributes(0, attribute("k", 3)).build()));
        rows.add(row(
                log,
                "dropped_attributes_count",
                LOG,
                "int 6",
                integer(3),
                l -> l.toBuilder().setDroppedAttributesCount(3).build()));
        rows.add(row(
                log,
                "flags",
                LOG,
                "int 1",
                integer(3),
                l -> l.toBuilder().setFlags(3).build()));
        rows.add(row(
                log,
                "trace_id.string",
                LOG,
                text(TRACE),
                string(OTHER),
                l -> l.toBuilder().setTraceId(id(OTHER)).build()));
        rows.add(row(
                log,
                "span_id",
                LOG,
                hex("0000000000000000"),
                bytes("00000000000000ab"),
                l -> l.toBuilder().setSpanId(id("00000000000000ab")).build()));
        rows.add(row(
                log,
                "event_name",
                LOG,
                text("click"),
                string("x"),
                l -> l.toBuilder().setEventName("x").build()));
        ItemContext metric = Contexts.METRIC;
        rows.add(row(
                metric,
                "name",
                SUM,
                text("requests"),
                string("x"),
                m -> m.toBuilder().setName("x").build()));
        rows.add(row(
                metric,
                "description",
                SUM,
                text("how many"),
                string("x"),
                m -> m.toBuilder().setDescription("x").build()));
        rows.add(row(
                metric,
                "unit",
                SUM,
                text("1"),
                string("x"),
                m -> m.toBuilder().setUnit("x").build()));
        rows.add(row(
                metric,
                "metadata[k]",
                SUM,
                text("v"),
                integer(1),
                m -> m.toBuilder().setMetadata(0, attribute("k", 1)).build()));
        rows.add(row(
                metric,
                "aggregation_temporality",
                SUM,
                "int 1",
                integer(2),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder()
                                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE))
                        .build()));
        rows.add(row(
                metric,
                "is_monotonic",
                SUM,
                "true",
                new Value().set(false),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder().setIsMonotonic(false))
                        .build()));
        rows.add(row(metric, "is_monotonic", HISTOGRAM, "nil", new Value().set(false), m -> m));
        rows.add(row(metric, "aggregation_temporality", SUMMARY, "nil", integer(2), m -> m));
        ItemContext point = Contexts.DATA_POINT;
        rows.add(row(
                point,
                "value_int",
                SUM,
                "int -7",
                integer(8),
                m -> sum(m, p -> p.toBuilder().setAsInt(8).build())));
        rows.add(row(
                point,
                "value_double",
                SUM,
                "0.0",
                number(2.5),
                m -> sum(m, p -> p.toBuilder().setAsDouble(2.5).build())));
        rows.add(row(
                point,
                "start_time_unix_nano",
                SUM,
                "int " + T,
                integer(8),
                m -> sum(m, p -> p.toBuilder().setStartTimeUnixNano(8).build())));
        rows.add(row(
                point,
                "time",
                SUM,
                "time " + (T + 1),
                time(8),
                m -> sum(m, p -> p.toBuilder().setTimeUnixNano(8).build())));
        rows.add(row(
                point,
                "attributes[k]",
                SUM,
                text("v"),
                integer(8),
                m -> sum(
                        m,
                        p -> p.toBuilder().setAttributes(0, attribute("k", 8)).build())));
        rows.add(row(
                point,
                "flags",
                SUM,
                "int 1",
                integer(0),
                m -> sum(m, p -> p.toBuilder().setFlags(0).build())));
        rows.add(row(
                point,
                "metric/name",
                SUM,
                text("requests"),
                string("x"),
                m -> m.toBuilder().setName("x").build()));
        rows.add(row(
                point,
                "metric/is_monotonic",
                SUM,
                "true",
                new Value().set(false),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder().setIsMonotonic(false))
                        .build()));
        rows.add(row(
                point,
                "count",
                HISTOGRAM,
                "int 6",
                integer(8),
                m -> histogram(m, p -> p.toBuilder().setCount(8).build())));
        rows.add(row(
                point,
                "sum",
                HISTOGRAM,
                "1.5",
                number(8),
                m -> histogram(m, p -> p.toBuilder().setSum(8).build())));
        rows.add(row(
                point,
                "bucket_counts",
                HISTOGRAM,
                "[int 1, int 2, int 3]",
                list(3L, 4L),
                m -> histogram(
                        m,
                        p -> p.toBuilder()
                                .clearBucketCounts()
                                .addAllBucketCounts(List.of(3L, 4L))
                                .build())));
        rows.add(row(
                point,
                "explicit_bounds",
                HISTOGRAM,
                "[0.5, 2.0]",
                list(0.25),
                m -> histogram(
                        m,
                        p -> p.toBuilder()
                                .clearExplicitBounds()
                                .addExplicitBounds(0.25)
                                .build())));
        rows.add(row(
                point,
                "attributes[k]",
                HISTOGRAM,
                text("v"),
                integer(8),
                m -> histogram(
                        m,
                        p -> p.toBuilder().setAttributes(0, attribute("k", 8)).build())));
        rows.add(row(
                point,
                "flags",
                HISTOGRAM,
                "int 1",
                integer(0),
                m -> histogram(m, p -> p.toBuilder().setFlags(0).build())));
        rows.add(row(
                point,
                "scale",
                EXPONENTIAL,
                "int -3",
                integer(-20),
                m -> exponential(m, p -> p.toBuilder().setScale(-20).build())));
        rows.add(row(
                point,
                "zero_count",
                EXPONENTIAL,
                "int 9",
                integer(8),
                m -> exponential(m, p -> p.toBuilder().setZeroCount(8).build())));
        rows.add(row(
                point,
                "positive.offset",
                EXPONENTIAL,
                "int -2",
                integer(5),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setPositive(p.getPositive().toBuilder().setOffset(5))
                                .build())));
        rows.add(row(
                point,
                "positive.bucket_counts",
                EXPONENTIAL,
                "[int 1, int 300]",
                list(7L),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setPositive(p.getPositive().toBuilder()
                                        .clearBucketCounts()
                                        .addBucketCounts(7))
                                .build())));
        rows.add(row(
                point,
                "negative.offset",
                EXPONENTIAL,
                "int 0",
                integer(5),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setNegative(p.getNegative().toBuilder().setOffset(5))
                                .build())));
        rows.add(row(
                point,
                "count",
                SUMMARY,
                "int 2",
                integer(8),
                m -> m.toBuilder()
                        .setSummary(m.getSummary().toBuilder()
                                .setDataPoints(
                                        0,
                                        m.getSummary().getDataPoints(0).toBuilder()
                                                .setCount(8)))
                        .build()));
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void path_readAndWritten_isThatOfTheSchema(Row row) throws Exception {
        Access<Item> access = access(row.context, row.path);
        Value read = new Value();

        Batch after = walk(row.context, batch(row.item), item -> {
            access.get(item, read);
            assertThat(show(read)).isEqualTo(row.reads);
            access.set(item, row.written);
            access.get(item, read);
        });

        assertThat(item(after)).isEqualTo(row.after);
        if (!row.reads.equals("nil") || !row.after.equals(row.item)) {
            assertThat(show(read)).as("read again").isEqualTo(show(row.written));
        }
    }

    @Test
    void resourceAndScope_everyPath_isReadAndWritten() throws Exception {
        Batch batch = batch(SPAN);
        for (ItemContext context : List.of(Contexts.SPAN, Contexts.SPAN_EVENT)) {
            Batch after = walk(context, batch, item -> {
                assertThat(read(context, "resource/attributes[service.name]", item))
                        .isEqualTo(text("shop"));
                assertThat(read(context, "resource/dropped_attributes_count", item))
                        .isEqualTo("int 0");
                assertThat(read(context, "resource/schema_url", item)).isEqualTo(text("r"));
                assertThat(read(context, "scope/name", item)).isEqualTo(text("lib"));
                assertThat(read(context, "instrumentation_scope/version", item)).isEqualTo(text(""));
                assertThat(read(context, "scope/schema_url", item)).isEqualTo(text(""));
                write(context, "resource/attributes[service.name]", item, string("other"));
                write(context, "resource/schema_url", item, string("changed"));
                write(context, "scope/version", item, string("2"));
                write(context, "instrumentation_scope/attributes[x]", item, integer(1));
                write(context, "scope/dropped_attributes_count", item, integer(4));
                write(context, "scope/schema_url", item, string("new"));
                assertThat(read(context, "resource/attributes[service.name]", item))
                        .isEqualTo(text("other"));
                assertThat(read(context, "resource/schema_url", item)).isEqualTo(text("changed"));
            });
            var resource = ExportTraceServiceRequest.parseFrom(after.bytes()).getResourceSpans(0);
            assertThat(resource.getSchemaUrl()).isEqualTo("changed");
            assertThat(resource.getResource().getAttributesList())
                    .containsExactly(Requests.text("service.name", "other"));
            assertThat(resource.getScopeSpans(0).getSchemaUrl()).isEqualTo("new");
            assertThat(resource.getScopeSpans(0).getScope())
                    .isEqualTo(InstrumentationScope.newBuilder()
                            .setName("lib")
                            .setVersion("2")
                            .addAttributes(attribute("x", 1))
                            .setDroppedAttributesCount(4)
                            .build());
            assertThat(resource.getScopeSpans(0).getSpans(0)).isEqualTo(SPAN);
        }
    }

    @Test
    void elements_eventsLinksAndPoints_areCounted() throws Exception {
        walk(Contexts.SPAN, batch(SPAN), item -> {
            assertThat(read(Contexts.SPAN, "events", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.SPAN, "links", item)).isEqualTo("[nil, nil]");
        });
        walk(Contexts.METRIC, batch(SUM), item -> {
            assertThat(read(Contexts.METRIC, "data_points", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.METRIC, "type", item)).isEqualTo("int 2");
        });
        walk(Contexts.DATA_POINT, batch(SUMMARY), item -> {
            assertThat(read(Contexts.DATA_POINT, "quantile_values", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.DATA_POINT, "exemplars", item)).isEqualTo("nil");
            assertThat(read(Contexts.DATA_POINT, "value_int", item)).isEqualTo("nil");
            assertThat(read(Contexts.DATA_POINT, "bucket_counts", item)).isEqualTo("nil");
        });
    }

    @Test
    void cache_isAMapOfItsOwn() throws Exception {
        walk(Contexts.LOG, batch(LOG), item -> {
            assertThat(read(Contexts.LOG, "cache", item)).isEqualTo("map of 0 bytes");
            write(Contexts.LOG, "cache", item, map());
            var cache = ((MapAccess<Item>) access(Contexts.LOG, "cache")).map(item);
            assertThat(cache.size()).isEqualTo(1);
            item.forget();
            assertThat(cache.size()).isZero();
        });
    }

    @Test
    void set_valueOfAnotherKind_isRefusedAndChangesNothing() throws Exception {
        Batch batch = batch(SPAN);
        Batch after = walk(Contexts.SPAN, batch, item -> {
            for (String path :
                    List.of("name", "trace_id", "trace_id.string", "kind.string", "start_time", "attributes")) {
                assertThatThrownBy(() -> write(Contexts.SPAN, path, item, integer(1)))
                        .as(path)
                        .isInstanceOf(OttlException.class);
            }
            for (String path : List.of("trace_id.string", "span_id.string", "kind.string", "kind")) {
                assertThatThrownBy(() -> write(Contexts.SPAN, path, item, string("zz")))
                        .as(path)
                        .isInstanceOf(OttlException.class);
            }
            assertThatThrownBy(() -> write(Contexts.SPAN, "trace_id", item, bytes("00")))
                    .isInstanceOf(OttlException.class);
            assertThatThrownBy(() -> write(Contexts.SPAN, "flags", item, integer(-1)))
                    .isInstanceOf(OttlException.class);
            assertThatThrownBy(() -> write(Contexts.SPAN, "links", item, list(1L)))
                    .isInstanceOf(OttlException.class);
        });
        assertThat(after).isSameAs(batch);
    }

    @Test
    void resolve_unknownPath_namesThoseThatThereAre() {
        assertThatThrownBy(() -> access(Contexts.SPAN, "nome"))
                .isInstanceOf(PathException.class)
                .hasMessageContaining("span has no path 'nome'");
        assertThatThrownBy(() -> access(Contexts.SPAN, "name[x]")).hasMessageContaining("cannot be indexed");
        assertThatThrownBy(() -> access(Contexts.SPAN, "log/body")).hasMessageContaining("no 'log'");
    }

    private interface Step {
        void at(Item item) throws Exception;
    }

    private static Batch walk(ItemContext context, Batch batch, Step step) {
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

    private static String read(ItemContext context, String path, Item item) throws PathException {
        Value value = new Value();
        access(context, path).get(item, value);
        return show(value);
    }

    private static void write(ItemContext context, String path, Item item, Value value) throws PathException {
        access(context, path).set(item, value);
    }

    /** @param text {@code span/status.code}, {@code attributes[key]} */
    private static Access<Item> access(ItemContext context, String text) throws PathException {
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

    private static PathKey<Item> key(String text) {
        return new PathKey.Text<>(text, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String show(Value value) {
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

    private static Batch batch(Object item) {
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

    private static Object item(Batch batch) throws Exception {
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

    private static Metric sum(Metric metric, UnaryOperator<NumberDataPoint> change) {
        Sum sum = metric.getSum();
        return metric.toBuilder()
                .setSum(sum.toBuilder().setDataPoints(0, change.apply(sum.getDataPoints(0))))
                .build();
    }

    private static Metric histogram(Metric metric, UnaryOperator<HistogramDataPoint> change) {
        Histogram data = metric.getHistogram();
        return metric.toBuilder()
                .setHistogram(data.toBuilder().setDataPoints(0, change.apply(data.getDataPoints(0))))
                .build();
    }

    private static Metric exponential(Metric metric, UnaryOperator<ExponentialHistogramDataPoint> change) {
        ExponentialHistogram data = metric.getExponentialHistogram();
        return metric.toBuilder()
                .setExponentialHistogram(data.toBuilder().setDataPoints(0, change.apply(data.getDataPoints(0))))
                .build();
    }

    private static ByteString id(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    private static KeyValue attribute(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    private static String text(String text) {
        return '"' + text + '"';
    }

    private static String hex(String hex) {
        return "0x" + hex;
    }

    private static Value string(String text) {
        return new Value().set(text);
    }

    private static Value integer(long n) {
        return new Value().set(n);
    }

    private static Value number(double n) {
        return new Value().set(n);
    }

    private static Value time(long nanos) {
        return new Value().setTime(nanos, ZoneOffset.UTC);
    }

    private static Value bytes(String hex) {
        byte[] b = HexFormat.of().parseHex(hex);
        return new Value().set(Value.Kind.BYTES, b, 0, b.length);
    }

    /** A map of one entry: m is 5. */
    private static Value map() {
        byte[] b =
                KeyValueList.newBuilder().addValues(attribute("m", 5)).build().toByteArray();
        return new Value().set(Value.Kind.MAP, b, 0, b.length);
    }

    private static Value list(Object... elements) {
        var list = ArrayValue.newBuilder();
        for (Object element : elements) {
            list.addValues(
                    element instanceof Long n
                            ? AnyValue.newBuilder().setIntValue(n)
                            : AnyValue.newBuilder().setDoubleValue((Double) element));
        }
        byte[] b = list.build().toByteArray();
        return new Value().set(Value.Kind.LIST, b, 0, b.length);
    }
}
