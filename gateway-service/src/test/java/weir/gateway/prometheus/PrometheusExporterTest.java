package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

final class PrometheusExporterTest {
    private static long dropped(Fixture fixture, Reason reason) {
        return fixture.context.ledger().droppedItems(reason);
    }

    private static NumberDataPoint.Builder gone(Object... attributes) {
        return Otlp.number(0, attributes).setFlags(DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE);
    }

    @Test
    void consume_sameSeriesAgain_updatesItsValue() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("g", "", 1, "a", "x", "b", "y"));
            fixture.send(Otlp.gauge("g", "", 2, "b", "y", "a", "x"));
            assertThat(fixture.scrape()).endsWith("gauge\ng{a=\"x\",b=\"y\"} 2\n");
            assertThat(fixture.own("weir_prometheus_series")).isEqualTo(1);
            assertThat(fixture.context.ledger().deliveredItems()).isEqualTo(2);
        }
    }

    @Test
    void consume_noRecordedValue_removesEachSeriesOfTheMetric() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("g", "", Otlp.number(1, "a", 1), Otlp.number(2, "a", 2), Otlp.number(3, "a", 3)));
            fixture.send(Otlp.gauge("g", "", gone("a", 1), Otlp.number(5, "a", 2), gone("a", 3), gone("a", 4)));
            assertThat(fixture.scrape()).endsWith("gauge\ng{a=\"2\"} 5\n");
            fixture.send(Otlp.gauge("g", "", gone("a", 2)));
            assertThat(fixture.scrape()).isEmpty();
            assertThat(fixture.context.held().bytes()).isZero();
        }
    }

    @Test
    void expiry_hidesAtOnce_andGivesMemoryBackWithoutScrapes() throws InterruptedException {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("old", "", 1));
            fixture.timer.advance(Duration.ofMinutes(4));
            fixture.send(Otlp.gauge("young", "", 2));
            fixture.timer.advance(Duration.ofMinutes(1).plusMillis(1));
            assertThat(fixture.scrape()).contains("young 2").doesNotContain("old");
            fixture.timer.advance(Duration.ofSeconds(30));
            fixture.settle();
            assertThat(fixture.own("weir_prometheus_series")).isEqualTo(1);
            assertThat(fixture.own("weir_prometheus_expired_series")).isEqualTo(1);
            fixture.timer.advance(Duration.ofMinutes(5));
            fixture.settle();
            assertThat(fixture.context.held().bytes()).isZero();
        }
    }

    @Test
    void identities_thatLookTheSame_newestIsShown_othersAreCounted() {
        Configs configs = new Configs();
        configs.conversion = false;
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(Otlp.resource("pod", "a"), Otlp.gauge("rss", "By", 1)));
            fixture.send(Otlp.of(Otlp.resource("pod", "b"), Otlp.gauge("rss", "By", 2)));
            assertThat(fixture.scrape()).endsWith("gauge\nrss_bytes 2\n");
            assertThat(dropped(fixture, Reason.NAME_CONFLICT)).isZero();
            fixture.send(Otlp.of(Otlp.resource("pod", "a"), Otlp.gauge("rss", "By", 3)));
            assertThat(fixture.scrape()).endsWith("gauge\nrss_bytes 2\n");
            assertThat(dropped(fixture, Reason.NAME_CONFLICT)).isEqualTo(1);
            fixture.send(Otlp.of(Otlp.resource("pod", "b"), Otlp.gauge("rss", "By", gone())));
            assertThat(fixture.scrape()).endsWith("gauge\nrss_bytes 3\n");
        }
    }

    @Test
    void name_ofAnotherType_isDropped_untilTheFirstIsGone() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("x.total", "", 1));
            fixture.send(Otlp.counter("x", "", 2));
            assertThat(fixture.scrape()).endsWith("# TYPE x_total gauge\nx_total 1\n");
            assertThat(dropped(fixture, Reason.NAME_CONFLICT)).isEqualTo(1);
            fixture.send(Otlp.gauge("x.total", "", gone()));
            fixture.send(Otlp.counter("x", "", 2));
            assertThat(fixture.scrape()).endsWith("# TYPE x_total counter\nx_total 2\n");
        }
    }

    @Test
    void name_ofAnotherFamilysSamples_isDropped() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.histogram("h", "", Otlp.CUMULATIVE, Otlp.buckets(List.of(), List.of(1L), 1)));
            fixture.send(Otlp.gauge("h.count", "", 1));
            fixture.send(Otlp.gauge("i.sum", "", 1));
            fixture.send(Otlp.histogram("i", "", Otlp.CUMULATIVE, Otlp.buckets(List.of(), List.of(1L), 1)));
            assertThat(dropped(fixture, Reason.NAME_CONFLICT)).isEqualTo(2);
            assertThat(new Parsed(fixture.scrape()).types).containsOnlyKeys("h", "i_sum");
        }
    }

    @Test
    void maxSeries_dropsFurtherOnes_andKeepsUpdatingTheRest() {
        Configs configs = new Configs();
        configs.limits = new PrometheusLimits(2, 1, 128, 4096, 512, 1000, 1, 4);
        try (Fixture fixture = new Fixture(configs)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 5; i++) {
                    fixture.send(Otlp.gauge("g", "", round, "i", i));
                }
            }
            assertThat(fixture.scrape()).endsWith("gauge\ng{i=\"0\"} 1\ng{i=\"1\"} 1\n");
            assertThat(dropped(fixture, Reason.SERIES_LIMIT)).isEqualTo(6);
        }
    }

    @Test
    void limits_dropWhatIsTooLarge_andNothingElse() {
        Configs configs = new Configs();
        configs.limits = new PrometheusLimits(100, 1, 2, 5, 20, 2, 1, 4);
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(
                    Otlp.gauge("n".repeat(21), "", 1),
                    Otlp.gauge("g", "", 1, "a", 1, "b", 2, "c", 3),
                    Otlp.gauge("g", "", 1, "a", "123456"),
                    Otlp.gauge("g", "", 1, "k".repeat(21), "1"),
                    Otlp.histogram(
                            "h", "", Otlp.CUMULATIVE, Otlp.buckets(List.of(1.0, 2.0, 3.0), List.of(0L, 0L, 0L, 0L), 0)),
                    Otlp.gauge("ok", "", 1, "a", "12345"));
            assertThat(dropped(fixture, Reason.TOO_LARGE)).isEqualTo(5);
            assertThat(fixture.scrape()).isEqualTo("# HELP ok \n# TYPE ok gauge\nok{a=\"12345\"} 1\n");
        }
    }

    @Test
    void unusableNames_areDropped() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("字", "", 1), Otlp.gauge("g", "", 1, "字", "x"), Otlp.gauge("g", "", 1, "", "x"));
            assertThat(dropped(fixture, Reason.INVALID_NAME)).isEqualTo(3);
            assertThat(fixture.scrape()).isEmpty();
        }
    }

    @Test
    void temporality_thatCannotBeShown_isDropped() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(
                    Otlp.sum("a", "", false, Otlp.DELTA, Otlp.number(1), Otlp.number(2, "x", 1)),
                    Otlp.metric("b", "")
                            .setSum(io.opentelemetry.proto.metrics.v1.Sum.newBuilder()
                                    .addDataPoints(Otlp.number(1)))
                            .build());
            assertThat(dropped(fixture, Reason.UNSUPPORTED)).isEqualTo(3);
        }
    }

    @Test
    void olderPoint_isDropped_equalTimeReplaces() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.sum("c", "", true, Otlp.CUMULATIVE, Otlp.delta(5, 0, 100)));
            fixture.send(Otlp.sum("c", "", true, Otlp.CUMULATIVE, Otlp.delta(4, 0, 99)));
            assertThat(fixture.scrape()).endsWith("c_total 5\n");
            fixture.send(Otlp.sum("c", "", true, Otlp.CUMULATIVE, Otlp.delta(6, 0, 100)));
            assertThat(fixture.scrape()).endsWith("c_total 6\n");
            assertThat(dropped(fixture, Reason.OUT_OF_ORDER)).isEqualTo(1);
        }
    }

    @Test
    void deltaHistogram_addsUp_dropsOverlap_takesOtherBoundsAnew() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(delta(100, 110, List.of(1.0), List.of(1L, 2L), 3));
            fixture.send(delta(110, 120, List.of(1.0), List.of(4L, 5L), 6));
            assertThat(fixture.scrape())
                    .endsWith("h_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 12\nh_sum 9\nh_count 12\n");
            fixture.send(delta(115, 125, List.of(1.0), List.of(9L, 9L), 9));
            assertThat(dropped(fixture, Reason.OUT_OF_ORDER)).isEqualTo(1);
            fixture.send(delta(120, 130, List.of(2.0), List.of(1L, 0L), 1));
            assertThat(fixture.scrape())
                    .endsWith("h_bucket{le=\"2\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n");
            fixture.send(delta(140, 150, List.of(2.0), List.of(0L, 1L), 4));
            assertThat(fixture.scrape())
                    .endsWith("h_bucket{le=\"2\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_sum 4\nh_count 1\n");
        }
    }

    private static Metric delta(long start, long end, List<Double> bounds, List<Long> counts, double sum) {
        return Otlp.histogram(
                "h",
                "",
                Otlp.DELTA,
                Otlp.buckets(bounds, counts, sum)
                        .setStartTimeUnixNano(start * 1_000_000_000L)
                        .setTimeUnixNano(end * 1_000_000_000L));
    }

    @Test
    void histogram_boundsOutOfOrder_areSortedAndMerged() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.histogram(
                    "h",
                    "",
                    Otlp.CUMULATIVE,
                    Otlp.buckets(List.of(5.0, 1.0, 5.0, Double.POSITIVE_INFINITY), List.of(1L, 2L, 3L, 4L, 5L), 0)));
            assertThat(fixture.scrape())
                    .endsWith(
                            "h_bucket{le=\"1\"} 2\nh_bucket{le=\"5\"} 6\nh_bucket{le=\"+Inf\"} 15\nh_sum 0\nh_count 15\n");
        }
    }

    @Test
    void labels_ofJobInstanceAndScope_areProtected() {
        Configs configs = new Configs();
        configs.withoutScopeInfo = false;
        configs.conversion = false;
        configs.constLabels = Map.of("cluster", "c1");
        InstrumentationScope scope = InstrumentationScope.newBuilder()
                .setName("s")
                .addAllAttributes(Otlp.attributes("b.c", "2", "b_c", "3", "name", "lost"))
                .build();
        Metric metric = Otlp.gauge(
                "g",
                "",
                1,
                "job",
                "j",
                "instance",
                "i",
                "otel.scope.name",
                "o",
                "cluster",
                "x",
                "le",
                "1",
                "__name__",
                "n");
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(Otlp.resource("service.name", "svc", "service.instance.id", "1"), scope, metric));
            assertThat(fixture.scrape())
                    .contains(
                            "g{cluster=\"c1\",exported___name__=\"n\",exported_cluster=\"x\",exported_instance=\"i\","
                                    + "exported_job=\"j\",exported_le=\"1\",exported_otel_scope_name=\"o\",instance=\"1\",job=\"svc\","
                                    + "otel_scope_b_c=\"2;3\",otel_scope_name=\"s\",otel_scope_schema_url=\"\",otel_scope_version=\"\"} 1\n");
        }
    }

    @Test
    void resourceLabels_byPattern_holdOverTheConversion() {
        Configs configs = new Configs();
        configs.included = List.of("k8s.*.name");
        configs.excluded = List.of("k8s.node.*");
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(
                    Otlp.resource("k8s.pod.name", "p", "k8s.node.name", "n", "k8s.pod.uid", "u"),
                    Otlp.gauge("g", "", 1)));
            assertThat(fixture.scrape()).endsWith("g{k8s_pod_name=\"p\"} 1\n");
        }
    }

    @Test
    void resourceValue_holdsOverThePoints_andServiceAttributesStayOut() {
        Configs configs = new Configs();
        configs.excludeService = true;
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(
                    Otlp.resource("service.name", "svc", "a", "resource"), Otlp.gauge("g", "", 1, "a", "point")));
            assertThat(fixture.scrape()).endsWith("g{a=\"resource\",job=\"svc\"} 1\n");
        }
    }

    @Test
    void values_ofAllKinds() {
        AnyValue list = AnyValue.newBuilder()
                .setArrayValue(ArrayValue.newBuilder()
                        .addValues(Otlp.value("x<\"y"))
                        .addValues(Otlp.value(1))
                        .addValues(Otlp.value(1.5))
                        .addValues(AnyValue.getDefaultInstance()))
                .build();
        AnyValue map = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addAllValues(Otlp.attributes("z", true, "a", list)))
                .build();
        Metric metric = Otlp.gauge(
                "g",
                "",
                1,
                "bool",
                true,
                "bytes",
                new byte[] {1, 2, 3},
                "dbl",
                1e21,
                "dbl2",
                100.0,
                "int",
                -7,
                "map",
                map,
                "none",
                AnyValue.getDefaultInstance());
        try (Fixture fixture = new Fixture()) {
            fixture.send(metric);
            assertThat(fixture.scrape())
                    .endsWith(
                            "g{bool=\"true\",bytes=\"AQID\",dbl=\"1e+21\",dbl2=\"100\",int=\"-7\","
                                    + "map=\"{\\\"a\\\":[\\\"x\\\\u003c\\\\\\\"y\\\",1,1.5,null],\\\"z\\\":true}\",none=\"\"} 1\n");
        }
    }

    @Test
    void mapAttribute_inAnotherOrder_isTheSameSeries() {
        AnyValue one = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addAllValues(Otlp.attributes("z", 1, "a", 2)))
                .build();
        AnyValue other = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addAllValues(Otlp.attributes("a", 2, "z", 1)))
                .build();
        AnyValue different = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addAllValues(Otlp.attributes("a", 1, "z", 2)))
                .build();
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("g", "", 1, "m", one), Otlp.gauge("g", "", 2, "m", other));
            assertThat(fixture.own("weir_prometheus_series")).isEqualTo(1);
            fixture.send(Otlp.gauge("g", "", 3, "m", different));
            assertThat(fixture.own("weir_prometheus_series")).isEqualTo(2);
        }
    }

    @Test
    void targetInfo_ofTheNewestResource_goesWithIt() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.of(
                    Otlp.resource("service.name", "s", "service.instance.id", "1", "host", "a"),
                    Otlp.gauge("g", "", 1)));
            fixture.timer.advance(Duration.ofMinutes(1));
            fixture.send(Otlp.of(
                    Otlp.resource("service.name", "s", "service.instance.id", "1", "host", "b"),
                    Otlp.gauge("g", "", 1)));
            assertThat(new Parsed(fixture.scrape()).samples)
                    .containsKey("target_info{host=\"b\",instance=\"1\",job=\"s\"}")
                    .doesNotContainKey("target_info{host=\"a\",instance=\"1\",job=\"s\"}");
        }
    }

    @Test
    void targetInfo_carriesTheNamespace_butNoTimeAndNoConstLabels() {
        Configs configs = new Configs();
        configs.namespace = "my.ns";
        configs.sendTimestamps = true;
        configs.constLabels = Map.of("c", "1");
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(
                    Otlp.resource("service.name", "s", "service.instance.id", "1"),
                    Otlp.gauge("g", "", Otlp.delta(1, 0, 5))));
            assertThat(fixture.scrape())
                    .contains("\nmy_ns_target_info{instance=\"1\",job=\"s\"} 1\n")
                    .contains("} 1 5000\n");
        }
    }

    @Test
    void openMetrics_counterLosesTotal_otherCounterIsUnknown() {
        Configs configs = new Configs();
        configs.addMetricSuffixes = false;
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(
                    Otlp.counter("a_total", "", 7).toBuilder()
                            .setDescription("say \"x\\y\"\nz")
                            .build(),
                    Otlp.counter("b", "", 7));
            assertThat(fixture.scrape(Fixture.OPEN_METRICS)).isEqualTo("""
                    # HELP a say \\"x\\\\y\\"\\nz
                    # TYPE a counter
                    a_total 7.0
                    # HELP b\s
                    # TYPE b unknown
                    b 7.0
                    # EOF
                    """);
            assertThat(fixture.scrape()).startsWith("# HELP a_total say \"x\\\\y\"\\nz\n# TYPE a_total counter\n");
        }
    }

    @Test
    void names_inTheQuery_chooseFamilies() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("a", "", 1), Otlp.gauge("b", "", 2), Otlp.gauge("c", "", 3));
            assertThat(new Parsed(fixture.scrape(Format.TEXT, "a", "c", "x")).types)
                    .containsOnlyKeys("a", "c");
        }
    }

    @Test
    void gauge_ofUnknownType_isUntyped() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("g", "", 1).toBuilder()
                    .addAllMetadata(Otlp.attributes("prometheus.type", "unknown"))
                    .build());
            assertThat(fixture.scrape()).contains("# TYPE g untyped\n");
        }
    }

    @Test
    void bytesThatWereNotChecked_areRejected_andTheNextIsTaken() {
        try (Fixture fixture = new Fixture()) {
            Batch broken = Batch.of(Signal.METRICS, new byte[] {10, 100, 1}, 3);
            assertThat(fixture.deliver(broken)).isInstanceOf(Delivery.Rejected.class);
            assertThat(fixture.context.ledger().refusedItems(Reason.INTERNAL_ERROR))
                    .isEqualTo(3);
            fixture.send(Otlp.gauge("g", "", 1));
            assertThat(fixture.scrape()).endsWith("g 1\n");
        }
    }

    @Test
    void consume_whileDraining_isRefusedForNow() throws InterruptedException {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.gauge("g", "", 1));
            assertThat(fixture.exporter.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(fixture.deliver(Otlp.batch(Otlp.of(Otlp.resource(), Otlp.gauge("g", "", 2)))))
                    .isInstanceOfSatisfying(
                            Delivery.RetryLater.class,
                            later -> assertThat(later.reason()).isEqualTo(Reason.SHUTTING_DOWN));
            assertThat(fixture.scrape()).endsWith("g 1\n");
        }
    }

    @Test
    void hundredThousandSeries_areScrapedInTime() {
        try (Fixture fixture = new Fixture()) {
            for (int batch = 0; batch < 100; batch++) {
                NumberDataPoint.Builder[] points = new NumberDataPoint.Builder[1000];
                for (int i = 0; i < points.length; i++) {
                    points[i] = Otlp.number(i * 0.37, "route", "/api/v1/items/" + batch, "i", i);
                }
                fixture.send(Otlp.gauge("http.load", "1", points));
            }
            long start = System.nanoTime();
            String text = fixture.scrape();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            assertThat(new Parsed(text).samples).hasSize(100_000);
            assertThat(fixture.own("weir_prometheus_series_bytes")).isLessThan(100_000 * 400);
        }
    }
}
