package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the collector's exporter shows for the same input, byte for byte. */
final class WorkedExamplesTest {
    private static final Resource R1 = Otlp.resource(
            "k8s.namespace.name",
            "default",
            "k8s.pod.name",
            "web-1",
            "k8s.pod.uid",
            "42ad",
            "k8s.container.name",
            "server");
    private static final String R1_LABELS =
            "k8s_container_name=\"server\",k8s_namespace_name=\"default\",k8s_pod_name=\"web-1\",k8s_pod_uid=\"42ad\"";
    private static final Resource CART =
            Otlp.resource("service.namespace", "shop", "service.name", "cart", "service.instance.id", "i-1");

    private static String shown(Configs configs, Resource resource, Metric... metrics) {
        return shown(configs, Format.TEXT, resource, metrics);
    }

    private static String shown(Configs configs, Format format, Resource resource, Metric... metrics) {
        try (Fixture fixture = new Fixture(configs)) {
            return fixture.send(Otlp.of(resource, metrics)).scrape(format);
        }
    }

    private static Metric described(Metric metric, String description) {
        return metric.toBuilder().setDescription(description).build();
    }

    @Test
    void gauge_unitOne() {
        Metric metric = described(Otlp.gauge("container.cpu.utilization", "1", 0.00381), "Container CPU utilization");
        assertThat(shown(new Configs(), R1, metric)).isEqualTo("""
                # HELP container_cpu_utilization_ratio Container CPU utilization
                # TYPE container_cpu_utilization_ratio gauge
                container_cpu_utilization_ratio{%s} 0.00381
                """.formatted(R1_LABELS));
    }

    @Test
    void gauge_integerOfBytes() {
        Metric metric = described(
                Otlp.gauge(
                        "container.memory.rss",
                        "By",
                        Otlp.number(0).clearAsDouble().setAsInt(23523328)),
                "Container memory rss");
        assertThat(shown(new Configs(), R1, metric)).isEqualTo("""
                # HELP container_memory_rss_bytes Container memory rss
                # TYPE container_memory_rss_bytes gauge
                container_memory_rss_bytes{%s} 2.3523328e+07
                """.formatted(R1_LABELS));
    }

    @Test
    void counter_seconds() {
        Metric metric = described(
                Otlp.counter("container.cpu.time", "s", 0.271467923),
                "Total cumulative CPU time (sum of all cores) spent by the container/pod/node since its creation");
        assertThat(shown(new Configs(), R1, metric)).isEqualTo("""
                # HELP container_cpu_time_seconds_total Total cumulative CPU time (sum of all cores) spent by the container/pod/node since its creation
                # TYPE container_cpu_time_seconds_total counter
                container_cpu_time_seconds_total{%s} 0.271467923
                """.formatted(R1_LABELS));
    }

    @Test
    void scopeLabels_areThereThoughEmpty() {
        Configs configs = new Configs();
        configs.withoutScopeInfo = false;
        InstrumentationScope scope = InstrumentationScope.newBuilder()
                .setName("x/receiver/kubeletstatsreceiver")
                .setVersion("0.160.0")
                .build();
        try (Fixture fixture = new Fixture(configs)) {
            fixture.send(Otlp.of(R1, scope, Otlp.gauge("container.memory.rss", "By", 23523328)));
            assertThat(fixture.scrape())
                    .contains("container_memory_rss_bytes{" + R1_LABELS
                            + ",otel_scope_name=\"x/receiver/kubeletstatsreceiver\",otel_scope_schema_url=\"\""
                            + ",otel_scope_version=\"0.160.0\"} 2.3523328e+07\n");
        }
    }

    @Test
    void annotationUnit_isLeftOut() {
        assertThat(shown(new Configs(), R1, Otlp.gauge("container.cpu.usage", "{cpu}", 0.25)))
                .endsWith("container_cpu_usage{" + R1_LABELS + "} 0.25\n");
    }

    @Test
    void counter_withAttributes() {
        Metric metric = described(
                Otlp.counter("k8s.node.network.io", "By", 948305524, "interface", "eth0", "direction", "receive"),
                "Node network IO");
        assertThat(shown(new Configs(), Otlp.resource("k8s.node.name", "n1"), metric))
                .isEqualTo("""
                # HELP k8s_node_network_io_bytes_total Node network IO
                # TYPE k8s_node_network_io_bytes_total counter
                k8s_node_network_io_bytes_total{direction="receive",interface="eth0",k8s_node_name="n1"} 9.48305524e+08
                """);
    }

    private static HistogramDataPoint.Builder duration() {
        return Otlp.buckets(List.of(0.005, 0.1, 1.0, 2.5), List.of(1L, 2L, 3L, 0L, 1L), 4.5);
    }

    @Test
    void histogram_withJobAndInstance() {
        Configs configs = new Configs();
        configs.conversion = false;
        assertThat(shown(
                        configs,
                        CART,
                        Otlp.histogram("http.server.request.duration", "s", Otlp.CUMULATIVE, duration())))
                .isEqualTo("""
                # HELP http_server_request_duration_seconds\s
                # TYPE http_server_request_duration_seconds histogram
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="0.005"} 1
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="0.1"} 3
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="1"} 6
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="2.5"} 6
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="+Inf"} 7
                http_server_request_duration_seconds_sum{instance="i-1",job="shop/cart"} 4.5
                http_server_request_duration_seconds_count{instance="i-1",job="shop/cart"} 7
                # HELP target_info Target metadata
                # TYPE target_info gauge
                target_info{instance="i-1",job="shop/cart"} 1
                """);
    }

    @Test
    void histogram_inOpenMetrics_withExemplar() {
        Configs configs = new Configs();
        configs.conversion = false;
        HistogramDataPoint.Builder point = duration()
                .addExemplars(Otlp.exemplar(
                        0.054, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1581452773123000000L));
        assertThat(shown(
                        configs,
                        Fixture.OPEN_METRICS,
                        CART,
                        Otlp.histogram("http.server.request.duration", "s", Otlp.CUMULATIVE, point)))
                .isEqualTo("""
                # HELP http_server_request_duration_seconds\s
                # TYPE http_server_request_duration_seconds histogram
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="0.005"} 1
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="0.1"} 3 # {span_id="00f067aa0ba902b7",trace_id="4bf92f3577b34da6a3ce929d0e0e4736"} 0.054 1.581452773123e+09
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="1.0"} 6
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="2.5"} 6
                http_server_request_duration_seconds_bucket{instance="i-1",job="shop/cart",le="+Inf"} 7
                http_server_request_duration_seconds_sum{instance="i-1",job="shop/cart"} 4.5
                http_server_request_duration_seconds_count{instance="i-1",job="shop/cart"} 7
                # HELP target_info Target metadata
                # TYPE target_info gauge
                target_info{instance="i-1",job="shop/cart"} 1.0
                # EOF
                """);
    }

    @Test
    void targetInfo_joinsNamesThatBecomeOne() {
        Configs configs = new Configs();
        configs.conversion = false;
        Resource resource = CART.toBuilder()
                .addAllAttributes(Otlp.attributes("host.name", "h1", "a_b", "y", "a.b", "x"))
                .build();
        assertThat(shown(configs, resource, Otlp.gauge("x", "", 1))).startsWith("""
                # HELP target_info Target metadata
                # TYPE target_info gauge
                target_info{a_b="x;y",host_name="h1",instance="i-1",job="shop/cart"} 1
                """);
    }

    @Test
    void summary() {
        SummaryDataPoint.Builder point = SummaryDataPoint.newBuilder()
                .addQuantileValues(quantile(0.5, 12))
                .addQuantileValues(quantile(0.99, 40))
                .setSum(1200)
                .setCount(80);
        Metric metric = Otlp.metric("rpc.duration", "ms")
                .setSummary(Summary.newBuilder().addDataPoints(point))
                .build();
        assertThat(shown(new Configs(), Otlp.resource(), metric)).endsWith("""
                # TYPE rpc_duration_milliseconds summary
                rpc_duration_milliseconds{quantile="0.5"} 12
                rpc_duration_milliseconds{quantile="0.99"} 40
                rpc_duration_milliseconds_sum 1200
                rpc_duration_milliseconds_count 80
                """);
    }

    private static SummaryDataPoint.ValueAtQuantile quantile(double quantile, double value) {
        return SummaryDataPoint.ValueAtQuantile.newBuilder()
                .setQuantile(quantile)
                .setValue(value)
                .build();
    }

    @Test
    void sum_thatMayFall_isGauge() {
        Metric metric = Otlp.sum("queue.size", "{batches}", false, Otlp.CUMULATIVE, Otlp.number(17));
        assertThat(shown(new Configs(), Otlp.resource(), metric)).endsWith("""
                # TYPE queue_size gauge
                queue_size 17
                """);
    }

    @Test
    void deltaCounter_isAddedUp_andBeginsAnewAfterGap() {
        try (Fixture fixture = new Fixture()) {
            fixture.send(Otlp.sum("orders", "", true, Otlp.DELTA, Otlp.delta(3, 100, 110)));
            assertThat(fixture.scrape()).endsWith("orders_total 3\n");
            fixture.send(Otlp.sum("orders", "", true, Otlp.DELTA, Otlp.delta(4, 110, 120)));
            assertThat(fixture.scrape()).endsWith("orders_total 7\n");
            fixture.send(Otlp.sum("orders", "", true, Otlp.DELTA, Otlp.delta(2, 125, 130)));
            assertThat(fixture.scrape()).endsWith("orders_total 2\n");
        }
    }

    @Test
    void exponentialHistogram_showsSumAndCount() {
        ExponentialHistogramDataPoint.Builder point = ExponentialHistogramDataPoint.newBuilder()
                .setScale(0)
                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                        .setOffset(3)
                        .addAllBucketCounts(List.of(10L, 0L, 0L, 20L, 5L, 2L)))
                .setCount(37)
                .setSum(400);
        Metric metric = Otlp.metric("lat", "s")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(Otlp.CUMULATIVE)
                        .addDataPoints(point))
                .build();
        assertThat(shown(new Configs(), Otlp.resource(), metric)).isEqualTo("""
                # HELP lat_seconds\s
                # TYPE lat_seconds histogram
                lat_seconds_bucket{le="+Inf"} 37
                lat_seconds_sum 400
                lat_seconds_count 37
                """);
    }

    @Test
    void sendTimestamps_showsThePointsTime() {
        Configs configs = new Configs();
        configs.sendTimestamps = true;
        configs.addMetricSuffixes = false;
        Metric metric = Otlp.sum(
                "test_counter_int",
                "",
                true,
                Otlp.CUMULATIVE,
                Otlp.number(123, "label.1", "label-value-1", "foo2", "bar2", "code2", "one2")
                        .setTimeUnixNano(1581452773000000000L));
        assertThat(shown(configs, Otlp.resource("resource.attr", "resource-attr-val-1"), metric))
                .endsWith(
                        "test_counter_int{code2=\"one2\",foo2=\"bar2\",label_1=\"label-value-1\",resource_attr=\"resource-attr-val-1\"} 123 1581452773000\n");
    }

    @Test
    void utf8Names_areQuoted_forClientThatAllowsThem() {
        Configs configs = new Configs();
        configs.strategy = TranslationStrategy.NO_UTF8_ESCAPING_WITH_SUFFIXES;
        Metric metric = described(Otlp.gauge("container.cpu.utilization", "1", 0.00381), "Container CPU utilization");
        Format utf8 = new Format(false, "0.0.4", Escaping.ALLOW_UTF8);
        assertThat(shown(configs, utf8, R1, metric)).isEqualTo("""
                # HELP "container.cpu.utilization_ratio" Container CPU utilization
                # TYPE "container.cpu.utilization_ratio" gauge
                {"container.cpu.utilization_ratio","k8s.container.name"="server","k8s.namespace.name"="default","k8s.pod.name"="web-1","k8s.pod.uid"="42ad"} 0.00381
                """);
        assertThat(shown(configs, R1, metric)).isEqualTo("""
                # HELP container_cpu_utilization_ratio Container CPU utilization
                # TYPE container_cpu_utilization_ratio gauge
                container_cpu_utilization_ratio{%s} 0.00381
                """.formatted(R1_LABELS));
    }

    @Test
    void attributesThatBecomeOneName_areJoined() {
        assertThat(shown(new Configs(), Otlp.resource(), Otlp.gauge("g", "", 1, "a_b", "y", "a.b", "x")))
                .endsWith("g{a_b=\"x;y\"} 1\n");
    }
}
