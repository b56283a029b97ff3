package weir.e2e;

import java.nio.file.Path;

/** Pipeline files that several tests start a service with. */
final class PipelineText {
    private PipelineText() {}

    /** An agent that forwards traces through a queue on disk, and tries again for ever. */
    static String agentWithQueueOnDisk(
            Path storage, long maxStorageBytes, int maxQueueMib, int grpcPort, int backendPort) {
        return """
                extensions:
                  file_storage: {directory: %s, create_directory: true, max_size: %d}
                receivers:
                  otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                exporters:
                  otlp:
                    endpoint: 127.0.0.1:%d
                    compression: none
                    tls: {insecure: true}
                    sending_queue: {storage: file_storage, queue_size: 1000000}
                    retry_on_failure: {initial_interval: 200ms, max_interval: 1s, max_elapsed_time: 0s}
                    weir: {max_queue_mib: %d}
                service:
                  extensions: [file_storage]
                  pipelines:
                    traces: {receivers: [otlp], exporters: [otlp]}
                """.formatted(storage, maxStorageBytes, grpcPort, backendPort, maxQueueMib);
    }

    /** A gateway with both listeners and a memory limiter that samples nothing. */
    static String gateway(int grpcPort, int httpPort, int backendPort) {
        return gateway(grpcPort, httpPort, backendPort, "memory_limiter", "");
    }

    /** @param sampling the section of {@code tail_sampling} */
    static String samplingGateway(int grpcPort, int httpPort, int backendPort, String sampling) {
        return gateway(
                grpcPort,
                httpPort,
                backendPort,
                "memory_limiter, tail_sampling",
                "tail_sampling:\n" + sampling.indent(2));
    }

    private static String gateway(int grpcPort, int httpPort, int backendPort, String processors, String section) {
        return """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%d}
                      http: {endpoint: 127.0.0.1:%d}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
                %sexporters:
                  otlp: {endpoint: 127.0.0.1:%d, compression: none, timeout: 60s, tls: {insecure: true}}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [%s], exporters: [otlp]}
                """.formatted(grpcPort, httpPort, section.indent(2), backendPort, processors);
    }
}
