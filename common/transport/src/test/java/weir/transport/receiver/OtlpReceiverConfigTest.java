package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.transport.compress.Encoding;
import weir.transport.net.ListenException;

class OtlpReceiverConfigTest {
    @Test
    void bind_nothingSet_hasTheDefaults() {
        OtlpReceiverConfig config = Fixture.config("protocols:\n  grpc:\n  http:");
        var grpc = Objects.requireNonNull(config.protocols().grpc());
        var http = Objects.requireNonNull(config.protocols().http());

        assertThat(grpc.endpoint()).isEqualTo("localhost:4317");
        assertThat(grpc.maxMessageBytes()).isEqualTo(4 << 20);
        assertThat(grpc.tls()).isNull();
        assertThat(grpc.keepalive().serverParameters().maxConnectionAge()).isEqualTo(Duration.ofMinutes(10));
        assertThat(http.endpoint()).isEqualTo("localhost:4318");
        assertThat(http.maxRequestBodySize()).isEqualTo(20 << 20);
        assertThat(http.encodings()).isEqualTo(EnumSet.allOf(Encoding.class));
        assertThat(http.tracesUrlPath()).isEqualTo("/v1/traces");
        assertThat(config.weir().maxInFlightMib()).isZero();
        assertThat(Fixture.problems("protocols:\n  grpc:\n  http:")).isEmpty();
    }

    @Test
    void bind_allSet_isTaken() {
        String section = """
                protocols:
                  grpc:
                    endpoint: 127.0.0.1:1
                    tls: {cert_file: a, key_file: b, client_ca_file: c, client_ca_file_reload: true, min_version: "1.3", reload_interval: 10s}
                    max_recv_msg_size_mib: 16
                    max_concurrent_streams: 7
                    read_buffer_size: 524288
                    keepalive:
                      server_parameters: {max_connection_idle: 1s, max_connection_age: 2s, max_connection_age_grace: 3s, time: 4s, timeout: 5s}
                      enforcement_policy: {min_time: 6s, permit_without_stream: false}
                  http:
                    endpoint: 127.0.0.1:2
                    tls: {cert_pem: a, key_pem: b, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}
                    cors: {allowed_origins: ["*"], allowed_headers: [x-a], exposed_headers: [x-b], max_age: 60}
                    max_request_body_size: 1000
                    compression_algorithms: ["", gzip]
                    read_header_timeout: 1s
                    write_timeout: 2s
                    idle_timeout: 3s
                    keep_alives_enabled: false
                    traces_url_path: /t
                    metrics_url_path: /m
                    logs_url_path: /l
                weir: {max_in_flight_mib: 32, max_connections: 5, body_timeout: 10s, handshake_timeout: 11s}
                """;
        assertThat(Fixture.problems(section)).isEmpty();
        var http = Objects.requireNonNull(Fixture.config(section).protocols().http());
        assertThat(http.encodings()).containsExactly(Encoding.NONE, Encoding.GZIP);
        assertThat(http.connections().keepAlivesEnabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    protocols: {}                                                            | name at least one of grpc and http
                    protocols: {grpc: {endpoint: localhost}}                                 | has no port
                    protocols: {grpc: {endpoint: "localhost:x"}}                             | is no port
                    protocols: {grpc: {endpoint: "::1:4317"}}                                | in brackets
                    protocols: {grpc: {endpoint: "0.0.0.0:4317"}}                            | listens beyond this machine without TLS
                    protocols: {http: {endpoint: ":4318"}}                                   | listens beyond this machine without TLS
                    protocols: {grpc: {max_recv_msg_size_mib: 4096}}                         | must be 0 to 512
                    {protocols: {grpc: {max_recv_msg_size_mib: 100}}, weir: {max_in_flight_mib: 64}} | must be at least protocols.grpc.max_recv_msg_size_mib
                    protocols: {http: {compression_algorithms: [snappy]}}                    | is none of
                    protocols: {http: {logs_url_path: /v1/traces}}                           | is the path of another signal already
                    protocols: {http: {traces_url_path: v1}}                                 | must begin with a slash
                    protocols: {http: {tls: {cert_file: a}}}                                 | not its private key
                    protocols: {http: {tls: {client_ca_file: a}}}                            | needs a certificate
                    protocols: {http: {tls: {cert_file: a, key_file: b, min_version: "1.1"}}} | is not one of 1.2, 1.3
                    protocols: {http: {tls: {cert_file: a, key_file: b, reload_interval: 1ms}}} | at least 1s
                    """)
    void check_says(String section, String problem) {
        assertThat(Fixture.problems(section)).contains(problem);
    }

    @Test
    void start_portTaken_namesTheOption() throws Exception {
        try (Fixture first = new Fixture()) {
            String taken = "127.0.0.1:" + first.receiver.grpcAddress().getPort();
            assertThatThrownBy(() -> new Fixture("protocols: {grpc: {endpoint: \"" + taken + "\"}}"))
                    .isInstanceOf(ListenException.class)
                    .hasMessage("receivers.otlp.protocols.grpc.endpoint: cannot listen on " + taken
                            + ": the port is in use by this process itself; stop that one or set another port");
        }
    }
}
