package weir.connector.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.testing.ManualTimer;
import weir.testing.MetricPoint;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class SpanMetricsConnectorTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final Delivery BUSY = Delivery.retryLater(Duration.ofSeconds(1), Reason.QUEUE_FULL, "full");

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("connector", "span_metrics", Signal.TRACES, timer);
    private final RecordingConsumer metrics = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int looked;

    @AfterEach
    void booksBalance() {
        for (Ledger ledger : List.of(context.ledger(), context.ledger().of(Signal.METRICS))) {
            assertThat(ledger.difference()).isZero();
            assertThat(ledger.heldItems()).isZero();
        }
    }

    private SpanMetricsConnector connector(String yaml) {
        SpanMetricsConnector connector =
                new SpanMetricsConnector(context, Configs.of(yaml), Map.of("metrics", metrics), Runnable::run, 7);
        connector.start();
        return connector;
    }

    private void consume(SpanMetricsConnector connector, String service, Span... spans) {
        consume(connector, Resource.newBuilder().addAttributes(OtlpSamples.text("service.name", service)), spans);
    }

    private void consume(SpanMetricsConnector connector, Resource.Builder resource, Span... spans) {
        byte[] request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource)
                        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
                .build()
                .toByteArray();
        connector.consume(Batch.of(Signal.TRACES, request, spans.length), deliveries::add);
    }

    private static Span span(String name, KeyValue... attributes) {
        return Span.newBuilder()
                .setTraceId(Requests.id(16, 1, 2))
                .setSpanId(Requests.id(8, 0, 3))
                .setName(name)
                .setStartTimeUnixNano(1_000_000_000)
                .setEndTimeUnixNano(1_007_000_000)
                .addAllAttributes(List.of(attributes))
                .build();
    }

    /** Lets a minute pass, and gives the points made then. */
    private List<MetricPoint> flush() throws InvalidProtocolBufferException {
        timer.advance(MINUTE);
        return made();
    }

    /** What was made since it was looked at last. */
    private List<MetricPoint> made() throws InvalidProtocolBufferException {
        List<MetricPoint> points = new ArrayList<>();
        List<Batch> batches = metrics.batches();
        for (; looked < batches.size(); looked++) {
            points.addAll(MetricPoint.of(batches.get(looked)));
        }
        return points;
    }

    private static long count(List<MetricPoint> points, String metric, String... attributes) {
        return points.stream()
                .filter(p -> p.metric().equals("traces.span.metrics." + metric))
                .filter(p -> List.of(attributes).stream().allMatch(a -> (p.resource() + p.attributes()).contains(a)))
                .mapToLong(MetricPoint::count)
                .sum();
    }

    @Test
    void flush_newSeries_beginsWithZeroCallsAndAllDurations() throws Exception {
        SpanMetricsConnector connector = connector("{}");

        consume(connector, "shop", span("a"), span("a"));
        List<MetricPoint> first = flush();
        List<MetricPoint> second = flush();

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(count(first, "calls")).isZero();
        assertThat(count(first, "duration")).isEqualTo(2);
        assertThat(count(second, "calls")).isEqualTo(2);
        assertThat(second).hasSize(2).allSatisfy(p -> {
            assertThat(p.resource()).isEqualTo("{service.name=STRING_VALUE shop}");
            assertThat(p.attributes())
                    .isEqualTo("{collector.instance.id=STRING_VALUE test-0, service.name=STRING_VALUE shop,"
                            + " span.kind=STRING_VALUE SPAN_KIND_UNSPECIFIED, span.name=STRING_VALUE a,"
                            + " status.code=STRING_VALUE STATUS_CODE_UNSET}");
            assertThat(p.isDelta()).isFalse();
            assertThat(p.startUnixNanos()).isPositive().isLessThan(p.unixNanos());
        });
        MetricPoint duration = second.get(1);
        assertThat(duration.unit()).isEqualTo("ms");
        assertThat(duration.sum()).isEqualTo(14);
        assertThat(duration.buckets()).startsWith("[0, 0, 0, 2, 0,").contains("of [2.0, 4.0, 6.0, 8.0, 10.0, 50.0,");
    }

    @Test
    void consume_noServiceName_isSkippedAndCounted() throws Exception {
        SpanMetricsConnector connector = connector("{}");

        consume(connector, Resource.newBuilder().addAttributes(OtlpSamples.text("host.name", "a")), span("a"));

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(flush()).isEmpty();
        assertThat(context.metrics().value("weir_span_metrics_skipped_spans")).isEqualTo(1);
    }

    @Test
    void consume_sentOnByAnotherGateway_isCountedThereOnly() throws Exception {
        Batch forwarded = Requests.traces("shop", 3).routed(1, true);
        SpanMetricsConnector once = connector("{}");
        SpanMetricsConnector always = connector("{weir: {count_forwarded: true}}");

        once.consume(forwarded, deliveries::add);
        assertThat(flush()).isEmpty();
        always.consume(forwarded, deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        assertThat(count(flush(), "duration")).isEqualTo(3);
        assertThat(context.metrics().value("weir_span_metrics_forwarded_spans")).isEqualTo(3);
    }

    @Test
    void consume_valueOfAnotherTypeWithTheSameText_isTheSameSeries() throws Exception {
        SpanMetricsConnector connector = connector("{dimensions: [{name: code}]}");

        consume(
                connector,
                "shop",
                span("a", OtlpSamples.integer("code", Long.MIN_VALUE)),
                span("a", OtlpSamples.text("code", Long.toString(Long.MIN_VALUE))));
        flush();

        assertThat(flush()).hasSize(2).allSatisfy(p -> {
            assertThat(p.count()).isEqualTo(2);
            assertThat(p.attributes()).contains("code=INT_VALUE -9223372036854775808");
        });
    }

    @Test
    void delta_pointsFollowEachOther_andOnlyWhatWasSeenIsShown() throws Exception {
        SpanMetricsConnector connector = connector("{aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA}");

        consume(connector, "shop", span("a"), span("b"));
        List<MetricPoint> first = flush();
        consume(connector, "shop", span("a"));
        List<MetricPoint> second = flush();

        assertThat(first).hasSize(4).allSatisfy(p -> {
            assertThat(p.isDelta()).isTrue();
            assertThat(p.count()).isEqualTo(1);
        });
        assertThat(second)
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.startUnixNanos())
                        .isEqualTo(first.getFirst().unixNanos()));
        assertThat(flush()).isEmpty();
    }

    @Test
    void delta_pipelineWantsItLater_isOfferedUntilTaken_andNothingIsCountedTwice() throws Exception {
        SpanMetricsConnector connector = connector("{aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA}");
        metrics.answer(BUSY);

        consume(connector, "shop", span("a"));
        flush();
        consume(connector, "shop", span("a"), span("a"));
        List<MetricPoint> offered = flush();
        assertThat(offered).isNotEmpty().allSatisfy(p -> assertThat(p.count()).isEqualTo(1));
        assertThat(connector.trouble()).contains("the pipeline metrics takes nothing: full");
        assertThat(context.metrics().value("weir_span_metrics_skipped_flushes")).isPositive();
        metrics.answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofSeconds(31));
        made();

        assertThat(count(flush(), "calls")).isEqualTo(2);
        assertThat(connector.trouble()).isEmpty();
        assertThat(context.ledger().of(Signal.METRICS).deliveredItems()).isEqualTo(4);
    }

    @Test
    void cumulative_pipelineWantsItLater_theNextCarriesAll() throws Exception {
        SpanMetricsConnector connector = connector("{}");
        metrics.then(BUSY, BUSY);

        consume(connector, "shop", span("a"));
        flush();
        consume(connector, "shop", span("a"));
        flush();
        flush();

        assertThat(count(flush(), "calls")).isEqualTo(2);
    }

    @Test
    void consume_moreSeriesThanAResourceMayHave_areCountedAsOne() throws Exception {
        SpanMetricsConnector connector = connector("{aggregation_cardinality_limit: 2, exemplars: {enabled: true}}");

        consume(connector, "shop", span("a"), span("b"), span("c"), span("d"), span("a"));
        consume(connector, "cart", span("a"));
        flush();
        consume(connector, "shop", span("e"));
        List<MetricPoint> points = flush();

        assertThat(count(points, "calls", "service.name=STRING_VALUE shop", "span.name=STRING_VALUE a"))
                .isEqualTo(2);
        assertThat(points.stream().filter(p -> p.attributes().equals("{otel.metric.overflow=BOOL_VALUE true}")))
                .hasSize(2)
                .allSatisfy(p -> {
                    assertThat(p.count()).isEqualTo(3);
                    assertThat(p.exemplars()).isEmpty();
                });
        assertThat(count(points, "calls")).isEqualTo(7);
        assertThat(context.metrics().value("weir_span_metrics_overflow_items")).isEqualTo(3);
    }

    @Test
    void consume_moreSeriesThanThereMayBeInAll_areCountedInOneOfEachResource() throws Exception {
        SpanMetricsConnector connector = connector("{weir: {max_series: 2}}");

        consume(connector, "shop", span("a"), span("b"), span("c"));
        consume(connector, "cart", span("a"), span("d"));
        flush();
        List<MetricPoint> points = flush();

        assertThat(count(points, "calls")).isEqualTo(5);
        assertThat(count(points, "calls", "cart", "overflow")).isEqualTo(2);
        assertThat(context.metrics().value("weir_span_metrics_series")).isEqualTo(2);
    }

    @Test
    void consume_seriesThatWouldTakeTooMuchMemory_areCountedAsOne() throws Exception {
        SpanMetricsConnector connector = connector("{weir: {max_series_bytes: 1MiB}}");

        for (int i = 0; i < 1000; i++) {
            consume(connector, "shop", span("x".repeat(4096) + i));
        }
        flush();

        assertThat(count(flush(), "calls")).isEqualTo(1000);
        assertThat(context.metrics().value("weir_span_metrics_series")).isBetween(20.0, 300.0);
        assertThat(context.held().bytes()).isBetween(1L << 20, 3L << 19);
    }

    @Test
    void consume_moreResourcesThanAreKept_silentOnesAreShownOnceMore() throws Exception {
        SpanMetricsConnector connector = connector("{resource_metrics_cache_size: 2}");

        for (String service : List.of("a", "b", "c")) {
            consume(connector, service, span("x"));
        }
        assertThat(count(flush(), "duration")).isEqualTo(3);
        List<MetricPoint> next = flush();

        assertThat(count(next, "calls")).isEqualTo(2);
        assertThat(count(next, "calls", "service.name=STRING_VALUE a")).isZero();
        assertThat(context.metrics().value("weir_span_metrics_evicted_resources"))
                .isEqualTo(1);
    }

    @Test
    void consume_farMoreResourcesThanAreKept_theRestIsCountedWithoutResource() throws Exception {
        SpanMetricsConnector connector = connector("{resource_metrics_cache_size: 2}");

        for (int i = 0; i < 10; i++) {
            consume(connector, "s" + i, span("x"));
        }
        List<MetricPoint> points = flush();

        assertThat(count(points, "duration")).isEqualTo(10);
        assertThat(points.stream().filter(p -> p.resource().equals("{}") && p.count() > 0))
                .singleElement()
                .satisfies(p -> assertThat(p.count()).isEqualTo(6));
        assertThat(context.metrics().value("weir_span_metrics_resources")).isEqualTo(2);
    }

    @Test
    void consume_resourcesToldApartByFewAttributes_keepTheirServices() throws Exception {
        SpanMetricsConnector connector = connector("{resource_metrics_key_attributes: [host.name]}");
        KeyValue host = OtlpSamples.text("host.name", "a");

        for (String service : List.of("x", "y", "x")) {
            consume(
                    connector,
                    Resource.newBuilder()
                            .addAttributes(OtlpSamples.text("service.name", service))
                            .addAttributes(host),
                    span("s"));
        }
        flush();
        List<MetricPoint> points = flush();

        assertThat(points.stream().map(MetricPoint::resource).distinct())
                .containsExactly("{host.name=STRING_VALUE a, service.name=STRING_VALUE x}");
        assertThat(points.stream()
                        .filter(p -> p.attributes().contains("service.name=STRING_VALUE y"))
                        .mapToLong(MetricPoint::count))
                .containsExactly(1L, 1L);
    }

    @Test
    void expiry_ofSeriesAndOfResources_afterTheLastShowing() throws Exception {
        SpanMetricsConnector connector = connector("{series_expiration: 2m, metrics_expiration: 4m}");

        consume(connector, "shop", span("a"), span("b"));
        consume(connector, "cart", span("a"));
        flush();
        consume(connector, "shop", span("a"));
        assertThat(count(flush(), "duration")).isEqualTo(4);
        List<MetricPoint> third = flush();
        flush();

        assertThat(count(third, "duration")).isEqualTo(2);
        assertThat(flush()).isEmpty();
        flush();
        assertThat(context.metrics().value("weir_span_metrics_resources")).isZero();
        assertThat(context.metrics().value("weir_span_metrics_series")).isZero();
    }

    @Test
    void exemplars_areTheFirstSpansSinceThePointBefore() throws Exception {
        SpanMetricsConnector connector = connector("{exemplars: {enabled: true, max_per_data_point: 2}}");
        Span[] spans = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> span("a").toBuilder()
                        .setTraceId(Requests.id(16, 0xabc, i))
                        .setSpanId(Requests.id(8, 0, 16 + i))
                        .build())
                .toArray(Span[]::new);

        consume(
                connector,
                "shop",
                span("a").toBuilder().setTraceId(ByteString.EMPTY).build());
        consume(connector, "shop", spans);
        List<MetricPoint> first = flush();

        assertThat(first)
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.exemplars())
                        .containsExactly(
                                "0000000000000abc0000000000000001 0000000000000011 7.0",
                                "0000000000000abc0000000000000002 0000000000000012 7.0"));
        assertThat(flush()).allSatisfy(p -> assertThat(p.exemplars()).isEmpty());
    }

    @Test
    void drain_showsWhatWasCounted_alsoOfNewSeries_andTakesNoMore() throws Exception {
        SpanMetricsConnector connector = connector("{}");

        consume(connector, "shop", span("a"), span("a"));
        assertThat(connector.drain(LATER)).isTrue();
        consume(connector, "shop", span("a"));

        List<MetricPoint> calls =
                made().stream().filter(p -> p.metric().endsWith("calls")).toList();
        assertThat(calls.stream().map(MetricPoint::count)).containsExactly(0L, 2L);
        assertThat(calls.getLast().unixNanos()).isGreaterThan(calls.getFirst().unixNanos());
        assertThat(deliveries.getLast()).isInstanceOf(Delivery.RetryLater.class);
        connector.close();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void drain_pipelineTakesNothing_saysSo_andCloseCountsWhatIsLost() throws Exception {
        SpanMetricsConnector connector = connector("{}");
        metrics.answer(BUSY);

        consume(connector, "shop", span("a"));

        assertThat(connector.drain(Duration.ofMillis(20))).isFalse();
        connector.close();
        assertThat(context.ledger().of(Signal.METRICS).droppedItems(Reason.SHUTDOWN_INCOMPLETE))
                .isEqualTo(2);
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void consume_malformed_isRejectedAndLaterOnesAreCounted() throws Exception {
        SpanMetricsConnector connector = connector("{}");

        connector.consume(Batch.of(Signal.TRACES, new byte[] {10, 5, 1}, 3), deliveries::add);
        consume(connector, "shop", span("a"));

        assertThat(deliveries.getFirst()).isInstanceOf(Delivery.Rejected.class);
        assertThat(count(flush(), "duration")).isEqualTo(1);
    }

    @Test
    void flush_manySeries_areCutIntoRequestsOfBoundedSize() throws Exception {
        SpanMetricsConnector connector = connector("{}");
        Span[] spans = IntStream.range(0, 5000).mapToObj(i -> span("span " + i)).toArray(Span[]::new);

        consume(connector, "shop", spans);
        List<MetricPoint> points = flush();

        assertThat(points).hasSize(10_000);
        assertThat(points.stream().map(MetricPoint::series).distinct()).hasSize(10_000);
        assertThat(metrics.batches())
                .hasSizeGreaterThan(2)
                .allSatisfy(b -> assertThat(b.length()).isLessThan(Flush.MAX_REQUEST_BYTES + 1000));
    }

    @Test
    void consume_byManyThreads_whileMetricsAreMade_countsEachOnce() throws Exception {
        SpanMetricsConnector connector = connector("{}");
        int threads = 8;
        int batches = 400;
        AtomicInteger accepted = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * batches);
        byte[] request = OtlpSamples.traces(1, 4, 4);

        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < batches; i++) {
                    connector.consume(Batch.of(Signal.TRACES, request, 16), delivery -> {
                        accepted.addAndGet(delivery.equals(Delivery.ACCEPTED) ? 1 : 0);
                        done.countDown();
                    });
                }
            });
        }
        while (done.getCount() > 0) {
            timer.advance(MINUTE);
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        flush();

        assertThat(accepted).hasValue(threads * batches);
        assertThat(count(flush(), "calls")).isEqualTo(16L * threads * batches);
        assertThat(context.ledger().deliveredItems()).isEqualTo(16L * threads * batches);
    }
}
