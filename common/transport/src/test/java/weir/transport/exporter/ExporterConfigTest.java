package weir.transport.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import weir.config.Secret;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.testing.FakeComponents;
import weir.transport.client.KeepaliveConfig;
import weir.transport.tls.TlsClientConfig;

class ExporterConfigTest {
    @Test
    void load_grpcWithAnEndpointOnly_hasTheCollectorsDefaults() {
        assertThat(grpc("otlp", "{endpoint: 'tempo:4317'}"))
                .isEqualTo(new OtlpGrpcExporterConfig(
                        "tempo:4317",
                        new GrpcClientConfig(
                                "gzip",
                                TlsClientConfig.DEFAULT,
                                Map.of(),
                                Duration.ofSeconds(5),
                                false,
                                "round_robin",
                                null,
                                ""),
                        SendingQueueConfig.DEFAULT,
                        RetryPolicy.DEFAULT,
                        ExporterLimits.DEFAULT));
    }

    @Test
    void load_grpcWithEverything_isRead() {
        OtlpGrpcExporterConfig config = grpc("otlp_grpc", """
            {endpoint: 'http://tempo:4317', compression: zstd, tls: {insecure: true}, headers: {x-tenant: blue},
             timeout: 3s, wait_for_ready: true, balancer_name: pick_first, authority: tempo.example.org,
             keepalive: {time: 20s, timeout: 1s, permit_without_stream: true},
             sending_queue: {num_consumers: 3, queue_size: 5000, sizer: items, block_on_overflow: true, wait_for_result: true},
             retry_on_failure: {initial_interval: 1s, randomization_factor: 0.1, multiplier: 2, max_interval: 9s, max_elapsed_time: 0},
             weir: {max_queue_mib: 8, max_request_mib: 2}}\
            """);

        assertThat(config)
                .isEqualTo(new OtlpGrpcExporterConfig(
                        "http://tempo:4317",
                        new GrpcClientConfig(
                                "zstd",
                                TlsClientConfig.PLAINTEXT,
                                Map.of("x-tenant", new Secret("blue")),
                                Duration.ofSeconds(3),
                                true,
                                "pick_first",
                                new KeepaliveConfig(Duration.ofSeconds(20), Duration.ofSeconds(1), true),
                                "tempo.example.org"),
                        new SendingQueueConfig(true, 3, 5000, SendingQueueConfig.Sizer.ITEMS, true, true),
                        new RetryPolicy(true, Duration.ofSeconds(1), 0.1, 2, Duration.ofSeconds(9), Duration.ZERO),
                        new ExporterLimits(8, 2)));
        assertThat(config.toString()).doesNotContain("blue");
    }

    @Test
    void load_mistakes_areAllTold() {
        LoadResult result = load("""
                otlp/a: {endpoint: tempo, compression: snappy, headers: {"x y": z, grpc-timeout: 1S}, timeout: 0s,
                  sending_queue: {num_consumers: 0, queue_size: 0}, retry_on_failure: {multiplier: 0.5, randomization_factor: 2}}
                  # comment
                otlp_http: {endpoint: 'tempo:4318', encoding: json, compression: lz4, idle_conn_timeout: 0s}
                otlphttp/b: {}
                otlp: {}\
                """, "otlp/a");

        assertThat(result.model()).isNull();
        assertThat(result.render(false))
                .contains("\"tempo\" has no host and port; write host:port, such as gateway:4317")
                .contains("\"snappy\" is not one of gzip, zstd, none")
                .contains("\"x y\" cannot be the name of a header")
                .contains("grpc-timeout is set by Weir itself")
                .contains("must be more than 0s")
                .contains("to send without a queue, set enabled: false")
                .contains("must be 1 or more, or waits would get shorter")
                .contains("must be from 0 to 1")
                .contains("\"tempo:4318\" is no URL of HTTP")
                .contains("Weir does not write OTLP's JSON; every OTLP/HTTP backend takes proto")
                .contains("\"lz4\" is not one of")
                .contains("set the backend's URL, such as https://host:4318");
    }

    @Test
    void load_storageThatNobodyStarts_saysWhereAndWhatToDo() {
        assertThat(load("otlp: {endpoint: 'tempo:4317', sending_queue: {storage: file_storage/queues}}", "otlp")
                        .render(false))
                .contains("agent.yaml:4:59")
                .contains("'file_storage/queues' is named in exporters.otlp.sending_queue.storage but not started by"
                        + " service.extensions")
                .contains("configure it in extensions and name it in service.extensions");
    }

    @Test
    void load_http_hasTheCollectorsDefaults() {
        var result = load("otlphttp: {endpoint: 'https://tempo/otlp'}", "otlphttp");

        assertThat(result.render(false)).isEmpty();
        var config = (OtlpHttpExporterConfig)
                Objects.requireNonNull(result.orThrow().find(Kind.EXPORTER, ComponentId.parse("otlphttp")))
                        .config();
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.compression()).isEqualTo("gzip");
        assertThat(config.idleConnTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.sendingQueue()).isEqualTo(SendingQueueConfig.DEFAULT);
    }

    private static OtlpGrpcExporterConfig grpc(String id, String section) {
        LoadResult result = load(id + ": " + section, id);
        assertThat(result.render(false)).isEmpty();
        return (OtlpGrpcExporterConfig)
                Objects.requireNonNull(result.orThrow().find(Kind.EXPORTER, ComponentId.parse(id)))
                        .config();
    }

    private static LoadResult load(String exporters, String used) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new OtlpGrpcExporterFactory());
        factories.add(new OtlpHttpExporterFactory());
        String text = """
            receivers:
              in:
            exporters:
            %s
            service:
              pipelines:
                traces: {receivers: [in], exporters: [%s]}
            """.formatted(exporters.indent(2), used);
        return PipelineFiles.load("agent.yaml", text, Components.of("agent", factories), _ -> null);
    }
}
