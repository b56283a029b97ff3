package weir.pipeline.file;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;

/** {@code service.telemetry}: the service's own logs and metrics. */
public record ServiceTelemetry(
        @Option(doc = "The service's own log.") Logs logs,
        @Option(doc = "The service's own metrics.") Metrics metrics,

        @Option(doc = "Attributes that describe this service: labels of `target_info` among its own metrics.")
        Map<String, Object> resource) {

    /** How much is logged. */
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** How many of its own metrics a service shows. */
    public enum MetricsLevel {
        NONE,
        BASIC,
        NORMAL,
        DETAILED
    }

    /** {@code service.telemetry.logs}. */
    public record Logs(
            @Option(doc = "The least severity that is logged.", fallback = "info", live = true)
            LogLevel level) {}

    /** {@code service.telemetry.metrics}. */
    public record Metrics(
            @Option(doc = "`none` shows no metrics at all; the others are the same to Weir.", fallback = "normal")
            MetricsLevel level,

            @Option(
                    doc =
                            "Where metrics are shown, as host:port. The collector's former way to say it; `readers` wins.")
            @Nullable
            String address,

            @Option(doc = "Where metrics are shown. None given: on localhost:8888.") @Nullable
            List<Reader> readers)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (readers != null && readers.size() > 1) {
                complaints.error("readers", "Weir shows its metrics at one place; there are " + readers.size());
            }
            if (address != null && parse(address).isEmpty()) {
                complaints.error("address", "expected host:port, found '" + address + "'");
            }
        }

        private static Optional<Endpoint> parse(String address) {
            int colon = address.lastIndexOf(':');
            try {
                int port = Integer.parseInt(address.substring(colon + 1));
                String host = colon < 0 ? "" : address.substring(0, colon).replaceAll("[\\[\\]]", "");
                return colon < 0 || port < 0 || port > 65535
                        ? Optional.empty()
                        : Optional.of(new Endpoint(host.isEmpty() ? "0.0.0.0" : host, port, true));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    /** An item of {@code service.telemetry.metrics.readers}. */
    public record Reader(
            @Option(doc = "Metrics are fetched from the service.", required = true)
            Pull pull) {}

    /** {@code service.telemetry.metrics.readers[].pull}. */
    public record Pull(
            @Option(doc = "How they are fetched.", required = true)
            PullExporter exporter) {}

    /** {@code service.telemetry.metrics.readers[].pull.exporter}. */
    public record PullExporter(
            @Option(doc = "By Prometheus.", required = true) Prometheus prometheus) {}

    /** {@code service.telemetry.metrics.readers[].pull.exporter.prometheus}. */
    public record Prometheus(
            @Option(doc = "The address to listen on.", fallback = "localhost")
            String host,

            @Option(doc = "The port to listen on.", fallback = "8888")
            int port,

            @Option(
                    doc = "Leaves `_total` out of the names of Weir's own counters, which are of unknown type then: the"
                            + " format has no counters without it.")
            boolean withoutTypeSuffix,

            @Option(doc = "That names end in no unit, which is so in any case.", fallback = "true")
            boolean withoutUnits,

            @Option(doc = "That there are no labels of scopes, which is so in any case.", fallback = "true")
            boolean withoutScopeInfo)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (!withoutUnits) {
                complaints.warning("without_units", "has no effect: names end in no unit");
            }
            if (!withoutScopeInfo) {
                complaints.warning("without_scope_info", "has no effect: Weir's own metrics have no scopes");
            }
        }
    }

    /**
     * Where the service shows its metrics.
     *
     * @param suffixes whether counters end in {@code _total}
     */
    public record Endpoint(String host, int port, boolean suffixes) {}

    /** Where metrics are to be shown; empty: nowhere. */
    public Optional<Endpoint> endpoint() {
        if (metrics.level == MetricsLevel.NONE || (metrics.readers != null && metrics.readers.isEmpty())) {
            return Optional.empty();
        }
        if (metrics.readers != null) {
            Prometheus prometheus = metrics.readers.getFirst().pull.exporter.prometheus;
            return Optional.of(new Endpoint(prometheus.host, prometheus.port, !prometheus.withoutTypeSuffix));
        }
        return metrics.address != null
                ? Metrics.parse(metrics.address)
                : Optional.of(new Endpoint("localhost", 8888, true));
    }
}
