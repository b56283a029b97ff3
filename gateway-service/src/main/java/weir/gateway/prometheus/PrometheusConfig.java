package weir.gateway.prometheus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;
import weir.transport.http.HttpConnectionConfig;
import weir.transport.http.HttpServerConfig;
import weir.transport.net.Endpoint;
import weir.transport.tls.TlsServerConfig;

/** Options of the {@code prometheus} exporter. */
public record PrometheusConfig(
        @Option(doc = "Where to listen, `host:port`; metrics are at `/metrics`.", fallback = "localhost:8889")
        String endpoint,

        @Option(doc = "TLS; without it, anybody on the way can read what is shown.") @Nullable
        TlsServerConfig tls,

        @Inlined HttpConnectionConfig connections,

        @Option(doc = "A prefix for all metric names, joined with `_`.")
        String namespace,

        @Option(doc = "Labels put on every series, names as given.")
        Map<String, String> constLabels,

        @Option(doc = "Whether each sample shows the time of its point, in place of that of the scrape.")
        boolean sendTimestamps,

        @Option(doc = "How long a series is shown after its last update.", fallback = "5m")
        Duration metricExpiration,

        @Option(doc = "Whether OpenMetrics is offered to clients that ask for it; only it shows exemplars.")
        boolean enableOpenMetrics,

        @Option(
                doc = "How names are made: UnderscoreEscapingWithSuffixes (which is what holds when neither this nor"
                        + " `add_metric_suffixes` is set), UnderscoreEscapingWithoutSuffixes, NoUTF8EscapingWithSuffixes or"
                        + " NoTranslation. Holds over `add_metric_suffixes`.")
        @Nullable
        TranslationStrategy translationStrategy,

        @Option(doc = "Whether units and types are appended to names. Deprecated.", fallback = "true")
        boolean addMetricSuffixes,

        @Option(doc = "Whether the `otel_scope_*` labels are left out.")
        boolean withoutScopeInfo,

        @Option(doc = "Whether resource attributes become labels.")
        ResourceToTelemetry resourceToTelemetryConversion,

        @Option(
                doc = "Which resource attributes become labels, by patterns with `*` and `?`; holds over"
                        + " `resource_to_telemetry_conversion`.")
        ResourceLabels resourceConstantLabels,

        @Option(doc = "What bounds the memory.") PrometheusLimits weir)
        implements Checked {
    /** The option {@code resource_to_telemetry_conversion}. */
    public record ResourceToTelemetry(
            @Option(doc = "Whether all resource attributes become labels of every series.")
            boolean enabled,

            @Option(
                    doc = "Whether `service.name`, `service.namespace` and `service.instance.id`, which `job` and"
                            + " `instance` are made of, are left out.")
            boolean excludeServiceAttributes) {}

    /** The option {@code resource_constant_labels}. */
    public record ResourceLabels(
            @Option(doc = "Patterns of the attributes to take; empty, while others are excluded: all.")
            List<String> included,

            @Option(doc = "Patterns of the attributes to leave out.")
            List<String> excluded) {}

    private static final List<String> SERVICE_ATTRIBUTES =
            List.of("service.name", "service.namespace", "service.instance.id");

    @Override
    public void check(Complaints complaints) {
        if (metricExpiration.isNegative() || metricExpiration.isZero()) {
            complaints.error("metric_expiration", "must be above 0, such as 5m");
        }
        checkEndpoint(complaints);
        constLabels.keySet().forEach(name -> {
            if (!LabelNames.isLegacy(name)) {
                complaints.error(
                        "const_labels",
                        "\"" + name + "\" is no label name; it may have letters, digits and _, and no digit first");
            }
        });
    }

    private void checkEndpoint(Complaints complaints) {
        try {
            if (!Endpoint.parse(endpoint).isLoopback() && tls == null) {
                complaints.warning(
                        "endpoint",
                        "other machines can read the metrics, and so can anybody on the way; set tls, or listen on"
                                + " localhost");
            }
        } catch (IllegalArgumentException e) {
            complaints.error("endpoint", String.valueOf(e.getMessage()));
        }
    }

    /** How its listener listens. */
    HttpServerConfig http() {
        return HttpServerConfig.forReading("http", "endpoint", endpoint, tls, connections);
    }

    TranslationStrategy strategy() {
        if (translationStrategy != null) {
            return translationStrategy;
        }
        return addMetricSuffixes
                ? TranslationStrategy.UNDERSCORE_ESCAPING_WITH_SUFFIXES
                : TranslationStrategy.UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES;
    }

    /** Which resource attributes every point of the resource takes over. */
    Wildcards copiedResourceAttributes() {
        Wildcards chosen = new Wildcards(resourceConstantLabels.included(), resourceConstantLabels.excluded());
        if (!chosen.none() || !resourceToTelemetryConversion.enabled()) {
            return chosen;
        }
        boolean services = !resourceToTelemetryConversion.excludeServiceAttributes();
        return new Wildcards(List.of("*"), services ? List.of() : SERVICE_ATTRIBUTES);
    }
}
