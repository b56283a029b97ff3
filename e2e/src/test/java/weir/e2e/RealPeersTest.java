package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;

/** What users run today on every side of Weir: SDKs and telemetrygen in front, Jaeger and Prometheus behind. */
@Tag("peers")
class RealPeersTest {
    private static final Duration A_WHILE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void jaegerHoldsExactlyTheTracesThatThePoliciesKeep() throws Exception {
        Shape shape = new Shape(64, 8, 4, 4, 3, 3, 0);
        long seed = 7;
        try (Jaeger jaeger = Jaeger.start(directory);
                Topology weir = new Topology(directory, 2, jaeger.otlpPort());
                Sender sender = new Sender(shape, List.of(weir.grpc(), weir.http()), 2, 4_000, seed)) {
            Await.pause(6_000);
            sender.stop();
            assertThat(sender.unacknowledged()).isEmpty();

            Set<String> expected = new TreeSet<>();
            for (long number = 0; number < sender.traces(); number++) {
                byte[] id = shape.traceId(number, seed);
                if (shape.isError(number) || shape.isSlow(number) || inTenPercent(id)) {
                    expected.add(HexFormat.of().formatHex(id));
                }
            }
            assertThat(expected).hasSizeGreaterThan(200);
            Await.asserted(A_WHILE, () -> {
                Map<String, Integer> held = jaeger.traces();
                assertThat(held.keySet()).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(held.values()).as("spans of each trace").containsOnly(shape.spans());
            });
            String anError = expected.stream().findFirst().orElseThrow();
            assertThat(jaeger.tags(anError)).allSatisfy(tags -> assertThat(tags).containsKey("tailsampling.policy"));
        }
    }

    /** The collector's probabilistic policy, computed again: FNV-1a over salt and id, as a share of 2^64. */
    private static boolean inTenPercent(byte[] traceId) {
        long hash = 0xcbf29ce484222325L;
        ByteBuffer input = ByteBuffer.allocate(64)
                .put("default-hash-seed".getBytes(StandardCharsets.US_ASCII))
                .put(traceId);
        input.flip();
        while (input.hasRemaining()) {
            hash = (hash ^ (input.get() & 0xff)) * 0x100000001b3L;
        }
        return Long.compareUnsigned(hash, Long.divideUnsigned(-1L, 10)) <= 0;
    }

    @Test
    void anOpenTelemetrySdkDrivesIt_overGrpcAndHttp() throws Exception {
        try (Jaeger jaeger = Jaeger.start(directory);
                Topology weir = new Topology(directory, 2, jaeger.otlpPort())) {
            Set<String> failed = new TreeSet<>();
            failed.addAll(sdkTraces(
                    OtlpGrpcSpanExporter.builder()
                            .setEndpoint("http://" + weir.grpc())
                            .build(),
                    50));
            failed.addAll(sdkTraces(
                    OtlpHttpSpanExporter.builder()
                            .setEndpoint(weir.http() + "/v1/traces")
                            .setCompression("gzip")
                            .build(),
                    50));
            Await.asserted(A_WHILE, () -> assertThat(jaeger.traces()).containsKeys(failed.toArray(String[]::new)));
            Map<String, Integer> held = jaeger.traces();
            assertThat(failed)
                    .hasSize(20)
                    .allSatisfy(id -> assertThat(held.get(id)).isEqualTo(3));
        }
    }

    /** Sends traces of three spans, each fifth with an error; returns the ids of those. */
    private static Set<String> sdkTraces(SpanExporter exporter, int traces) {
        Set<String> failed = new TreeSet<>();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.builder()
                                .put("service.name", "checkout")
                                .build()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build()) {
            var tracer = provider.get("shop");
            for (int i = 0; i < traces; i++) {
                Span root = tracer.spanBuilder("POST /pay").startSpan();
                try (Scope _ = root.makeCurrent()) {
                    for (int child = 0; child < 2; child++) {
                        Span span = tracer.spanBuilder("charge")
                                .setAttribute(AttributeKey.longKey("attempt"), (long) child)
                                .startSpan();
                        if (i % 5 == 0 && child == 1) {
                            span.setStatus(StatusCode.ERROR, "card refused");
                            failed.add(root.getSpanContext().getTraceId());
                        }
                        span.end();
                    }
                }
                root.end();
            }
            assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        return failed;
    }

    @Test
    void telemetrygenDrivesIt_overGrpcAndHttp_inAllSignals() throws Exception {
        int[] ports = Ports.free(5);
        String yaml = """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%d}
                      http: {endpoint: 127.0.0.1:%d}
                exporters:
                  debug: {}
                  prometheus: {endpoint: 127.0.0.1:%d}
                service:
                  pipelines:
                    traces: {receivers: [otlp], exporters: [debug]}
                    metrics: {receivers: [otlp], exporters: [debug, prometheus]}
                    logs: {receivers: [otlp], exporters: [debug]}
                """.formatted(ports[0], ports[1], ports[2]);
        try (Service gateway = Service.ready("gateway", directory, ports[3], yaml)) {
            sdkMetrics("http://127.0.0.1:" + ports[0]);
            // Before telemetrygen's metrics, which have no description, and promtool objects to that.
            promtoolAccepts("http://127.0.0.1:" + ports[2] + "/metrics");
            double points = gateway.metrics().sum("otelcol_receiver_accepted_metric_points_total");
            for (String protocol : List.of("grpc", "http")) {
                for (String signal : List.of("traces", "metrics", "logs")) {
                    telemetrygen(signal, protocol, protocol.equals("grpc") ? ports[0] : ports[1]);
                }
            }
            Scrape seen = gateway.metrics();
            for (String transport : List.of("grpc", "http")) {
                assertThat(seen.sum("otelcol_receiver_accepted_spans_total", "transport", transport))
                        .isEqualTo(40);
                assertThat(seen.sum("otelcol_receiver_accepted_metric_points_total", "transport", transport))
                        .isEqualTo(20 + (transport.equals("grpc") ? points : 0));
                assertThat(seen.sum("otelcol_receiver_accepted_log_records_total", "transport", transport))
                        .isEqualTo(20);
            }
            assertThat(seen.imbalance()).isEmpty();
            promtoolAccepts(gateway.metricsUrl());
            prometheusScrapes(
                    List.of("127.0.0.1:" + ports[3], "127.0.0.1:" + ports[2]),
                    List.of("sum(otelcol_receiver_accepted_spans_total)", "count({job=\"weir\",__name__=~\"gen.*\"})"));
        }
    }

    /** A counter, a gauge and a histogram from the SDK. */
    private static void sdkMetrics(String endpoint) {
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(Resource.builder().put("service.name", "checkout").build())
                .registerMetricReader(PeriodicMetricReader.create(
                        OtlpGrpcMetricExporter.builder().setEndpoint(endpoint).build()))
                .build()) {
            var meter = provider.get("shop");
            meter.counterBuilder("orders")
                    .setDescription("Orders placed")
                    .build()
                    .add(3);
            meter.gaugeBuilder("stock").setDescription("Items in stock").build().set(17);
            var latency = meter.histogramBuilder("checkout.duration")
                    .setUnit("s")
                    .setDescription("Time to pay")
                    .build();
            latency.record(0.2);
            latency.record(3);
            assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
    }

    private void telemetrygen(String signal, String protocol, int port) {
        List<String> command = new ArrayList<>(List.of(
                Peers.path("telemetrygen"),
                signal,
                "--otlp-insecure",
                "--otlp-endpoint=127.0.0.1:" + port,
                "--" + signal + "=20",
                "--workers=1",
                "--rate=0"));
        if (protocol.equals("http")) {
            command.add("--otlp-http");
        }
        try (Program generator = new Program("telemetrygen", directory, command, Map.of())) {
            assertThat(generator.await(A_WHILE)).as(generator.stderr()).isZero();
        }
    }

    private void promtoolAccepts(String url) throws Exception {
        Path page = Files.writeString(Files.createTempFile(directory, "page", ".txt"), Scrape.get(url));
        try (Program promtool = new Program(
                "promtool",
                directory,
                List.of("sh", "-c", "exec " + Peers.path("promtool") + " check metrics < " + page),
                Map.of())) {
            int status = promtool.await(A_WHILE);
            assertThat(promtool.stdout() + promtool.stderr())
                    .as("promtool on %s", url)
                    .isEmpty();
            assertThat(status).isZero();
        }
    }

    /** Has a real Prometheus scrape targets, and each query answer with a number above zero. */
    private void prometheusScrapes(List<String> targets, List<String> queries) {
        try (Prometheus prometheus = Prometheus.start(directory, targets)) {
            for (String query : queries) {
                Await.asserted(
                        A_WHILE,
                        () -> assertThat(prometheus.query(query)).as(query).isPositive());
            }
        }
    }
}
