package weir.gateway.prometheus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.transport.http.HttpConnectionConfig;

/** Configurations for tests: the defaults, and what a test sets otherwise. */
final class Configs {
    String endpoint = "localhost:0";
    String namespace = "";
    Map<String, String> constLabels = Map.of();
    boolean sendTimestamps;
    Duration metricExpiration = Duration.ofMinutes(5);
    boolean enableOpenMetrics = true;

    @Nullable
    TranslationStrategy strategy;

    boolean addMetricSuffixes = true;
    boolean withoutScopeInfo = true;
    boolean conversion = true;
    boolean excludeService;
    List<String> included = List.of();
    List<String> excluded = List.of();
    PrometheusLimits limits = new PrometheusLimits(1_000_000, 512, 128, 4096, 512, 1000, 64, 4);

    PrometheusConfig make() {
        return new PrometheusConfig(
                endpoint,
                null,
                HttpConnectionConfig.DEFAULT,
                namespace,
                constLabels,
                sendTimestamps,
                metricExpiration,
                enableOpenMetrics,
                strategy,
                addMetricSuffixes,
                withoutScopeInfo,
                new PrometheusConfig.ResourceToTelemetry(conversion, excludeService),
                new PrometheusConfig.ResourceLabels(included, excluded),
                limits);
    }
}
