package weir.launcher.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The pipeline files of one {@code weir up}: the least that shows the way of a trace, on these ports, with a short wait. */
final class LocalFiles {
    private LocalFiles() {}

    /** The files by name, such as {@code agent.yaml}. */
    static Map<String, String> of(Places places) {
        Map<String, String> files = new TreeMap<>();
        files.put("agent.yaml", agent(places));
        for (Places.Gateway gateway : places.gateways()) {
            files.put(gateway.name() + ".yaml", gateway(gateway));
        }
        files.put("allocator.yaml", allocator(places));
        return files;
    }

    static void write(Places places, Path directory) throws IOException {
        for (Map.Entry<String, String> file : of(places).entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static String agent(Places places) {
        String owners = places.gateways().stream()
                .map(g -> "          - " + g.name() + "=127.0.0.1:" + g.grpc() + "\n")
                .collect(Collectors.joining());
        return """
                # The agent of weir up: takes OTLP from applications, sends each trace to the gateway that owns it.
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: 127.0.0.1:%d
                      http:
                        endpoint: 127.0.0.1:%d

                processors:
                  memory_limiter:
                    check_interval: 1s
                    limit_mib: 64
                  batch:

                exporters:
                  # By trace id, so that all spans of a trace meet in one gateway.
                  load_balancing/traces:
                    routing_key: traceID
                    protocol:
                      otlp:
                        tls:
                          insecure: true
                    resolver:
                      static:
                        hostnames:
                %2$s  # By resource, so that a series lives in one gateway.
                  load_balancing/metrics:
                    routing_key: resource
                    protocol:
                      otlp:
                        tls:
                          insecure: true
                    resolver:
                      static:
                        hostnames:
                %2$s  # Logs need no particular gateway.
                  otlp/logs:
                    endpoint: 127.0.0.1:%d
                    tls:
                      insecure: true

                service:
                  telemetry:
                    metrics:
                      readers:
                        - pull:
                            exporter:
                              prometheus:
                                host: 127.0.0.1
                                port: %d
                  pipelines:
                    traces:
                      receivers: [otlp]
                      processors: [memory_limiter]
                      exporters: [load_balancing/traces]
                    metrics:
                      receivers: [otlp]
                      processors: [memory_limiter]
                      exporters: [load_balancing/metrics]
                    logs:
                      receivers: [otlp]
                      processors: [memory_limiter, batch]
                      exporters: [otlp/logs]
                """.replace("%2$s", owners).formatted(
                places.agent().grpc(),
                places.agent().http(),
                places.gateways().getFirst().grpc(),
                places.agent().telemetry());
    }

    private static String gateway(Places.Gateway gateway) {
        return """
                # Gateway %s of weir up: keeps what failed, what was slow, and a tenth of the rest.
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: 127.0.0.1:%d
                      http:
                        endpoint: 127.0.0.1:%d

                processors:
                  memory_limiter:
                    check_interval: 1s
                    limit_mib: 128
                  batch:
                  tail_sampling:
                    # Five seconds instead of the usual thirty, so that there is something to see soon.
                    decision_wait: 5s
                    decision_cache:
                      sampled_cache_size: 10000
                      non_sampled_cache_size: 50000
                    policies:
                      - name: errors
                        type: status_code
                        status_code:
                          status_codes: [ERROR]
                      - name: slow
                        type: latency
                        latency:
                          threshold_ms: 2000
                      - name: some
                        type: probabilistic
                        probabilistic:
                          sampling_percentage: 10

                exporters:
                  # There is no backend here: the console shows what was kept. Put an otlp exporter in its place to send it on.
                  nop:
                  # A line in the log for each batch.
                  debug:
                  prometheus:
                    endpoint: 127.0.0.1:%d

                service:
                  telemetry:
                    metrics:
                      readers:
                        - pull:
                            exporter:
                              prometheus:
                                host: 127.0.0.1
                                port: %d
                  pipelines:
                    traces:
                      receivers: [otlp]
                      processors: [memory_limiter, tail_sampling]
                      exporters: [nop]
                    metrics:
                      receivers: [otlp]
                      processors: [memory_limiter]
                      exporters: [prometheus]
                    logs:
                      receivers: [otlp]
                      processors: [memory_limiter, batch]
                      exporters: [debug]
                """.formatted(gateway.name(), gateway.grpc(), gateway.http(), gateway.prometheus(), gateway.telemetry());
    }

    /** Scrapes what runs here anyway, and one target that nothing serves, to show what a broken one looks like. */
    private static String allocator(Places places) {
        String gateways = places.gateways().stream()
                .map(g -> "127.0.0.1:" + g.telemetry() + ", ")
                .collect(Collectors.joining());
        return """
                # The allocator of weir up: one scrape job over the services' own metrics.
                listen_addr: 127.0.0.1:%d
                allocation_strategy: consistent-hashing
                config:
                  scrape_configs:
                    - job_name: weir
                      scrape_interval: 15s
                      static_configs:
                        - targets: [127.0.0.1:%d, %s127.0.0.1:9]
                weir:
                  collectors: [agent]
                  telemetry_endpoint: 127.0.0.1:%d
                """.formatted(
                        places.allocator().http(),
                        places.agent().telemetry(),
                        gateways,
                        places.allocator().telemetry());
    }
}
