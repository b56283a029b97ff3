package weir.otlp;

/** A kind of OTLP telemetry, with the words that the collector uses for it in metric names and configuration. */
public enum Signal {
    TRACES("traces", "spans", "trace", "TraceService"),
    METRICS("metrics", "metric_points", "metrics", "MetricsService"),
    LOGS("logs", "log_records", "logs", "LogsService");

    private final String plural;
    private final String items;
    private final String protoPackage;
    private final String service;

    Signal(String plural, String items, String protoPackage, String service) {
        this.plural = plural;
        this.items = items;
        this.protoPackage = protoPackage;
        this.service = service;
    }

    /** The name of the signal in {@code service.pipelines} and metric labels: traces, metrics, logs. */
    public String label() {
        return plural;
    }

    /** What is counted, as in metric names: spans, metric_points, log_records. */
    public String items() {
        return items;
    }

    /** The full gRPC method of its export call, without a leading slash. */
    public String grpcMethod() {
        return "opentelemetry.proto.collector." + protoPackage + ".v1." + service + "/Export";
    }

    /** The path of its export request over OTLP/HTTP. */
    public String httpPath() {
        return "/v1/" + plural;
    }
}
