package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.testing.FakeComponents;

final class PrometheusConfigTest {
    private static LoadResult load(String section) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new PrometheusExporterFactory());
        String text = """
                receivers:
                  in:
                exporters:
                  prometheus: %s
                service:
                  pipelines:
                    metrics: {receivers: [in], exporters: [prometheus]}
                """.formatted(section);
        return PipelineFiles.load("gateway.yaml", text, Components.of("gateway", factories), _ -> null);
    }

    private static PrometheusConfig config(LoadResult result) {
        return (PrometheusConfig)
                Objects.requireNonNull(result.orThrow().find(Kind.EXPORTER, ComponentId.parse("prometheus")))
                        .config();
    }

    @Test
    void load_nothingSaid_hasTheCollectorsDefaults() {
        LoadResult result = load("");
        assertThat(result.render(false)).isEmpty();
        Configs defaults = new Configs();
        defaults.endpoint = "localhost:8889";
        defaults.enableOpenMetrics = false;
        defaults.withoutScopeInfo = false;
        defaults.conversion = false;
        assertThat(config(result)).isEqualTo(defaults.make());
    }

    @Test
    void load_everything_isRead() {
        LoadResult result = load("""
                {endpoint: '127.0.0.1:9999', namespace: ns, const_labels: {a: b}, send_timestamps: true,
                 metric_expiration: 10m, enable_open_metrics: true, translation_strategy: NoUTF8EscapingWithSuffixes,
                 add_metric_suffixes: false, without_scope_info: true,
                 resource_to_telemetry_conversion: {enabled: true, exclude_service_attributes: true},
                 resource_constant_labels: {included: [a, 'b.*'], excluded: ['b.c']},
                 read_header_timeout: 30s, write_timeout: 30s, idle_timeout: 3m, keep_alives_enabled: true,
                 weir: {max_series: 1, max_series_mib: 2, max_labels: 3, max_label_value_bytes: 4, max_name_length: 5,
                        max_buckets: 6, max_queue_mib: 7, max_concurrent_scrapes: 8}}""");
        assertThat(result.render(false)).isEmpty();
        Configs all = new Configs();
        all.endpoint = "127.0.0.1:9999";
        all.namespace = "ns";
        all.constLabels = Map.of("a", "b");
        all.sendTimestamps = true;
        all.metricExpiration = Duration.ofMinutes(10);
        all.strategy = TranslationStrategy.NO_UTF8_ESCAPING_WITH_SUFFIXES;
        all.addMetricSuffixes = false;
        all.excludeService = true;
        all.included = List.of("a", "b.*");
        all.excluded = List.of("b.c");
        all.limits = new PrometheusLimits(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(config(result)).isEqualTo(all.make());
    }

    @Test
    void load_mistakes_areNamed() {
        LoadResult result =
                load("{endpoint: nowhere, metric_expiration: 0s, const_labels: {a.b: c}, weir: {max_series: 0}}");
        assertThat(result.model()).isNull();
        assertThat(result.render(false))
                .contains("\"nowhere\" has no port")
                .contains("must be above 0, such as 5m")
                .contains("\"a.b\" is no label name")
                .contains("must be above 0, but is 0");
    }

    @Test
    void load_endpointForOthersWithoutTls_isWarnedOf() {
        LoadResult result = load("{endpoint: '0.0.0.0:8889'}");
        assertThat(result.render(false)).contains("other machines can read the metrics");
        assertThat(config(result).endpoint()).isEqualTo("0.0.0.0:8889");
    }
}
