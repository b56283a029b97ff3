package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.otlp.Signal;
import weir.testing.Certificates;
import weir.testing.Requests;
import weir.testing.TestContexts;
import weir.transport.testing.RawClient;
import weir.transport.tls.TlsClientConfig;
import weir.transport.tls.TlsConfig;
import weir.transport.tls.TlsContext;

class TlsReceiverTest {
    @TempDir
    private Path directory;

    private static TlsClientConfig client(Certificates authority, String certFile, String keyFile) {
        return new TlsClientConfig(
                false,
                false,
                "",
                authority.authority(),
                "",
                false,
                new TlsConfig(certFile, "", keyFile, null, "1.2", "1.3", List.of(), Duration.ZERO));
    }

    private static byte[] export(Fixture fixture, TlsClientConfig config, Signal signal) throws Exception {
        var context = TestContexts.of("exporter", "otlp", null);
        try (TlsContext tls = TlsContext.client(config, context, "grpc", TlsContext.H2)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress(fixture.receiver.grpcAddress())
                    .sslContext(tls.netty())
                    .disableRetry()
                    .build();
            try {
                return Fixture.export(
                        channel, signal, Requests.of(signal, "secret", 3).bytes(), null);
            } finally {
                Fixture.stop(channel);
            }
        }
    }

    private static String section(Certificates.Issued server, String clientCa) {
        return "protocols: {grpc: {endpoint: 127.0.0.1:0, tls: {cert_file: %s, key_file: %s, client_ca_file: \"%s\"}}}"
                .formatted(server.certFile(), server.keyFile(), clientCa);
    }

    @Test
    void export_mutualTls_onlyWithACertificate() throws Exception {
        Certificates authority = new Certificates(directory, "ca");
        Certificates.Issued server = authority.issue("server");
        Certificates.Issued client = authority.issue("client");
        try (Fixture fixture = new Fixture(section(server, authority.authority()))) {
            assertThat(export(fixture, client(authority, client.certFile(), client.keyFile()), Signal.TRACES))
                    .isEmpty();
            assertThatThrownBy(() -> export(fixture, client(authority, "", ""), Signal.LOGS))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageStartingWith("UNAVAILABLE");
            assertThat(fixture.consumer(Signal.TRACES).items()).isEqualTo(3);
            assertThat(fixture.consumer(Signal.LOGS).items()).isZero();
        }
    }

    @Test
    void export_plaintextToTls_fails() throws Exception {
        Certificates authority = new Certificates(directory, "ca");
        try (Fixture fixture = new Fixture(section(authority.issue("server"), ""))) {
            ManagedChannel plain = fixture.channel();
            assertThatThrownBy(() -> Fixture.export(plain, Signal.TRACES, new byte[0], null))
                    .hasMessageStartingWith("UNAVAILABLE");
            Fixture.stop(plain);
        }
    }

    @Test
    void http_silenceBeforeTls_isClosedAfterTheHandshakeTimeout() throws Exception {
        Certificates.Issued server = new Certificates(directory, "ca").issue("server");
        String section = "protocols: {http: {endpoint: 127.0.0.1:0, tls: {cert_file: %s, key_file: %s}}}"
                        .formatted(server.certFile(), server.keyFile())
                + "\nweir: {handshake_timeout: 200ms}";
        try (Fixture fixture = new Fixture(section);
                RawClient client = new RawClient(fixture.receiver.httpAddress())) {
            long begin = System.nanoTime();
            client.readToEnd();
            // Without it, the first request's head would be waited for, which may take 30 s.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        }
    }
}
