package weir.transport.receiver;

import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;
import weir.transport.compress.Encoding;
import weir.transport.http.Cors;
import weir.transport.http.HttpConnectionConfig;
import weir.transport.net.Endpoint;
import weir.transport.tls.TlsServerConfig;

/** The section of an {@code otlp} receiver. */
public record OtlpReceiverConfig(
        @Option(doc = "What to listen for; at least one of `grpc` and `http`. One without a value has its defaults.")
        Protocols protocols,

        @Option(doc = "Limits that the collector does not have.")
        Weir weir)
        implements Checked {

    /** The most that one request may be, over either protocol. */
    int largestMessageBytes() {
        Grpc grpc = protocols.grpc();
        Http http = protocols.http();
        return Math.max(grpc == null ? 0 : grpc.maxMessageBytes(), http == null ? 0 : http.maxBodyBytes());
    }

    /** The {@code protocols} of a receiver. */
    public record Protocols(
            @Option(doc = "OTLP over gRPC.") @Nullable Grpc grpc,

            @Option(doc = "OTLP over HTTP/1.1, protobuf and JSON.") @Nullable
            Http http) {}

    /** OTLP over gRPC. */
    public record Grpc(
            @Option(
                    doc = "Where to listen, as host:port; 0.0.0.0 for all interfaces, which wants `tls`.",
                    fallback = "localhost:4317")
            String endpoint,

            @Option(doc = "TLS; without it, anybody on the way can read and write.") @Nullable
            TlsServerConfig tls,

            @Option(
                    doc = "Largest message in MiB, compressed and decompressed; 0: 4. Larger ones are answered"
                            + " RESOURCE_EXHAUSTED, which clients do not send again.",
                    fallback = "4")
            int maxRecvMsgSizeMib,

            @Option(doc = "Most calls at once on one connection.", fallback = "128")
            int maxConcurrentStreams,

            @Option(doc = "Bytes to read from a socket at once, 4096 to 1048576.", fallback = "65536")
            int readBufferSize,

            @Option(doc = "Pings, idle and old connections.")
            Keepalive keepalive) {
        int maxMessageBytes() {
            return (maxRecvMsgSizeMib == 0 ? 4 : maxRecvMsgSizeMib) << 20;
        }
    }

    /** The {@code keepalive} of a gRPC server. */
    public record Keepalive(
            @Option(doc = "What the server does.") ServerParameters serverParameters,
            @Option(doc = "What clients may do.") EnforcementPolicy enforcementPolicy) {}

    /** What the server does to connections. 0s means never. */
    public record ServerParameters(
            @Option(doc = "A connection without calls for so long is closed.", fallback = "15m")
            Duration maxConnectionIdle,

            @Option(
                    doc = "A connection of this age is closed, its calls having ended, so that clients spread over the"
                            + " servers that there are. The collector closes none unless told.",
                    fallback = "10m")
            Duration maxConnectionAge,

            @Option(doc = "How long the calls of a connection that is too old may take to end.", fallback = "1m")
            Duration maxConnectionAgeGrace,

            @Option(doc = "After so long without a sign of a client, it is pinged.", fallback = "1m")
            Duration time,

            @Option(doc = "How long it has to answer a ping.", fallback = "20s")
            Duration timeout) {}

    /** What clients may do. */
    public record EnforcementPolicy(
            @Option(doc = "Clients that ping more often than this are sent away.", fallback = "10s")
            Duration minTime,

            @Option(doc = "Whether they may ping when they have no call.", fallback = "true")
            boolean permitWithoutStream) {}

    /** OTLP over HTTP. */
    public record Http(
            @Option(
                    doc = "Where to listen, as host:port; 0.0.0.0 for all interfaces, which wants `tls`.",
                    fallback = "localhost:4318")
            String endpoint,

            @Option(doc = "TLS; without it, anybody on the way can read and write.") @Nullable
            TlsServerConfig tls,

            @Option(doc = "Which web pages may send from a browser; none unless set.") @Nullable
            Cors cors,

            @Option(
                    doc = "Largest body in bytes, compressed and decompressed; 0: 20971520. Larger ones are answered"
                            + " 413, which clients do not send again.",
                    fallback = "20971520")
            int maxRequestBodySize,

            @Option(
                    doc = "What bodies may be compressed with; \"\" is none.",
                    fallback = "[\"\", gzip, zstd, zlib, deflate]")
            List<String> compressionAlgorithms,

            @Inlined HttpConnectionConfig connections,

            @Option(doc = "Path of requests of traces.", fallback = "/v1/traces")
            String tracesUrlPath,

            @Option(doc = "Path of requests of metrics.", fallback = "/v1/metrics")
            String metricsUrlPath,

            @Option(doc = "Path of requests of logs.", fallback = "/v1/logs")
            String logsUrlPath) {
        int maxBodyBytes() {
            return maxRequestBodySize == 0 ? 20 << 20 : maxRequestBodySize;
        }

        Set<Encoding> encodings() {
            Set<Encoding> set = EnumSet.noneOf(Encoding.class);
            for (String name : compressionAlgorithms) {
                Encoding encoding = Encoding.of(name);
                if (encoding != null) {
                    set.add(encoding);
                }
            }
            return set;
        }
    }

    /** Limits that the collector does not have. */
    public record Weir(
            @Option(
                    doc = "Most bytes of requests, in MiB, from their first byte to their answer, over all connections."
                            + " Beyond it requests are answered UNAVAILABLE or 503, with a delay. 0: what the JVM has room for,"
                            + " three eighths of its direct memory and at most a quarter of its heap.",
                    fallback = "0")
            int maxInFlightMib,

            @Option(
                    doc =
                            "Most connections at once, for each protocol; one more is closed at once. 0: one for each 128 KiB"
                                    + " of the heap.",
                    fallback = "0")
            int maxConnections,

            @Option(
                    doc = "How long a client may take to send a message or body, or over gRPC to take its answer.",
                    fallback = "60s")
            Duration bodyTimeout,

            @Option(
                    doc = "How long a connection may take to shake hands, TLS and HTTP/2, and the head of a call over"
                            + " gRPC to come whole.",
                    fallback = "10s")
            Duration handshakeTimeout) {
        /** What an open connection and its calls take, with room to spare. */
        private static final int BYTES_PER_CONNECTION = 128 << 10;

        /** Messages that are not whole yet lie in direct memory, in buffers that they may fill by half only. */
        long maxInFlightBytes(int largestMessageBytes) {
            if (maxInFlightMib > 0) {
                return (long) maxInFlightMib << 20;
            }
            long room = Math.min(
                    PlatformDependent.maxDirectMemory() / 8 * 3,
                    Runtime.getRuntime().maxMemory() / 4);
            return Math.max(room, largestMessageBytes);
        }

        int connections() {
            return maxConnections > 0
                    ? maxConnections
                    : Math.clamp(Runtime.getRuntime().maxMemory() / BYTES_PER_CONNECTION, 64, 1 << 16);
        }
    }

    @Override
    public void check(Complaints complaints) {
        Grpc grpc = protocols.grpc();
        Http http = protocols.http();
        if (grpc == null && http == null) {
            complaints.error("protocols", "name at least one of grpc and http");
        }
        if (grpc != null) {
            endpoint(complaints, "protocols.grpc", grpc.endpoint(), grpc.tls());
            range(complaints, "protocols.grpc.max_recv_msg_size_mib", grpc.maxRecvMsgSizeMib(), 0, 512);
            range(complaints, "protocols.grpc.max_concurrent_streams", grpc.maxConcurrentStreams(), 1, 1 << 16);
            range(complaints, "protocols.grpc.read_buffer_size", grpc.readBufferSize(), 4096, 1 << 20);
        }
        if (http != null) {
            endpoint(complaints, "protocols.http", http.endpoint(), http.tls());
            range(complaints, "protocols.http.max_request_body_size", http.maxRequestBodySize(), 0, 512 << 20);
            paths(complaints, http);
            encodings(complaints, http);
        }
        range(complaints, "weir.max_in_flight_mib", weir.maxInFlightMib(), 0, 1 << 20);
        range(complaints, "weir.max_connections", weir.maxConnections(), 0, 1 << 20);
        atLeast(complaints, "weir.body_timeout", weir.bodyTimeout());
        atLeast(complaints, "weir.handshake_timeout", weir.handshakeTimeout());
        if (grpc != null && weir.maxInFlightMib() > 0 && grpc.maxMessageBytes() >> 20 > weir.maxInFlightMib()) {
            complaints.error("weir.max_in_flight_mib", "must be at least protocols.grpc.max_recv_msg_size_mib");
        }
    }

    private static void endpoint(
            Complaints complaints, String protocol, String endpoint, @Nullable TlsServerConfig tls) {
        try {
            if (!Endpoint.parse(endpoint).isLoopback() && tls == null) {
                complaints.warning(
                        protocol + ".endpoint",
                        "listens beyond this machine without TLS; set tls, or listen on localhost");
            }
        } catch (IllegalArgumentException e) {
            complaints.error(protocol + ".endpoint", String.valueOf(e.getMessage()));
        }
    }

    private static void range(Complaints complaints, String option, int value, int min, int max) {
        if (value < min || value > max) {
            complaints.error(option, "must be " + min + " to " + max);
        }
    }

    private static void atLeast(Complaints complaints, String option, Duration value) {
        if (value.compareTo(Duration.ofMillis(100)) < 0) {
            complaints.error(option, "must be at least 100ms");
        }
    }

    private static void paths(Complaints complaints, Http http) {
        List<String> seen = new ArrayList<>();
        String[] options = {"traces_url_path", "metrics_url_path", "logs_url_path"};
        String[] paths = {http.tracesUrlPath(), http.metricsUrlPath(), http.logsUrlPath()};
        for (int i = 0; i < paths.length; i++) {
            if (!paths[i].startsWith("/")) {
                complaints.error("protocols.http." + options[i], "must begin with a slash");
            }
            if (seen.contains(paths[i])) {
                complaints.error("protocols.http." + options[i], "is the path of another signal already");
            }
            seen.add(paths[i]);
        }
    }

    private static void encodings(Complaints complaints, Http http) {
        for (String name : http.compressionAlgorithms()) {
            if (Encoding.of(name) == null) {
                complaints.error(
                        "protocols.http.compression_algorithms",
                        "\"" + name + "\" is none of \"\", gzip, zstd, zlib, deflate");
            }
        }
    }
}
