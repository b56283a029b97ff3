package weir.load;

import java.util.Locale;

/** What is measured: a pipeline file that Weir and the collector both load, and the load on it. */
enum Scenario {
    FORWARD("otlp to otlp"),
    FORWARD_SMALL("the same, 32 spans a request"),
    FORWARD_HTTP("the same, OTLP/HTTP in"),
    STATEMENTS("otlp to otlp through filter (3 conditions) and transform (5 deletes, 3 conditional sets)"),
    SPAN_METRICS("otlp to otlp with span_metrics beside"),
    LOAD_BALANCING("load_balancing to two backends"),
    SAMPLING("tail_sampling, 4 policies, 5 s wait"),
    SAMPLING_JOURNAL("the same with a journal, synced each second"),
    SAMPLING_8("tail_sampling, 8 policies that look at attributes, 5 s wait"),
    SAMPLING_8_JOURNAL("the same with a journal, synced each second"),
    BUILT_IN("the gateway's built-in file, spans of all kinds, 5 s wait"),
    STEADY("otlp to otlp, 10 k spans a second");

    private final String label;

    Scenario(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    String service() {
        return samples() ? "gateway" : "agent";
    }

    boolean samples() {
        return switch (this) {
            case SAMPLING, SAMPLING_JOURNAL, SAMPLING_8, SAMPLING_8_JOURNAL, BUILT_IN -> true;
            default -> false;
        };
    }

    private boolean hasJournal() {
        return this == SAMPLING_JOURNAL || this == SAMPLING_8_JOURNAL;
    }

    boolean overHttp() {
        return this == FORWARD_HTTP;
    }

    /** The exporter of one cannot be had in the build that the peers' script makes, the journal of the other not at all. */
    boolean collectorHasIt() {
        return this != LOAD_BALANCING && !hasJournal();
    }

    int settleSeconds() {
        return samples() ? 9 : 2;
    }

    /** Spans a second; 0: as fast as it goes. Of sampling, what neither has to refuse or decide early at. */
    double rate(boolean ofWeir) {
        return switch (this) {
            case STEADY -> 10_000;
            case SAMPLING, SAMPLING_JOURNAL, SAMPLING_8, SAMPLING_8_JOURNAL -> ofWeir ? 150_000 : 50_000;
            case BUILT_IN -> ofWeir ? 150_000 : 25_000;
            default -> 0;
        };
    }

    Shape shape() {
        return switch (this) {
            case FORWARD_SMALL -> new Shape(32, 8, 4, 1, 1, 1, 0);
            case BUILT_IN -> Shape.usualMixed();
            default -> Shape.usual();
        };
    }

    String file(int grpc, int http, int telemetry, int first, int second) {
        if (this == BUILT_IN) {
            return BuiltInFile.on(grpc, http, telemetry, first);
        }
        String exporter = """
                exporters:
                  otlp: {endpoint: 127.0.0.1:%d, compression: none, tls: {insecure: true}}
                """.formatted(first);
        String pipeline = "receivers: [otlp], exporters: [otlp]";
        if (this == LOAD_BALANCING) {
            exporter = """
                    exporters:
                      load_balancing:
                        protocol: {otlp: {compression: none, tls: {insecure: true}}}
                        resolver: {static: {hostnames: ["127.0.0.1:%d", "127.0.0.1:%d"]}}
                    """.formatted(first, second);
            pipeline = "receivers: [otlp], exporters: [load_balancing]";
        } else if (this == STATEMENTS) {
            exporter += statements();
            pipeline = "receivers: [otlp], processors: [filter, transform], exporters: [otlp]";
        } else if (samples()) {
            exporter += """
                    processors:
                      tail_sampling:
                        decision_wait: 5s
                        num_traces: 10000000
                        policies:
                    """ + policies().indent(6);
            exporter += hasJournal() ? "    weir: {journal: {max_mib: 2048}}\n" : "";
            pipeline = "receivers: [otlp], processors: [tail_sampling], exporters: [otlp]";
        }
        String metrics = "";
        if (this == SPAN_METRICS) {
            exporter += """
                      nop:
                    connectors:
                      span_metrics:
                        metrics_flush_interval: 15s
                        dimensions: [{name: http.request.method}, {name: http.response.status_code}]
                    """;
            pipeline = "receivers: [otlp], exporters: [otlp, span_metrics]";
            metrics = ", metrics: {receivers: [span_metrics], exporters: [nop]}";
        }
        return """
                receivers:
                  otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}, http: {endpoint: 127.0.0.1:%d}}}
                %sservice:
                  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}
                  pipelines: {traces: {%s}%s}
                """.formatted(grpc, http, exporter, telemetry, pipeline, metrics);
    }

    /** No span meets a condition of the filter; four of five deletions and one of three sets change each span. */
    private static String statements() {
        return """
                processors:
                  filter:
                    trace_conditions:
                      - span.attributes["url.path"] == "/health"
                      - span.attributes["http.response.status_code"] >= 600
                      - span.name == "OPTIONS *"
                  transform:
                    trace_statements:
                      - context: span
                        statements:
                          - delete_key(span.attributes, "url.scheme")
                          - delete_key(span.attributes, "server.port")
                          - delete_key(span.attributes, "network.protocol.version")
                          - delete_key(span.attributes, "thread.id")
                          - delete_key(span.attributes, "user.email")
                      - context: span
                        statements:
                          - set(span.attributes["tier"], "catalog") where span.attributes["server.address"] == "catalog.shop.svc"
                          - set(span.status.code, STATUS_CODE_ERROR) where span.attributes["http.response.status_code"] >= 500
                          - set(span.name, "HTTP POST") where span.attributes["http.request.method"] == "POST"
                """;
    }

    /** Errors and slow traces are a hundredth each; of what looks at attributes each looks at all spans and finds none. */
    private String policies() {
        String usual = """
                - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                - {name: slow, type: latency, latency: {threshold_ms: 2000}}
                - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 8}}
                """;
        if (this == SAMPLING || this == SAMPLING_JOURNAL) {
            return usual + "- {name: fast, type: latency, latency: {threshold_ms: 60000}}\n";
        }
        return usual + """
                - {name: method, type: string_attribute, string_attribute: {key: http.request.method, values: [DELETE, PATCH]}}
                - {name: server, type: string_attribute, string_attribute: {key: server.address, values: [payment.shop.svc]}}
                - name: admin
                  type: string_attribute
                  string_attribute: {key: url.path, values: ["^/api/v[0-9]+/(admin|debug)/.*"], enabled_regex_matching: true}
                - {name: failed, type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 500, max_value: 599}}
                - {name: marked, type: boolean_attribute, boolean_attribute: {key: app.sample, value: true}}
                """;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
