package weir.launcher.up;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import weir.gateway.GatewayComponents;

/** The pipeline files of one {@code weir up}: gateways as they are when given none, on these ports, with a short wait. */
final class LocalFiles {
    private LocalFiles() {}

    /** The files by name, such as {@code agent.yaml}. */
    static Map<String, String> of(Places places) throws IOException {
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

    /** The file that a gateway has when it is given none, here without a backend. */
    private static String gateway(Places.Gateway gateway) throws IOException {
        String any = "${env:WEIR_OTLP_HOST:-127.0.0.1}";
        return "# Gateway %s of weir up: the gateway's built-in file, on ports of its own and with less to wait for.%n#%n"
                        .formatted(gateway.name())
                + new FileEdit(builtIn())
                        .replace(any + ":14317", "127.0.0.1:" + gateway.grpc())
                        .replace(any + ":14318", "127.0.0.1:" + gateway.http())
                        .replace(any + ":8889", "127.0.0.1:" + gateway.prometheus())
                        .replace("${env:WEIR_TELEMETRY_HOST:-localhost}", "127.0.0.1")
                        .replace("port: 18888", "port: " + gateway.telemetry())
                        .replace("limit_mib: 256", "limit_mib: 128")
                        .replace("decision_wait: 30s", "decision_wait: 5s")
                        .replace("metrics_flush_interval: 15s", "metrics_flush_interval: 5s")
                        .replace("""
                                  # Where kept traces and logs go: Jaeger, a collector, or anything else that takes OTLP.
                                  otlp/jaeger:
                                    endpoint: ${env:WEIR_BACKEND:-127.0.0.1:4327}
                                    tls:
                                      insecure: true
                                """, """
                                  # There is no backend here: the console shows what was kept. Put otlp in its place to send it on.
                                  nop:
                                  # A line in the log for each batch.
                                  debug:
                                """)
                        .replace(
                                "[tail_sampling, batch]\n      exporters: [otlp/jaeger]",
                                "[tail_sampling, batch]\n      exporters: [nop]")
                        .replace(
                                "[memory_limiter, batch]\n      exporters: [otlp/jaeger]",
                                "[memory_limiter, batch]\n      exporters: [debug]")
                        .text();
    }

    private static String builtIn() throws IOException {
        try (InputStream in = GatewayComponents.class.getResourceAsStream("/weir/gateway.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A file of which parts are replaced that must be there. */
    private record FileEdit(String text) {
        FileEdit replace(String what, String by) {
            if (!text.contains(what)) {
                throw new IllegalStateException("the gateway's built-in file has no \"" + what + "\" any more");
            }
            return new FileEdit(text.replace(what, by));
        }
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
